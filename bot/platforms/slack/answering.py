"""Every listener of Slack's ends here: one answer to one request, and a sentence when anything goes wrong."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from functools import partial

from slack_bolt.response import BoltResponse

from bot.dialogue.reply import Audience, Form, Here, Reply
from bot.errors import NotSent, Refusal
from bot.platforms.answering import Answering
from bot.platforms.once import Once
from bot.platforms.slack.looking import Looking
from bot.platforms.slack.message import message
from bot.platforms.slack.payloads import Arrived
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.rich import Json
from bot.platforms.slack.work import Work
from bot.service import Service, reference_of

log = logging.getLogger(__name__)


class Answers:
    """Answers what arrived: in the ack where Slack takes an answer there, else in a job after it."""

    def __init__(
        self,
        *,
        service: Service,
        answering: Answering,
        once: Once,
        looking: Looking,
        posting: Posting,
        work: Work,
    ) -> None:
        self._service = service
        self._answering = answering
        self._once = once
        self._looking = looking
        self._posting = posting
        self._work = work

    async def in_ack(self, arrived: Arrived) -> BoltResponse:
        """Answer a slash command with its ack, unless Slack has to be asked for something first."""
        if not self._once.press(arrived.request.key):
            return acked()
        try:
            arrived, asking = self._recalled(arrived)
            if asking:
                self._work.start(partial(self.answer, arrived))
                return acked()
            answer = await self._answering.answer(arrived.request)
            if isinstance(answer, Reply) and isinstance(answer.place, Here):
                return acked(_for_ack(answer))
            self._work.start(partial(self._bring, answer, arrived))
        except Exception:
            reference = reference_of(arrived.request)
            log.exception("reference %s: a command failed", reference)
            return acked(_for_ack(self._service.failure(reference)))
        return acked()

    def uninstalled(self, workspace: str) -> None:
        """Erase what is kept of a workspace, in a job."""
        self._work.start(partial(self._answering.uninstalled, "slack", workspace))

    def after_ack(self, arrived: Arrived, *, pressed: bool = False) -> None:
        """Answer a click or a submitted form in a job.

        Args:
            pressed: whether it is a click, which an impatient finger may repeat.
        """
        if not self._once.press(arrived.request.key):
            return
        spot, request = arrived.spot, arrived.request
        where = f"slack:{request.origin.workspace}:{spot.user}:{spot.channel}:{spot.message}"
        if pressed and self._once.double(where, request.action.encode()):
            return
        self._work.start(partial(self.answer, arrived), spot.message and f"{spot.channel}.{spot.message}")

    def to_message(self, arrived: Arrived) -> None:
        """Answer a mention or a direct message in a job, once however often Slack brings it."""
        self._work.start(partial(self._answer_once, arrived))

    async def _answer_once(self, arrived: Arrived) -> None:
        if await self._once.message(arrived.request.key):
            await self.answer(arrived)

    async def answer(self, arrived: Arrived) -> None:
        """Answer now; never raises."""
        try:
            arrived, asking = self._recalled(arrived)
            if asking:
                arrived = await self._looked(arrived)
            answer = await self._answering.answer(arrived.request)
        except Exception:
            await self._apologise(arrived)
            return
        await self._bring(answer, arrived)

    async def _bring(self, answer: Reply | Form, arrived: Arrived) -> None:
        try:
            await self._posting.bring(answer, arrived)
        except Refusal as refusal:
            await self._last_word(self._service.refused(refusal), arrived)
        except Exception:
            await self._apologise(arrived)

    async def _apologise(self, arrived: Arrived) -> None:
        """Call from an except clause: the log keeps what happened, the person gets its reference."""
        reference = reference_of(arrived.request)
        log.exception("reference %s: %s was not answered", reference, arrived.request.action.name)
        await self._last_word(self._service.failure(reference), arrived)

    async def _last_word(self, reply: Reply, arrived: Arrived) -> None:
        try:
            await self._posting.last_word(reply, arrived)
        except Exception as error:
            reason = error.reason if isinstance(error, NotSent) else type(error).__name__
            log.error("reference %s: could not even say so (%s)", reference_of(arrived.request), reason)

    def _recalled(self, arrived: Arrived) -> tuple[Arrived, bool]:
        """The request understood, with what its command needs, and whether Slack must be asked for that."""
        request, command = self._service.understand(arrived.request)
        known = self._looking.recalled(request, command)
        return replace(arrived, request=known or request), known is None

    async def _looked(self, arrived: Arrived) -> Arrived:
        request, command = self._service.understand(arrived.request)
        return replace(arrived, request=await self._looking.looked(request, command))


def acked(body: Json | None = None) -> BoltResponse:
    """The ack, with an answer or without."""
    return BoltResponse(status=200, body=json.dumps(body) if body else "")


def _for_ack(reply: Reply) -> Json:
    everyone = reply.audience is Audience.EVERYONE
    return {**message(reply), "response_type": "in_channel" if everyone else "ephemeral"}
