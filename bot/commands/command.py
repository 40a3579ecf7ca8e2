"""What a command is, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from bot.domain.seal import Seal
from bot.domain.search import Recall, Search
from bot.errors import UserFacingError
from bot.library.library import Library
from bot.library.state import State
from bot.library.texts import Texts
from bot.messaging.action import Action
from bot.messaging.channel_access import ChannelRef
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Request, User
from bot.store.key_ring import KeyRing
from bot.store.storage import Storage

if TYPE_CHECKING:  # whoever asks for the store pays for its import, not whoever starts the bot
    from bot.store.store import Store

Inputs = Mapping[str, str]


class Need(StrEnum):
    """What an adapter must find out about the person before the command runs, and only then."""

    ADMIN = "admin"
    ZONE = "zone"


class Upkeep(Protocol):
    """Keeps the content fresh."""

    @property
    def reload_status(self) -> State:
        """What the last reload came to."""

    def reload(self) -> State:
        """Read the content again; on a problem the last good edition stays."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with: one moment's content, and what is remembered.

    Attributes:
        prefix: what people type before a command's name: `/career`.
        home: the store and the keys, opened when first asked for.
        upkeep: keeps the content fresh; None where it stays as it is.
    """

    library: Library
    search: Search
    recall: Recall
    commands: tuple[Command, ...]
    prefix: str
    home: Storage
    upkeep: Upkeep | None = None

    @property
    def texts(self) -> Texts:
        """The bot's fixed sentences."""
        return self.library.texts

    @property
    def seal(self) -> Seal:
        """Signs and encrypts what travels in buttons."""
        return Seal(self.home.key_ring.derive_keys("quiz"))

    @property
    def store(self) -> Store:
        """What is remembered; only a command with `store=True` asks for it."""
        return self.home.store

    @property
    def keys(self) -> KeyRing:
        """The keys that sign what travels in buttons; needs no database."""
        return self.home.key_ring


def for_admins(user: User, phrase: str = "service.admins_only") -> None:
    """Let admins pass.

    Raises:
        Refusal: for everybody else with that phrase, and for whom the platform did not tell it.
    """
    if not user.is_admin:
        raise UserFacingError("service.admin_unseen" if user.is_admin is None else phrase)


Answer = Callable[[Request, Context], Reply | Form]
Suggest = Callable[[str, Context, datetime], Sequence[tuple[str, str]]]


class Kind(StrEnum):
    """What an option holds, for a platform that has a way of its own to choose it."""

    TEXT = "text"
    CHANNEL = "channel"
    """A channel that can be posted in; arrives as its id."""
    SWITCH = "switch"
    """On or off; when on it arrives as its own name, else not at all."""


@dataclass(frozen=True, slots=True)
class Option:
    """One word of a command where a platform types them (Discord's slash commands, the page's suggestions).

    Attributes:
        name: the key under which it arrives in the request's inputs.
        suggest: pairs of what people see and what is sent, best first, for what is typed so far and the
            moment of typing, aware, UTC; only of a text.
        about: the key of the sentence that says what to write there; the command's usage when empty.
    """

    name: str
    required: bool = False
    suggest: Suggest | None = None
    about: str = ""
    kind: Kind = Kind.TEXT


def takes_nothing(rest: str, _context: Context) -> Inputs | None:
    """The words of a command that stands alone."""
    return None if rest else {}


def posts_nowhere(_request: Request) -> ChannelRef | None:
    """What most commands lead to: nothing but their answer."""
    return None


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One of the words that may follow a command's name: `on` of `tips on`, which is `Action("tips.on")`.

    Attributes:
        answer: what its action does, typed or pressed.
        read: the words after it as inputs; None when they are not this one's.
    """

    name: str
    answer: Answer
    read: Callable[[str, Context], Inputs | None] = takes_nothing
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the bot does.

    Attributes:
        name: what people type; the part of its actions before the dot.
        answer: what `Action(name)` does, with the request's inputs.
        read: the words after the name as inputs; None when they are not this command's, which makes the
            whole line a question.
        subcommands: the words of which one may follow the name. Where a platform types its options, one
            must: Discord knows no bare command beside them.
        verbs: what its buttons do: `{"share": …}` answers `Action("card.share", …)`.
        needs: what the adapter must find out about the person first.
        posts: the channel that the answer would let messages into, which the adapter looks at first.
        store: whether it touches the database; then it runs in the store's own pool.
        on_menu: whether the menu has a button for it, beside its line.
        thinks: whether its answer may take over five milliseconds; then it runs in a worker of its own.
        public: whether its answer to a mention is for everyone who could read the question.
    """

    name: str
    answer: Answer
    read: Callable[[str, Context], Inputs | None] = takes_nothing
    options: tuple[Option, ...] = ()
    subcommands: tuple[Subcommand, ...] = ()
    verbs: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    needs: frozenset[Need] = frozenset()
    posts: Callable[[Request], ChannelRef | None] = posts_nowhere
    store: bool = False
    on_menu: bool = False
    thinks: bool = False
    public: bool = False

    def usage(self, context: Context) -> str:
        """What people type: `/career browse [tag]`."""
        return context.texts.words(f"{self.name}.usage", prefix=context.prefix)

    def about(self, context: Context, subcommand: Subcommand | None = None) -> str:
        """What it does, or one of its subcommands, in one line."""
        if subcommand is None:
            return context.texts.words(f"{self.name}.about")
        return context.texts.words(f"{self.name}.{subcommand.name}.about")

    def subcommand(self, name: str) -> Subcommand | None:
        """The subcommand of this name, in any case."""
        return next((one for one in self.subcommands if one.name == name.casefold()), None)

    def handler(self, verb: str) -> Answer | None:
        """What `Action("name.verb")` does; its plain answer when the verb is empty, None when it has none."""
        if not verb:
            return self.answer
        subcommand = self.subcommand(verb)
        return self.verbs.get(verb) if subcommand is None else subcommand.answer

    def understood(self, rest: str, context: Context) -> tuple[Action, Inputs] | None:
        """What the words after the name ask for; None when they are not this command's."""
        word, _, more = rest.partition(" ")
        subcommand = self.subcommand(word)
        if subcommand is None:
            inputs = self.read(rest, context)
            return None if inputs is None else (Action(self.name), inputs)
        inputs = subcommand.read(more.strip(), context)
        return None if inputs is None else (Action(f"{self.name}.{subcommand.name}"), inputs)
