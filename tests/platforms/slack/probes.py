"""Commands for what no shipped one does yet: slow ones, ones for admins, every place of an answer."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from bot.commands import COMMANDS
from bot.commands.command import Command, Context, Inputs, Need, takes_nothing
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.gallery import gallery
from bot.dialogue.reply import Audience, Form, Line, Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import spans
from bot.errors import DoesNotFit
from bot.service import Edition, Service
from bot.store.home import Home


class Probes:
    """A service that knows a few commands more.

    Attributes:
        release: lets the slow ones go on.
        ran: how often `count` was answered.
        read: how often the words after `whoami` were read.
    """

    def __init__(self, data: Path, edition: Edition) -> None:
        self.release = Event()
        self.ran = 0
        self.read = 0
        commands = (
            *COMMANDS,
            Command("stall", self._stall, store=True),
            Command("explode", _explode),
            Command("count", self._count, verbs={"again": self._count}),
            Command("whoami", _whoami, read=self._nothing, needs=frozenset({Need.ADMIN, Need.ZONE})),
            Command("show", _show, read=_rest, verbs={"replaced": _replaced}),
            Command("fill", _fill),
        )
        self.service = Service(lambda: edition, commands, "/career", Home(data, None, ("secret",)))

    def _stall(self, _request: Request, _context: Context) -> Reply:
        self.release.wait(30)
        return _said("late")

    def _nothing(self, rest: str, context: Context) -> Inputs | None:
        self.read += 1
        return takes_nothing(rest, context)

    def _count(self, _request: Request, _context: Context) -> Reply:
        self.ran += 1
        again = Buttons((Button("Again", Action("count.again")),))
        return Reply((Paragraph(spans(f"Time {self.ran}")), again), "Counted")


def _said(words: str, audience: Audience = Audience.ASKER) -> Reply:
    return Reply((Paragraph(spans(words)),), "Said", audience)


def _explode(_request: Request, _context: Context) -> Reply:
    raise DoesNotFit("a defect of ours")


def _whoami(request: Request, _context: Context) -> Reply:
    return _said(f"admin {request.user.admin} zone {request.user.zone}")


def _show(request: Request, _context: Context) -> Reply:
    return gallery()[request.inputs["name"]]


def _replaced(_request: Request, _context: Context) -> Reply:
    return gallery()["replaced"]


def _rest(rest: str, _context: Context) -> Inputs | None:
    return {"name": rest} if rest in gallery() else None


def _fill(request: Request, _context: Context) -> Reply | Form:
    if "name" in request.inputs:
        return _said(f"Hello {request.inputs['name']}")
    return Form("Fill in", (Line("name", "Your name"),), Action("fill"))
