"""What a command is, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from bot.content.content import Content
from bot.content.reload_status import ReloadStatus
from bot.content.strings import Strings
from bot.domain.search import ExplanationCache, SearchIndex
from bot.domain.state_token import TokenSigner
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.channel_access import ChannelRef
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Request, User
from bot.store.key_ring import KeyRing
from bot.store.storage import Storage

if TYPE_CHECKING:  # whoever asks for the store pays for its import, not whoever starts the bot
    from bot.store.store import Store

Inputs = Mapping[str, str]


class Requirement(StrEnum):
    """What an adapter must find out about the person before the command runs, and only then."""

    ADMIN = "admin"
    TIMEZONE = "zone"


class ContentReloader(Protocol):
    """Keeps the content fresh."""

    @property
    def reload_status(self) -> ReloadStatus:
        """What the last reload came to."""

    def reload(self) -> ReloadStatus:
        """Read the content again; on a problem the last good edition stays."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with: one content snapshot, and the store.

    Attributes:
        prefix: what people type before a command's name: `/career`.
        storage: the store and the keys, opened when first asked for.
        content_reloader: reloads the content; None where it stays as it is.
        describe_tasks: returns the state of every supervised task, by its name.
    """

    content: Content
    search: SearchIndex
    explanation_cache: ExplanationCache
    commands: tuple[Command, ...]
    prefix: str
    storage: Storage
    content_reloader: ContentReloader | None = None
    describe_tasks: Callable[[], Mapping[str, str]] = dict

    @property
    def strings(self) -> Strings:
        """The bot's fixed sentences."""
        return self.content.strings

    def build_token_signer(self) -> TokenSigner:
        """Return what signs and encrypts the state in buttons."""
        return TokenSigner(self.load_keys().derive_keys("quiz"))

    def open_store(self) -> Store:
        """Return the store; only a command with `uses_store=True` may ask for it."""
        return self.storage.open_store()

    def load_keys(self) -> KeyRing:
        """Return the keys that sign the state in buttons; needs no database."""
        return self.storage.load_keys()


def require_admin(user: User, string_key: str = "service.admins_only") -> None:
    """Let admins pass.

    Raises:
        Refusal: for everybody else with that phrase, and for whom the platform did not tell it.
    """
    if not user.is_admin:
        raise UserFacingError("service.admin_unseen" if user.is_admin is None else string_key)


Handler = Callable[[Request, Context], Reply | Form]
Suggester = Callable[[str, Context, datetime], Sequence[tuple[str, str]]]


class OptionKind(StrEnum):
    """What an option holds, for a platform that has a way of its own to choose it."""

    TEXT = "text"
    CHANNEL = "channel"
    """A channel that can be posted in; arrives as its id."""
    SWITCH = "switch"
    """On or off; when on it arrives as its own name, else not at all."""


@dataclass(frozen=True, slots=True)
class CommandOption:
    """One word of a command where a platform types them (Discord's slash commands, the page's suggestions).

    Attributes:
        name: the key under which it arrives in the request's inputs.
        suggest: pairs of what people see and what is sent, best first, for what is typed so far and the
            moment of typing, aware, UTC; only of a text.
        about: the key of the sentence that says what to write there; the command's usage when empty.
    """

    name: str
    is_required: bool = False
    suggest: Suggester | None = None
    hint_key: str = ""
    kind: OptionKind = OptionKind.TEXT


def parse_no_arguments(rest: str, _context: Context) -> Inputs | None:
    """The words of a command that stands alone."""
    return None if rest else {}


def find_no_channel(_request: Request) -> ChannelRef | None:
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
    handler: Handler
    parse_inputs: Callable[[str, Context], Inputs | None] = parse_no_arguments
    options: tuple[CommandOption, ...] = ()


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
    handler: Handler
    parse_inputs: Callable[[str, Context], Inputs | None] = parse_no_arguments
    options: tuple[CommandOption, ...] = ()
    subcommands: tuple[Subcommand, ...] = ()
    button_handlers: Mapping[str, Handler] = field(default_factory=lambda: MappingProxyType({}))
    requirements: frozenset[Requirement] = frozenset()
    find_posting_channel: Callable[[Request], ChannelRef | None] = find_no_channel
    uses_store: bool = False
    is_on_menu: bool = False
    is_slow: bool = False
    is_public: bool = False

    def format_usage(self, context: Context) -> str:
        """What people type: `/career browse [tag]`."""
        return context.strings.get_text(f"{self.name}.usage", prefix=context.prefix)

    def get_description(self, context: Context, subcommand: Subcommand | None = None) -> str:
        """What it does, or one of its subcommands, in one line."""
        if subcommand is None:
            return context.strings.get_text(f"{self.name}.about")
        return context.strings.get_text(f"{self.name}.{subcommand.name}.about")

    def find_subcommand(self, name: str) -> Subcommand | None:
        """The subcommand of this name, in any case."""
        return next((one for one in self.subcommands if one.name == name.casefold()), None)

    def find_handler(self, verb: str) -> Handler | None:
        """What `Action("name.verb")` does; its plain answer when the verb is empty, None when it has none."""
        if not verb:
            return self.handler
        subcommand = self.find_subcommand(verb)
        return self.button_handlers.get(verb) if subcommand is None else subcommand.handler

    def parse_arguments(self, rest: str, context: Context) -> tuple[Action, Inputs] | None:
        """What the words after the name ask for; None when they are not this command's."""
        word, _, more = rest.partition(" ")
        subcommand = self.find_subcommand(word)
        if subcommand is None:
            inputs = self.parse_inputs(rest, context)
            return None if inputs is None else (Action(self.name), inputs)
        inputs = subcommand.parse_inputs(more.strip(), context)
        return None if inputs is None else (Action(f"{self.name}.{subcommand.name}"), inputs)
