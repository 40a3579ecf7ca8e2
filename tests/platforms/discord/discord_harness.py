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
from bot.commands.command import Command, CommandOption, Context, Requirement
from bot.content.strings import Strings
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.reply import (
    Audience,
    DirectMessage,
    Form,
    Placement,
    PrivateThread,
    Reply,
    SameConversation,
)
from bot.messaging.request import Request
from bot.messaging.samples import build_sample_forms, build_sample_replies
from bot.messaging.spans import Strong, build_spans
from bot.platforms.deduplicator import Deduplicator
from bot.platforms.discord.client import DiscordClient
from bot.platforms.discord.platform import DiscordCredentials, DiscordPlatform
from bot.platforms.leader_election import LeaderElection
from bot.platforms.request_runner import RequestRunner
from bot.service import ContentSnapshot, Service
from bot.store.storage import Storage
from tests.chat import load_snapshot
from tests.platforms.discord.api_validation import BUTTON, TEXT, iter_components

PRIVATE_TEXT = "for ann alone"
LOCK_PURPOSE = "the gateway"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class ProbeCommands:
    """Commands that show any shape, wait as long as told, break, or are for admins."""

    requests: list[Request] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def show_sample(self, request: Request, _context: Context) -> Reply | Form:
        """A reply or form of the gallery, by name."""
        self.requests.append(request)
        name = request.inputs.get("name", "prose")
        if name == "quiet buttons":
            quiet = self.reply_privately(request, _context)
            return replace(quiet, blocks=quiet.blocks[1:], audience=Audience.EVERYONE)
        return build_sample_replies().get(name) or build_sample_forms()[name]

    def confirm_press(self, request: Request, _context: Context) -> Reply:
        """Every press of the gallery's buttons, in place of what was pressed."""
        self.requests.append(request)
        return build_reply(f"pressed {request.action.args[0]}", replace=True)

    def confirm_submit(self, request: Request, _context: Context) -> Reply:
        """A submitted form of the gallery."""
        self.requests.append(request)
        return build_reply(
            "submitted " + ", ".join(f"{name}={value}" for name, value in request.inputs.items())
        )

    def wait_for_release(self, request: Request, _context: Context) -> Reply | Form:
        """Waits until it is let go."""
        self.requests.append(request)
        self.release.wait(10)
        name = request.inputs.get("name", "")
        if name == "form":
            return build_sample_forms()["one line"]
        return build_sample_replies().get(name) or build_reply("waited")

    def show_after_release(self, request: Request, _context: Context) -> Reply:
        """A press that waits until it is let go, then shows what its button names."""
        self.release.wait(10)
        return build_sample_replies()[request.action.args[0]]

    def reply_privately(self, request: Request, _context: Context) -> Reply:
        """Something for the asker alone, wherever the input or the pressed button says."""
        self.requests.append(request)
        name = request.inputs.get("name") or "".join(request.action.args)
        places: dict[str, Placement] = {"direct": DirectMessage(), "private": PrivateThread("A check")}
        place = places.get(name, SameConversation())
        again = Buttons(
            tuple(
                Button(where, Action("quiet.press", (where,)))
                for where in ("here", "replace", "direct", "private")
            )
        )
        return Reply(
            (Paragraph(build_spans(PRIVATE_TEXT)), again),
            "quiet",
            placement=place,
            replace_original=name == "replace",
        )

    def raise_error(self, _request: Request, _context: Context) -> Reply:
        """Breaks."""
        raise RuntimeError("planted")

    def reply_to_admin(self, request: Request, _context: Context) -> Reply:
        """For admins."""
        self.requests.append(request)
        return build_reply("secret")

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands, beside the bot's own."""
        name = CommandOption("name")
        verbs = {"press": self.confirm_press, "pick": self.confirm_press, "submit": self.confirm_submit}
        return (
            *COMMANDS,
            Command("gallery", self.show_sample, options=(name,), button_handlers=verbs, is_public=True),
            Command(
                "wait",
                self.wait_for_release,
                options=(name,),
                button_handlers={"press": self.show_after_release},
                uses_store=True,
            ),
            Command(
                "quiet",
                self.reply_privately,
                _parse_name,
                options=(name,),
                button_handlers={"press": self.reply_privately},
            ),
            Command("fail", self.raise_error),
            Command("staff", self.reply_to_admin, requirements=frozenset({Requirement.ADMIN})),
        )


def _parse_name(rest: str, _context: Context) -> dict[str, str]:
    return {"name": rest}


