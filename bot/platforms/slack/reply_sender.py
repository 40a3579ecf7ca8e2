"""Brings an answer where it belongs."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, assert_never

from bot.errors import DeliveryError, UserFacingError
from bot.messaging.blocks import Paragraph
from bot.messaging.reply import (
    Audience,
    DirectMessage,
    Form,
    PrivateThread,
    PublicThread,
    Reply,
    SameConversation,
)
from bot.messaging.spans import Link, build_spans
from bot.platforms.form_fallback import build_form_fallback
from bot.platforms.slack.api import CALL_TIMEOUT, SlackApi
from bot.platforms.slack.conversation_registry import ConversationRegistry
from bot.platforms.slack.message import build_message, build_thread_starter
from bot.platforms.slack.modals import build_modal
from bot.platforms.slack.parse import IncomingRequest
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

log = logging.getLogger(__name__)

_ERROR_TIMEOUT = 0.6  # seconds
_NO_ACCESS_ERRORS = {"not_in_channel", "channel_not_found", "restricted_action", "is_archived"}


class ReplySender:
    """One call for most answers, tried by the next way only when the last certainly failed.

    Its methods raise `NotSent` when Slack did not take the answer, and `Refusal` when a person can mend that.
    """

    def __init__(self, api: SlackApi, service: Service, conversations: ConversationRegistry) -> None:
        self._api = api
        self._service = service
        self._conversations = conversations

    async def send(self, answer: Reply | Form, incoming: IncomingRequest) -> None:
        """Bring an answer; `arrived.request` is the understood one."""
        if isinstance(answer, Form):
            await self._open_form(answer, incoming)
            return
        spot, key = incoming.reply_target, incoming.request.dedupe_key
        match answer.placement:
            case SameConversation():
                everyone = answer.audience is Audience.EVERYONE
                await self._send_by_first_route(
                    iter_public_routes(answer, spot, key)
                    if everyone
                    else iter_private_routes(answer, spot, key),
                    spot,
                )
            case PublicThread(name):
                await self._send_to_thread(answer, spot, name)
            case PrivateThread(name):
                await self._send_to_private_thread(answer, incoming, name)
            case DirectMessage():
                await self._send_by_route(build_direct_message_route(answer, spot, key), spot)
                if not spot.is_bot_dm:
                    await self.send_private_notice("place.sent", incoming)
            case _:
                assert_never(answer.place)

    async def send_private(self, reply: Reply, incoming: IncomingRequest) -> None:
        """Bring a reply to the asker's eyes alone, whatever its place."""
        await self._send_by_first_route(
            iter_private_routes(reply, incoming.reply_target, incoming.request.dedupe_key),
            incoming.reply_target,
        )

    async def send_error(self, reply: Reply, incoming: IncomingRequest) -> None:
        """Say that something failed, by any private way that still works, each for a moment only.

        A way whose answer was lost may have worked; the sentence twice is better than none.
        """
        failed: DeliveryError | None = None
        for way in iter_private_routes(reply, incoming.reply_target, incoming.request.dedupe_key):
            try:
                await self._send_by_route(way, incoming.reply_target, _ERROR_TIMEOUT)
                return
            except DeliveryError as error:
                failed = error
        assert failed is not None, "every spot has a way"
        raise failed

    async def send_private_notice(
        self, string_key: str, incoming: IncomingRequest, link: Link | None = None
    ) -> None:
        """Say one sentence to the asker alone."""
        texts = self._service.context.strings
        run = build_spans(texts(string_key), *((" ", link) if link else ()))
        await self.send_private(Reply((Paragraph(run),), texts.get_text(string_key)), incoming)

    async def _open_form(self, form: Form, incoming: IncomingRequest) -> None:
        spot, texts = incoming.reply_target, self._service.context.strings
        if spot.trigger_id is None:
            await self.send_private(build_form_fallback(form, incoming.request, self._service), incoming)
            return
        send, leave = texts.get_text("form.send.label"), texts.get_text("form.leave.label")
        view = build_modal(form, spot.encode(), send, leave)
        await self._api.call("views.open", {"trigger_id": spot.trigger_id, "view": view})

    async def _send_to_thread(self, reply: Reply, target: ReplyTarget, name: str) -> None:
        """A public thread: the one it was asked in, else one under the mention, else a new one."""
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

    async def _send_to_private_thread(self, reply: Reply, incoming: IncomingRequest, name: str) -> None:
        """A thread in the person's own messages; whoever asked elsewhere is told the way, alone."""
        spot = incoming.reply_target
        body = build_message(reply, hash_message_key(incoming.request.dedupe_key))
        if spot.is_bot_dm and spot.thread_ts:
            await self._post_message(spot.channel_id, {"thread_ts": spot.thread_ts, **body})
            return
        opened = await self._post_message(
            spot.channel_id if spot.is_bot_dm else spot.user_id, build_thread_starter(name)
        )
        channel, ts = str(opened.get("channel") or spot.user_id), str(opened["ts"])
        self._conversations.add_thread(channel, ts)
        self._conversations.add_bot_dm(channel)
        await self._post_message(channel, {"thread_ts": ts, **body})
        if not spot.is_bot_dm:
            await self.send_private_notice(
                "place.private_thread", incoming, await self._fetch_permalink(channel, ts)
            )

    async def _fetch_permalink(self, channel: str, ts: str) -> Link | None:
        """The way to a message; the sentence does without when Slack does not tell it."""
        try:
            found = await self._api.call("chat.getPermalink", {"channel": channel, "message_ts": ts})
        except DeliveryError as error:
            log.warning("chat.getPermalink: %s", error.reason)
            return None
        url = str(found.get("permalink") or "")
        label = self._service.context.strings.get_text("place.open.label")
        return Link(label, url) if url.startswith(("http://", "https://")) else None

    async def _post_message(self, channel: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._api.call("chat.postMessage", {"channel": channel, **body})

    async def _send_by_first_route(self, routes: Iterable[ReplyRoute], target: ReplyTarget) -> None:
        """Take the first way that works; no further one once the reply may have arrived."""
        failed: DeliveryError | None = None
        for way in routes:
            try:
                await self._send_by_route(way, target)
                return
            except DeliveryError as error:
                log.info("%s: %s", way.method, error.reason)
                if error.possibly_delivered:
                    raise
                failed = error
        assert failed is not None, "every spot has a way"
        raise failed

    async def _send_by_route(
        self, route: ReplyRoute, target: ReplyTarget, timeout: float = CALL_TIMEOUT
    ) -> None:
        if route.method == RESPONSE_URL:
            assert target.response_url is not None
            await self._api.post_to_response_url(target.response_url, route.payload, timeout)
        else:
            sent = await self._api.call(route.method, route.payload, timeout)
            if route.payload.get("channel") == target.user_id:
                self._conversations.add_bot_dm(str(sent.get("channel")))
