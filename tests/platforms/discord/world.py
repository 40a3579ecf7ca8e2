"""A bot on a simulated Discord, with a few commands that go everywhere a reply can go."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import simcord

from bot.commands import COMMANDS
from bot.commands.command import Command, Context, Need, Option
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.gallery import forms, gallery
from bot.dialogue.reply import Audience, Destination, Direct, Form, Here, PrivateThread, Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import Strong, spans
from bot.library.texts import Texts
from bot.platforms.answering import Answering
from bot.platforms.discord.client import Client
from bot.platforms.discord.platform import Access, Discord
from bot.platforms.once import Once
from bot.platforms.turns import Turns
from bot.service import Edition, Service
from bot.store.home import Home
from tests.chat import edition_of
from tests.platforms.discord.rules import BUTTON, TEXT, walk

SECRET = "for ann alone"
TURN = "the gateway"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class Stage:
    """Commands that show any shape, wait as long as told, break, or are for admins."""

    asked: list[Request] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)

    def show(self, request: Request, _context: Context) -> Reply | Form:
        """A reply or form of the gallery, by name."""
        self.asked.append(request)
        name = request.inputs.get("name", "prose")
        if name == "quiet buttons":
            quiet = self.quiet(request, _context)
            return replace(quiet, blocks=quiet.blocks[1:], audience=Audience.EVERYONE)
        return gallery().get(name) or forms()[name]

    def press(self, request: Request, _context: Context) -> Reply:
        """Every press of the gallery's buttons, in place of what was pressed."""
        self.asked.append(request)
        return said(f"pressed {request.action.args[0]}", replace=True)

    def submit(self, request: Request, _context: Context) -> Reply:
        """A submitted form of the gallery."""
        self.asked.append(request)
        return said("submitted " + ", ".join(f"{name}={value}" for name, value in request.inputs.items()))

    def wait(self, request: Request, _context: Context) -> Reply | Form:
        """Waits until it is let go."""
        self.asked.append(request)
        self.held.wait(10)
        name = request.inputs.get("name", "")
        if name == "form":
            return forms()["one line"]
        return gallery().get(name) or said("waited")

    def slowly(self, request: Request, _context: Context) -> Reply:
        """A press that waits until it is let go, then shows what its button names."""
        self.held.wait(10)
        return gallery()[request.action.args[0]]

    def quiet(self, request: Request, _context: Context) -> Reply:
        """Something for the asker alone, wherever the input or the pressed button says."""
        self.asked.append(request)
        name = request.inputs.get("name") or "".join(request.action.args)
        places: dict[str, Destination] = {"direct": Direct(), "private": PrivateThread("A check")}
        place = places.get(name, Here())
        again = Buttons(
            tuple(
                Button(where, Action("quiet.press", (where,)))
                for where in ("here", "replace", "direct", "private")
            )
        )
        return Reply((Paragraph(spans(SECRET)), again), "quiet", place=place, replace=name == "replace")

    def fail(self, _request: Request, _context: Context) -> Reply:
        """Breaks."""
        raise RuntimeError("planted")

    def secret(self, request: Request, _context: Context) -> Reply:
        """For admins."""
        self.asked.append(request)
        return said("secret")

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands, beside the bot's own."""
        name = Option("name")
        verbs = {"press": self.press, "pick": self.press, "submit": self.submit}
        return (
            *COMMANDS,
            Command("gallery", self.show, options=(name,), verbs=verbs, public=True),
            Command("wait", self.wait, options=(name,), verbs={"press": self.slowly}, store=True),
            Command("quiet", self.quiet, _after_the_name, options=(name,), verbs={"press": self.quiet}),
            Command("fail", self.fail),
            Command("staff", self.secret, needs=frozenset({Need.ADMIN})),
        )


def _after_the_name(rest: str, _context: Context) -> dict[str, str]:
    return {"name": rest}


def said(words: str, *, replace: bool = False) -> Reply:
    """One sentence and a button."""
    button = Button("Again", Action("gallery.press", ("again",)))
    return Reply((Paragraph(spans(Strong(words))), Buttons((button,))), "said", replace=replace)


@cache
def _edition() -> Edition:
    return edition_of()


def service_with(commands: tuple[Command, ...], data: Path) -> Service:
    """The bot over the real content, with sentences for the commands that only tests have."""
    library = _edition().library
    extra = {
        f"{command.name}.{kind}": spans(command.name)
        for command in commands
        for kind in ("usage", "about", "label")
        if f"{command.name}.{kind}" not in library.texts.sentences
    }
    library = replace(library, texts=Texts({**library.texts.sentences, **extra}))
    edition = Edition(library, _edition().search)
    return Service(lambda: edition, commands, "/career", Home(data, None, ("a secret of the tests",)))


def build(
    service: Service,
    data: Path,
    access: Access,
    limit: float = 2.0,
    *,
    patience: float = 1.0,
    away: float = 15.0,
) -> Discord:
    """The platform, as `app.py` builds it."""
    answering = Answering(service, limit)
    turns = Turns(service.context.home.turn(TURN), "Discord", look=0.02, renew=0.02)
    return Discord(
        access, service, answering, Once(), turns, now=lambda: NOON, data=data, patience=patience, away=away
    )


@dataclass
class World:
    """A server with two members and an admin.

    Attributes:
        hall: a channel where the bot may do what the invite link asks for.
    """

    env: simcord.Env
    stage: Stage
    service: Service
    data: Path
    guild: Any = None
    hall: Any = None
    ann: Any = None
    bob: Any = None
    boss: Any = None

    @property
    def mention(self) -> str:
        """What a person types to name the bot."""
        user = self.env.bot.user
        assert user is not None
        return f"<@{user.id}>"

    def client(self) -> Client:
        """A fresh bot over the same content, as after a restart."""
        return build(self.service, self.data, Access("token")).client()


@asynccontextmanager
async def world(data: Path, **options: Any) -> AsyncIterator[World]:
    """A simulated Discord with the bot in it."""
    import discord

    stage = Stage()
    service = service_with(stage.commands, data)
    client = build(service, data, Access("token")).client()
    async with simcord.run(client, **options) as env:
        await client.sync()
        here = World(env, stage, service, data)
        here.guild = env.create_guild("Data people")
        here.hall = here.guild.create_text_channel("hall")
        here.ann = here.guild.add_member(env.create_user("ann"))
        here.bob = here.guild.add_member(env.create_user("bob"))
        manager = here.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
        here.boss = here.guild.add_member(env.create_user("boss"), roles=[manager])
        yield here
        stage.held.set()
    service.context.home.close()


def text(message: Any) -> str:
    """What a message says: a response, a message of a channel, or one as it was sent."""
    return "\n".join(part["content"] for part in walk(_components(message)) if part["type"] == TEXT)


def labels(message: Any) -> list[str]:
    """The buttons of a message."""
    return [part["label"] for part in walk(_components(message)) if part["type"] == BUTTON]


def pressable(message: Any) -> list[str]:
    """The ids of a message's buttons."""
    return [part["custom_id"] for part in walk(_components(message)) if part["type"] == BUTTON]


async def press(who: Any, message: Any, label: str) -> Any:
    """Press the button, or pick the menu's line, that reads so."""
    for part in walk(_components(message)):
        for option in part.get("options", ()):
            if option["label"] == label:
                return await who.select(message, [option["value"]], custom_id=part["custom_id"])
    return await who.click(message, label=label)


def _components(message: Any) -> list[dict[str, Any]]:
    components = message["components"] if isinstance(message, Mapping) else message.components
    return [part if isinstance(part, dict) else part.to_dict() for part in components]
