"""Every listener of Slack's ends here: one answer to one request, and a sentence when anything goes wrong."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from functools import partial

from slack_bolt.response import BoltResponse

from bot.errors import DeliveryError, UserFacingError
from bot.messaging.reply import Audience, Form, Reply, SameConversation
from bot.platforms.deduplicator import Deduplicator
from bot.platforms.request_runner import RequestRunner
from bot.platforms.slack.background_tasks import BackgroundTasks
from bot.platforms.slack.enricher import RequestEnricher
from bot.platforms.slack.message import build_message
from bot.platforms.slack.parse import IncomingRequest
from bot.platforms.slack.reply_sender import ReplySender
from bot.platforms.slack.rich_text import JsonObject
from bot.service import Service, compute_request_ref

log = logging.getLogger(__name__)


class SlackHandler:
    """Answers what arrived: in the ack where Slack takes an answer there, else in a job after it."""

    def __init__(
        self,
        *,
        service: Service,
        request_runner: RequestRunner,
        deduplicator: Deduplicator,
        enricher: RequestEnricher,
        reply_sender: ReplySender,
        background_tasks: BackgroundTasks,
    ) -> None:
        self._service = service
        self._request_runner = request_runner
        self._deduplicator = deduplicator
        self._enricher = enricher
        self._reply_sender = reply_sender
        self._background_tasks = background_tasks

    async def respond_in_ack(self, incoming: IncomingRequest) -> BoltResponse:
        """Answer a slash command with its ack, unless Slack has to be asked for something first."""
        if not self._deduplicator.check_and_mark(incoming.request.dedupe_key):
            return build_ack()
        try:
            incoming, asking = self._enrich_from_cache(incoming)
            if asking:
                self._background_tasks.start(partial(self.respond, incoming))
                return build_ack()
            answer = await self._request_runner.respond(incoming.request)
            if isinstance(answer, Reply) and isinstance(answer.placement, SameConversation):
                return build_ack(_build_ack_body(answer))
            self._background_tasks.start(partial(self._send_with_fallback, answer, incoming))
        except Exception:
            reference = compute_request_ref(incoming.request)
            log.exception("reference %s: a command failed", reference)
            return build_ack(_build_ack_body(self._service.build_failure_reply(reference)))
        return build_ack()

    def handle_uninstall(self, workspace: str) -> None:
        """Erase what is kept of a workspace, in a job."""
        self._background_tasks.start(
            partial(self._request_runner.erase_tenant_with_retries, "slack", workspace)
        )

    def respond_after_ack(self, incoming: IncomingRequest, *, is_click: bool = False) -> None:
        """Answer a click or a submitted form in a job.

        Args:
            pressed: whether it is a click, which an impatient finger may repeat.
        """
        if not self._deduplicator.check_and_mark(incoming.request.dedupe_key):
            return
        spot, request = incoming.reply_target, incoming.request
        where = f"slack:{request.origin.workspace}:{spot.user_id}:{spot.channel_id}:{spot.message_ts}"
        if is_click and self._deduplicator.is_double_click(where, request.action.encode()):
            return
        self._background_tasks.start(
            partial(self.respond, incoming), spot.message_ts and f"{spot.channel_id}.{spot.message_ts}"
        )

    def respond_to_message(self, incoming: IncomingRequest) -> None:
        """Answer a mention or a direct message in a job, once however often Slack brings it."""
        self._background_tasks.start(partial(self._respond_once, incoming))

    async def _respond_once(self, incoming: IncomingRequest) -> None:
        if await self._deduplicator.check_and_mark_stored(incoming.request.dedupe_key):
            await self.respond(incoming)

    async def respond(self, incoming: IncomingRequest) -> None:
        """Answer now; never raises."""
        try:
            incoming, asking = self._enrich_from_cache(incoming)
            if asking:
                incoming = await self._enrich(incoming)
            answer = await self._request_runner.respond(incoming.request)
        except Exception:
            await self._send_failure(incoming)
            return
        await self._send_with_fallback(answer, incoming)

    async def _send_with_fallback(self, answer: Reply | Form, incoming: IncomingRequest) -> None:
        try:
            await self._reply_sender.send(answer, incoming)
        except UserFacingError as refusal:
            await self._send_error(self._service.build_error_reply(refusal), incoming)
        except Exception:
            await self._send_failure(incoming)

    async def _send_failure(self, incoming: IncomingRequest) -> None:
        """Call from an except clause: the log keeps what happened, the person gets its reference."""
        reference = compute_request_ref(incoming.request)
        log.exception("reference %s: %s was not answered", reference, incoming.request.action.name)
        await self._send_error(self._service.build_failure_reply(reference), incoming)

    async def _send_error(self, reply: Reply, incoming: IncomingRequest) -> None:
        try:
            await self._reply_sender.send_error(reply, incoming)
        except Exception as error:
            reason = error.reason if isinstance(error, DeliveryError) else type(error).__name__
            log.error(
                "reference %s: could not even say so (%s)", compute_request_ref(incoming.request), reason
            )

    def _enrich_from_cache(self, incoming: IncomingRequest) -> tuple[IncomingRequest, bool]:
        """The request understood, with what its command needs, and whether Slack must be asked for that."""
        request, command = self._service.parse_request(incoming.request)
        known = self._enricher.enrich_from_cache(request, command)
        return replace(incoming, request=known or request), known is None

    async def _enrich(self, incoming: IncomingRequest) -> IncomingRequest:
        request, command = self._service.parse_request(incoming.request)
        return replace(incoming, request=await self._enricher.enrich(request, command))


def build_ack(body: JsonObject | None = None) -> BoltResponse:
    """The ack, with an answer or without."""
    return BoltResponse(status=200, body=json.dumps(body) if body else "")


def _build_ack_body(reply: Reply) -> JsonObject:
    everyone = reply.audience is Audience.EVERYONE
    return {**build_message(reply), "response_type": "in_channel" if everyone else "ephemeral"}