def build_reply(words: str, *, replace: bool = False) -> Reply:
    """One sentence and a button."""
    button = Button("Again", Action("gallery.press", ("again",)))
    return Reply(
        (Paragraph(build_spans(Strong(words))), Buttons((button,))), "said", replace_original=replace
    )


@cache
def _load_snapshot() -> ContentSnapshot:
    snapshot = load_snapshot()
    snapshot.search.warm_up()  # the first question of a run would take longer than a request may
    return snapshot


def build_service(commands: tuple[Command, ...], data_dir: Path) -> Service:
    """The bot over the real content, with sentences for the commands that only tests have."""
    library = _load_snapshot().library
    extra = {
        f"{command.name}.{kind}": build_spans(command.name)
        for command in commands
        for kind in ("usage", "about", "label")
        if f"{command.name}.{kind}" not in library.strings.by_key
    }
    library = replace(library, strings=Strings({**library.strings.by_key, **extra}))
    edition = ContentSnapshot(library, _load_snapshot().search)
    return Service(lambda: edition, commands, "/career", Storage(data_dir, None, ("a secret of the tests",)))


def build_platform(
    service: Service,
    data_dir: Path,
    access: DiscordCredentials,
    limit: float = 2.0,
    *,
    patience: float = 1.0,
    away: float = 15.0,
) -> DiscordPlatform:
    """The platform, as `app.py` builds it."""
    answering = RequestRunner(service, limit)
    turns = LeaderElection(
        service.context.storage.create_leader_lock(LOCK_PURPOSE),
        "Discord",
        poll_interval=0.02,
        renew_interval=0.02,
    )
    return DiscordPlatform(
        access,
        service,
        answering,
        Deduplicator(),
        turns,
        now=lambda: NOON,
        data_dir=data_dir,
        defer_after=patience,
        max_outage=away,
    )


@dataclass
class DiscordHarness:
    """A server with two members and an admin.

    Attributes:
        hall: a channel where the bot may do what the invite link asks for.
    """

    env: simcord.Env
    commands: ProbeCommands
    service: Service
    data_dir: Path
    guild: Any = None
    channel: Any = None
    ann: Any = None
    bob: Any = None
    admin: Any = None

    @property
    def mention(self) -> str:
        """What a person types to name the bot."""
        user = self.env.bot.user
        assert user is not None
        return f"<@{user.id}>"

    def build_client(self) -> DiscordClient:
        """A fresh bot over the same content, as after a restart."""
        return build_platform(self.service, self.data_dir, DiscordCredentials("token")).build_client()


@asynccontextmanager
async def run_harness(data_dir: Path, **options: Any) -> AsyncIterator[DiscordHarness]:
    """A simulated Discord with the bot in it."""
    import discord

    stage = ProbeCommands()
    service = build_service(stage.commands, data_dir)
    client = build_platform(service, data_dir, DiscordCredentials("token")).build_client()
    async with simcord.run(client, **options) as env:
        await client.sync_commands()
        here = DiscordHarness(env, stage, service, data_dir)
        here.guild = env.create_guild("Data people")
        here.channel = here.guild.create_text_channel("hall")
        here.ann = here.guild.add_member(env.create_user("ann"))
        here.bob = here.guild.add_member(env.create_user("bob"))
        manager = here.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
        here.admin = here.guild.add_member(env.create_user("boss"), roles=[manager])
        yield here
        stage.release.set()
    service.context.storage.close()


def read_text(message: Any) -> str:
    """What a message says: a response, a message of a channel, or one as it was sent."""
    return "\n".join(
        part["content"] for part in iter_components(_list_components(message)) if part["type"] == TEXT
    )


def list_button_labels(message: Any) -> list[str]:
    """The buttons of a message."""
    return [part["label"] for part in iter_components(_list_components(message)) if part["type"] == BUTTON]


def list_button_ids(message: Any) -> list[str]:
    """The ids of a message's buttons."""
    return [
        part["custom_id"] for part in iter_components(_list_components(message)) if part["type"] == BUTTON
    ]


async def press_control(member: Any, message: Any, label: str) -> Any:
    """Press the button, or pick the menu's line, that reads so."""
    for part in iter_components(_list_components(message)):
        for option in part.get("options", ()):
            if option["label"] == label:
                return await member.select(message, [option["value"]], custom_id=part["custom_id"])
    return await member.click(message, label=label)


def _list_components(message: Any) -> list[dict[str, Any]]:
    components = message["components"] if isinstance(message, Mapping) else message.components
    return [part if isinstance(part, dict) else part.to_dict() for part in components]
