"""Commands for what no shipped one does yet: slow ones, ones for admins, every place of an answer."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from bot.commands import COMMANDS
from bot.commands.command import Command, Context, Inputs, Requirement, parse_no_arguments
from bot.errors import LimitExceededError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.reply import Audience, Form, Reply, TextField
from bot.messaging.request import Request
from bot.messaging.samples import build_sample_replies
from bot.messaging.spans import build_spans
from bot.service import ContentSnapshot, Service
from bot.store.storage import Storage


class ProbeCommands:
    """A service that knows a few commands more.

    Attributes:
        release: lets the slow ones go on.
        ran: how often `count` was answered.
        read: how often the words after `whoami` were read.
    """

    def __init__(self, data: Path, edition: ContentSnapshot) -> None:
        self.release = Event()
        self.count_calls = 0
        self.parse_calls = 0
        commands = (
            *COMMANDS,
            Command("stall", self._wait_for_release, uses_store=True),
            Command("explode", _raise_error),
            Command("count", self._count_call, button_handlers={"again": self._count_call}),
            Command(
                "whoami",
                _show_user,
                parse_inputs=self._count_parse,
                requirements=frozenset({Requirement.ADMIN, Requirement.TIMEZONE}),
            ),
            Command(
                "show",
                _show_sample,
                parse_inputs=_parse_sample_name,
                button_handlers={"replaced": _replace_with_sample},
            ),
            Command("fill", _show_form),
        )
        self.service = Service(lambda: edition, commands, "/career", Storage(data, None, ("secret",)))

    def _wait_for_release(self, _request: Request, _context: Context) -> Reply:
        self.release.wait(30)
        return _build_reply("late")

    def _count_parse(self, rest: str, context: Context) -> Inputs | None:
        self.parse_calls += 1
        return parse_no_arguments(rest, context)

    def _count_call(self, _request: Request, _context: Context) -> Reply:
        self.count_calls += 1
        again = Buttons((Button("Again", Action("count.again")),))
        return Reply((Paragraph(build_spans(f"Time {self.count_calls}")), again), "Counted")


def _build_reply(words: str, audience: Audience = Audience.ASKER) -> Reply:
    return Reply((Paragraph(build_spans(words)),), "Said", audience)


def _raise_error(_request: Request, _context: Context) -> Reply:
    raise LimitExceededError("a defect of ours")


def _show_user(request: Request, _context: Context) -> Reply:
    return _build_reply(f"admin {request.user.is_admin} zone {request.user.timezone}")


def _show_sample(request: Request, _context: Context) -> Reply:
    return build_sample_replies()[request.inputs["name"]]


def _replace_with_sample(_request: Request, _context: Context) -> Reply:
    return build_sample_replies()["replaced"]


def _parse_sample_name(arguments: str, _context: Context) -> Inputs | None:
    return {"name": arguments} if arguments in build_sample_replies() else None


def _show_form(request: Request, _context: Context) -> Reply | Form:
    if "name" in request.inputs:
        return _build_reply(f"Hello {request.inputs['name']}")
    return Form("Fill in", (TextField("name", "Your name"),), Action("fill"))
