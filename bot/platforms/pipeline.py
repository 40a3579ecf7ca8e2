"""The reply pipeline: what happens to a request between its arrival and its answer, the same on every platform.

parse -> enrich -> handle -> place -> fall back -> apologise. Deduplication comes first, in the adapter's
listener, because Slack wants its acknowledgement before anything is awaited. An adapter implements
`ReplyPort`: rendering and transport, and nothing of the order or the guarantees.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from traceback import extract_tb
from typing import Protocol, assert_never

from bot.commands.command import Command
from bot.errors import DeliveryError, UserFacingError
from bot.messaging.reply import (
    Audience,
    DirectMessage,
    Form,
    PrivateThread,
    PublicThread,
    Reply,
    SameConversation,
)
from bot.messaging.request import Request
from bot.platforms.request_runner import RequestRunner
from bot.service import Service, compute_request_ref

log = logging.getLogger(__name__)


class ReplyPort(Protocol):
    """The way back to the person who made one request, as one platform has it.

    A reply with `replace_original` is edited in place where the platform can do that. No method may show to
    others what is for the asker alone: where there is no private way it raises.
    """

    async def enrich(self, request: Request, command: Command | None) -> Request:
        """Return the request with what its command declares that it needs: rights, zone, channel access."""

    async def show_to_asker(self, reply: Reply, request: Request) -> None:
        """Show a reply that only the asker sees."""

    async def show_to_everyone(self, reply: Reply, request: Request) -> None:
        """Show a reply to everyone in the conversation."""

    async def open_thread(self, reply: Reply, request: Request, /, name: str) -> None:
        """Show a reply in a thread that everyone in the channel can read."""

    async def open_private_thread(self, reply: Reply, request: Request, name: str) -> None:
        """Show a reply in a thread of the asker's, and say where it is."""

    async def send_direct(self, reply: Reply, request: Request) -> None:
        """Send a reply as a direct message, and say so where the person asked."""

    async def open_form(self, form: Form, request: Request) -> None:
        """Open a form, or show the button that opens it."""

    async def show_error(self, reply: Reply, request: Request) -> None:
        """Show a sentence about a failure, by any private way that still works."""

    def explain_unreachable(self, error: Exception, /) -> str | None:
        """Return why nothing can be shown to the person any more; None when an apology may still arrive."""


class ReplyPipeline:
    """Answers requests through a port: each gets one answer, or one sentence with a reference."""

    def __init__(self, service: Service, request_runner: RequestRunner) -> None:
        self._service = service
        self._request_runner = request_runner

    async def run(self, request: Request, port: ReplyPort) -> None:
        """Answer a request and place the answer. Never raises."""

        async def work() -> None:
            parsed, answer = await self.answer(request, port)
            await self.place(answer, parsed, port)

        await self.guard(request, port, work)

    async def answer(self, request: Request, port: ReplyPort) -> tuple[Request, Reply | Form]:
        """Return the request as it was understood, and its answer."""
        parsed, command = self._service.parse_request(request)
        enriched = await port.enrich(parsed, command)
        return enriched, await self._request_runner.respond(enriched)

    async def place(self, answer: Reply | Form, request: Request, port: ReplyPort) -> None:
        """Bring an answer to its audience and its placement."""
        if isinstance(answer, Form):
            await port.open_form(answer, request)
            return
        match answer.placement:
            case SameConversation() if answer.audience is Audience.EVERYONE:
                await port.show_to_everyone(answer, request)
            case SameConversation():
                await port.show_to_asker(answer, request)
            case PublicThread(name):
                await port.open_thread(answer, request, name)
            case PrivateThread(name):
                await port.open_private_thread(answer, request, name)
            case DirectMessage():
                await port.send_direct(answer, request)
            case _:
                assert_never(answer.placement)

    async def guard(self, request: Request, port: ReplyPort, work: Callable[[], Awaitable[None]]) -> None:
        """Do some work of a request. Whatever goes wrong becomes a sentence to the asker; never raises."""
        try:
            await work()
        except UserFacingError as error:
            await self._apologise(self._service.build_error_reply(error), request, port)
        except Exception as error:
            reference = compute_request_ref(request)
            if (reason := port.explain_unreachable(error)) is not None:
                log.warning("reference %s: asker cannot be reached: %s", reference, reason)
                return
            log.error(
                "reference %s: %s was not answered: %s",
                reference, request.action.name, format_private_trace(error),
            )  # fmt: skip
            await self._apologise(self._service.build_failure_reply(reference), request, port)

    async def _apologise(self, reply: Reply, request: Request, port: ReplyPort) -> None:
        """Show the sentence about a failure; when that fails too, only the log is left."""
        try:
            await port.show_error(reply, request)
        except Exception as error:
            reference = compute_request_ref(request)
            log.error(
                "reference %s: could not send the error reply: %s", reference, format_private_trace(error)
            )


def format_private_trace(error: BaseException) -> str:
    """Return an exception's type and where it was raised, with no values: those may be a person's words.

    The innermost frame comes first: `KeyError at parse.py:57 in parse_click < listeners.py:84 in _on_click`.
    A platform's own word for a refusal (`channel_not_found`) is kept.
    """
    frames = " < ".join(
        f"{PurePath(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in reversed(extract_tb(error.__traceback__))
    )
    reason = f" ({error.reason})" if isinstance(error, DeliveryError) else ""
    text = f"{type(error).__name__}{reason} at {frames}"
    cause = error.__cause__
    return text if cause is None else f"{text}, caused by {format_private_trace(cause)}"
