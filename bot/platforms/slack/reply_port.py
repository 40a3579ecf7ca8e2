"""Slack's side of the reply pipeline: one port a request."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from bot.commands.command import Command
from bot.errors import DeliveryError, UserFacingError
from bot.messaging.blocks import Paragraph
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Request
from bot.messaging.spans import Link, build_spans
from bot.platforms.form_fallback import build_form_fallback
from bot.platforms.slack.api import CALL_TIMEOUT, SlackApi
from bot.platforms.slack.conversation_registry import ConversationRegistry
from bot.platforms.slack.enricher import RequestEnricher
from bot.platforms.slack.message import build_message, build_thread_starter
from bot.platforms.slack.modals import build_modal
from bot.platforms.slack.reply_routes import (
    RESPONSE_URL,
    ReplyRoute,
    build_direct_message_route,
    hash_message_key,
    iter_private_routes,
    iter_public_routes,
)
from bot.platforms.slack.reply_target import ReplyTarget
from bot.service import Service
from bot.timing import ERROR_REPLY_TIMEOUT

log = logging.getLogger(__name__)

_NO_ACCESS_ERRORS = {"not_in_channel", "channel_not_found", "restricted_action", "is_archived"}


class SlackReplyPort:
    """The way back to one person: one call for most answers, tried by the next route only when the last
    certainly failed.

    Its methods raise `DeliveryError` when Slack did not take the answer, and `UserFacingError` when a person
    can fix that.
    """

    def __init__(
        self,
        api: SlackApi,
        service: Service,
        conversations: ConversationRegistry,
        enricher: RequestEnricher,
        target: ReplyTarget,
    ) -> None:
        self._api = api
        self._service = service
        self._conversations = conversations
        self._enricher = enricher
        self._target = target

    async def enrich(self, request: Request, command: Command | None) -> Request:
        """Return the request with what Slack knows of the person and the channel, as far as it is needed."""
        known = self._enricher.enrich_from_cache(request, command)
        return known if known is not None else await self._enricher.enrich(request, command)

    async def show_to_asker(self, reply: Reply, request: Request) -> None:
        """Show a reply to the asker alone, whatever its placement."""
        await self._send_by_first_route(iter_private_routes(reply, self._target, request.dedupe_key))

    async def show_to_everyone(self, reply: Reply, request: Request) -> None:
        """Show a reply where it was asked for."""
        await self._send_by_first_route(iter_public_routes(reply, self._target, request.dedupe_key))

    async def send_direct(self, reply: Reply, request: Request) -> None:
        """Send a reply to the person's own messages; who asked elsewhere reads that it is there."""
        await self._send_by_route(build_direct_message_route(reply, self._target, request.dedupe_key))
        if not self._target.is_bot_dm:
            await self._show_notice("place.sent", request)

    async def show_error(self, reply: Reply, request: Request) -> None:
        """Show a sentence about a failure by any private route that still works, each for a moment only.

        A route whose answer was lost may have worked; the sentence twice is better than none.
        """
        failure: DeliveryError | None = None
        for route in iter_private_routes(reply, self._target, request.dedupe_key):
            try:
                await self._send_by_route(route, ERROR_REPLY_TIMEOUT)
                return
            except DeliveryError as error:
                failure = error
        assert failure is not None, "every target has a route"
        raise failure

    def explain_unreachable(self, _error: Exception) -> str | None:
        """Return None: Slack always leaves a private route to try."""
        return None

    async def open_form(self, form: Form, request: Request) -> None:
        """Open a modal; without a trigger show the button that brings one."""
        texts = self._service.context.strings
        if self._target.trigger_id is None:
            await self.show_to_asker(build_form_fallback(form, request, self._service), request)
            return
        send, leave = texts.get_text("form.send.label"), texts.get_text("form.leave.label")
        view = build_modal(form, self._target.encode(), send, leave)
        await self._api.call("views.open", {"trigger_id": self._target.trigger_id, "view": view})

    async def open_thread(self, reply: Reply, _request: Request, name: str) -> None:
        """Use the thread it was asked in, else one under the mention, else a new one."""
        target = self._target
        try:
            thread = (
                target.thread_ts
                or target.root_ts
                or str((await self._post_message(target.channel_id, build_thread_starter(name)))["ts"])
            )
            self._conversations.add_thread(target.channel_id, thread)
            await self._post_message(target.channel_id, {"thread_ts": thread, **build_message(reply)})
        except DeliveryError as error:
            if error.reason in _NO_ACCESS_ERRORS:
                raise UserFacingError("slack.outside") from error
            raise

    async def open_private_thread(self, reply: Reply, request: Request, name: str) -> None:
        """Open a thread in the person's own messages; who asked elsewhere gets a link to it, alone."""
        target = self._target
        body = build_message(reply, hash_message_key(request.dedupe_key))
        if target.is_bot_dm and target.thread_ts:
            await self._post_message(target.channel_id, {"thread_ts": target.thread_ts, **body})
            return
        opened = await self._post_message(
            target.channel_id if target.is_bot_dm else target.user_id, build_thread_starter(name)
        )
        channel, ts = str(opened.get("channel") or target.user_id), str(opened["ts"])
        self._conversations.add_thread(channel, ts)
        self._conversations.add_bot_dm(channel)
        await self._post_message(channel, {"thread_ts": ts, **body})
        if not target.is_bot_dm:
            await self._show_notice("place.private_thread", request, await self._fetch_permalink(channel, ts))

    async def _show_notice(self, string_key: str, request: Request, link: Link | None = None) -> None:
        """Show one sentence to the asker alone."""
        texts = self._service.context.strings
        spans = build_spans(texts(string_key), *((" ", link) if link else ()))
        await self.show_to_asker(Reply((Paragraph(spans),), texts.get_text(string_key)), request)

    async def _fetch_permalink(self, channel: str, ts: str) -> Link | None:
        """Return a link to a message; None when Slack does not give one."""
        try:
            answer = await self._api.call("chat.getPermalink", {"channel": channel, "message_ts": ts})
        except DeliveryError as error:
            log.warning("chat.getPermalink: %s", error.reason)
            return None
        url = str(answer.get("permalink") or "")
        label = self._service.context.strings.get_text("place.open.label")
        return Link(label, url) if url.startswith(("http://", "https://")) else None

    async def _post_message(self, channel: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._api.call("chat.postMessage", {"channel": channel, **body})

    async def _send_by_first_route(self, routes: Iterable[ReplyRoute]) -> None:
        """Take the first route that works; no further one once the reply may have arrived."""
        failure: DeliveryError | None = None
        for route in routes:
            try:
                await self._send_by_route(route)
                return
            except DeliveryError as error:
                log.info("route %s failed: %s", route.method, error.reason)
                if error.possibly_delivered:
                    raise
                failure = error
        assert failure is not None, "every target has a route"
        raise failure

    async def _send_by_route(self, route: ReplyRoute, timeout: float = CALL_TIMEOUT) -> None:
        if route.method == RESPONSE_URL:
            assert self._target.response_url is not None
            await self._api.post_to_response_url(self._target.response_url, route.payload, timeout)
        else:
            sent = await self._api.call(route.method, route.payload, timeout)
            if route.payload.get("channel") == self._target.user_id:
                self._conversations.add_bot_dm(str(sent.get("channel")))
