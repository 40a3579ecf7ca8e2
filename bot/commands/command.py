"""The shape of a command, and the context that its handlers get."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from bot.commands.inputs import InputHandler
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

if TYPE_CHECKING:  # importing the database library is slow, and most requests do without
    from bot.store.store import Store

Inputs = Mapping[str, str]


class Requirement(StrEnum):
    """A fact about the person that an adapter looks up before this command runs, and for no other."""

    ADMIN = "admin"
    TIMEZONE = "zone"


class ContentReloader(Protocol):
    """A loader that swaps the content while the bot runs."""

    @property
    def reload_status(self) -> ReloadStatus:
        """Return the result of the last reload."""

    def reload(self) -> ReloadStatus:
        """Load the content again; on a problem the last valid content keeps being served."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with: one content snapshot, and the store.

    Attributes:
        prefix: what people type before a command's name: `/career`.
        storage: the store and the keys, opened at their first use.
        content_reloader: reloads the content; None when live reload is off.
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
    """Refuse everybody who is not an admin.

    Raises:
        UserFacingError: with this string for a member, with another when the platform did not say which
            rights the person has.
    """
    if not user.is_admin:
        raise UserFacingError("service.admin_unseen" if user.is_admin is None else string_key)


Handler = Callable[[Request, Context], Reply | Form]
Suggester = Callable[[str, Context, datetime], Sequence[tuple[str, str]]]


class OptionKind(StrEnum):
    """The kind of value of an option, for platforms with a native picker for it."""

    TEXT = "text"
    CHANNEL = "channel"
    """A channel that the bot can post in; arrives as its id."""
    SWITCH = "switch"
    """On or off; when on it arrives as its own name, otherwise it is missing."""


@dataclass(frozen=True, slots=True)
class CommandOption:
    """A typed option of a command (Discord's slash commands, autocomplete on the local page).

    Attributes:
        name: its key in the request's inputs.
        suggest: returns (label, value) pairs, best first, for the text typed so far and the time of typing
            (aware, UTC); only for text options.
        hint_key: the string key of its description; the command's usage when empty.
    """

    name: str
    is_required: bool = False
    suggest: Suggester | None = None
    hint_key: str = ""
    kind: OptionKind = OptionKind.TEXT


def parse_no_arguments(rest: str, _context: Context) -> Inputs | None:
    """Return no inputs, or None when words follow a command that takes none."""
    return None if rest else {}


def find_no_channel(_request: Request) -> ChannelRef | None:
    """Return None: most commands post nothing later."""
    return None


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word that may follow a command's name: `on` of `tips on`, which is `Action("tips.on")`.

    Attributes:
        handler: answers its action, typed or pressed.
        parse_inputs: parses the words after it; None when the whole line is a question.
        aliases: earlier names, still understood when typed and in the buttons of old messages.
    """

    name: str
    handler: Handler
    parse_inputs: Callable[[str, Context], Inputs | None] = parse_no_arguments
    options: tuple[CommandOption, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """What a typed line asks for.

    Attributes:
        action: the command, or its subcommand.
        inputs: texts by option, of a handler without an input dataclass.
        command_input: the input dataclass of an `InputHandler`; None for any other handler.
    """

    action: Action
    inputs: Inputs = field(default_factory=lambda: MappingProxyType({}))
    command_input: object | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the bot does.

    Attributes:
        name: the word people type; the part of its actions before the dot.
        handler: answers `Action(name)`; an `InputHandler` also parses the words after the name.
        parse_inputs: parses them for any other handler; None when the whole line is a question.
        subcommands: the words of which one may follow the name. On Discord one must follow: it knows no bare
            command with subcommands.
        button_handlers: by verb; `{"share": …}` answers `Action("card.share", …)`.
        requirements: what the adapter looks up about the person first.
        find_posting_channel: returns the channel that the command would post in later, which the adapter
            checks first.
        uses_store: whether it touches the database; it runs in the store's own pool.
        is_on_menu: whether the menu has a button for it, in addition to its line.
        is_slow: whether it may take over five milliseconds; it runs in a worker of its own.
        is_public: whether the answer to a mention is for everyone who could read the question.
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
        """Return what people type: `/career browse [tag]`."""
        return context.strings.get_text(f"{self.name}.usage", prefix=context.prefix)

    def get_description(self, context: Context, subcommand: Subcommand | None = None) -> str:
        """Return one line that says what the command, or one of its subcommands, does."""
        if subcommand is None:
            return context.strings.get_text(f"{self.name}.about")
        return context.strings.get_text(f"{self.name}.{subcommand.name}.about")

    def find_subcommand(self, name: str) -> Subcommand | None:
        """Return the subcommand with this name or alias, in any case."""
        name = name.casefold()
        return next((sub for sub in self.subcommands if name == sub.name or name in sub.aliases), None)

    def find_handler(self, verb: str) -> Handler | None:
        """Return the handler of `Action("name.verb")`, of the bare command when the verb is empty."""
        if not verb:
            return self.handler
        subcommand = self.find_subcommand(verb)
        return self.button_handlers.get(verb) if subcommand is None else subcommand.handler

    def parse(self, words: str, context: Context) -> ParsedLine | None:
        """Parse the words after the name; None when the whole line is a question."""
        first, _, rest = words.partition(" ")
        subcommand = self.find_subcommand(first)
        if subcommand is not None:
            inputs = subcommand.parse_inputs(rest.strip(), context)
            action = Action(f"{self.name}.{subcommand.name}")
            return None if inputs is None else ParsedLine(action, inputs)
        if isinstance(self.handler, InputHandler):
            command_input = self.handler.input_type.parse(words, context)
            return (
                None if command_input is None else ParsedLine(Action(self.name), command_input=command_input)
            )
        inputs = self.parse_inputs(words, context)
        return None if inputs is None else ParsedLine(Action(self.name), inputs)
