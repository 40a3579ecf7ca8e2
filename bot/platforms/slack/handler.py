"""Every listener of Slack's ends here: one answer to one request, and a sentence when anything goes wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from slack_bolt.response import BoltResponse

from bot.messaging.reply import Audience, Form, Reply, SameConversation
from bot.messaging.request import Request
from bot.platforms.deduplicator import Deduplicator
from bot.platforms.pipeline import ReplyPipeline, ReplyPort, format_private_trace
from bot.platforms.request_runner import RequestRunner
from bot.platforms.slack.background_tasks import BackgroundTasks
from bot.platforms.slack.enricher import RequestEnricher
from bot.platforms.slack.message import build_message
from bot.platforms.slack.parse import IncomingRequest, Payload, parse_unreadable
from bot.platforms.slack.reply_target import ReplyTarget
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
        build_port: Callable[[ReplyTarget], ReplyPort],
        background_tasks: BackgroundTasks,
    ) -> None:
        self._service = service
        self._request_runner = request_runner
        self._deduplicator = deduplicator
        self._enricher = enricher
        self._build_port = build_port
        self._pipeline = ReplyPipeline(service, request_runner)
        self._background_tasks = background_tasks

    async def respond_in_ack(self, incoming: IncomingRequest) -> BoltResponse:
        """Answer a slash command with its ack, unless Slack has to be asked for something first."""
        if not self._deduplicator.check_and_mark(incoming.request.dedupe_key):
            return build_ack()
        request, target = incoming.request, incoming.reply_target
        try:
            parsed, command = self._service.parse_request(request)
            known = self._enricher.enrich_from_cache(parsed, command)
            if known is None:  # Slack has to be asked, which must not delay the ack
                self._background_tasks.start(partial(self.respond, replace(incoming, request=parsed)))
                return build_ack()
            answer = await self._request_runner.respond(known)
            if isinstance(answer, Reply) and isinstance(answer.placement, SameConversation):
                return build_ack(_build_ack_body(answer))
            self._background_tasks.start(partial(self._place, answer, known, target))
        except Exception as error:
            return self.build_failure_ack(request, error)
        return build_ack()

    def build_failure_ack(self, request: Request, error: Exception) -> BoltResponse:
        """Return the ack that apologises for a failed command; the reference is also in the log."""
        reference = compute_request_ref(request)
        log.error("reference %s: a command failed: %s", reference, format_private_trace(error))
        return build_ack(_build_ack_body(self._service.build_failure_reply(reference)))

    def apologise_for_payload(
        self, body: Payload, workspace: str, now: datetime, error: Exception
    ) -> BoltResponse:
        """Tell a person that their payload could not be read: a fault of ours, which must not pass in silence.

        A command is answered in the ack; anything else that came from a person by the plainest route left.
        """
        incoming = parse_unreadable(body, workspace, now)
        if incoming is None or "command" in body:
            request = incoming.request if incoming else None
            return self.build_failure_ack(request, error) if request else _log_unreadable(error)
        port = self._build_port(incoming.reply_target)

        async def fail() -> None:
            raise error

        self._background_tasks.start(partial(self._pipeline.guard, incoming.request, port, fail))
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
        await self._pipeline.run(incoming.request, self._build_port(incoming.reply_target))

    async def _place(self, answer: Reply | Form, request: Request, target: ReplyTarget) -> None:
        """Place an answer after the ack; never raises."""
        port = self._build_port(target)
        await self._pipeline.guard(request, port, lambda: self._pipeline.place(answer, request, port))


def _log_unreadable(error: Exception) -> BoltResponse:
    log.error("a payload without a person could not be read: %s", format_private_trace(error))
    return build_ack()


def build_ack(body: JsonObject | None = None) -> BoltResponse:
    """The ack, with an answer or without."""
    return BoltResponse(status=200, body=json.dumps(body) if body else "")


def _build_ack_body(reply: Reply) -> JsonObject:
    everyone = reply.audience is Audience.EVERYONE
    return {**build_message(reply), "response_type": "in_channel" if everyone else "ephemeral"}
