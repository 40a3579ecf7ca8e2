"""The input of a command, and the arguments of its buttons: each read once, into a frozen dataclass.

A typed line, Discord's typed options and a submitted form all become the same dataclass. A handler gets that
and never looks at words or arguments again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from bot.errors import InvalidActionError

if TYPE_CHECKING:
    from bot.commands.command import Context, Handler
    from bot.messaging.reply import Form, Reply
    from bot.messaging.request import Request

MAX_VALUE_LENGTH = 300  # characters of a name that are compared with known names, so that the work is bounded
_MAX_VALUE_WORDS = 4
_QUESTION_WORDS = frozenset(
    ("i", "i'm", "im", "i've", "me", "my", "mine", "myself", "we", "us", "our", "you", "your", "yours",
     "yourself", "is", "are", "am", "was", "were", "do", "does", "did", "should", "would", "could", "can",
     "will", "may", "might", "what", "why", "how", "when", "where", "who", "which", "whether", "if", "help",
     "because")
)  # fmt: skip
_WORD_PATTERN = re.compile(r"[\w']+")


class CommandInput(Protocol):
    """What a person asks of a command: a frozen dataclass whose names are already looked up."""

    @classmethod
    def parse(cls, words: str, context: Context) -> Self | None:
        """Parse the words after the command's name; None when the whole line is a question.

        A value that does not exist is no reason for None: the handler says so and offers those that do.
        """

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], context: Context) -> Self:
        """Build it from Discord's typed options or from a form, by their names."""


InputT = TypeVar("InputT", bound=CommandInput)


@dataclass(frozen=True, slots=True)
class InputHandler(Generic[InputT]):
    """A handler with the type of its input.

    Attributes:
        input_type: parses what a person asks for.
        handle: answers it.
    """

    input_type: type[InputT]
    handle: Callable[[Request, InputT, Context], Reply | Form]

    def __call__(self, request: Request, context: Context) -> Reply | Form:
        """Answer a request; a line was parsed on the way here, options and fields are read now."""
        command_input = request.command_input
        if not isinstance(command_input, self.input_type):
            command_input = self.input_type.from_fields(request.inputs, context)
        return self.handle(request, command_input, context)


class ButtonArgs(Protocol):
    """The arguments of one kind of button. `decode(encode())` gives the same value back."""

    def encode(self) -> tuple[str, ...]:
        """Return the arguments of `Action(name, args)`."""

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote; None for anything else. Never raises: people can craft arguments."""


ArgsT = TypeVar("ArgsT", bound=ButtonArgs)


def with_args(args_type: type[ArgsT], handle: Callable[[Request, ArgsT, Context], Reply | Form]) -> Handler:
    """Return a handler that decodes the arguments of its button first.

    Raises (when called):
        InvalidActionError: for arguments that no button of this bot carries.
    """

    def handle_button(request: Request, context: Context) -> Reply | Form:
        args = args_type.decode(request.action.args)
        if args is None:
            raise InvalidActionError(
                f"{request.action.name}: expected {args_type.__name__}, got {request.action.args!r}"
            )
        return handle(request, args, context)

    return handle_button


def parse_number(text: str, *, max_digits: int) -> int | None:
    """Parse a number as `str` writes it: ASCII digits, no sign, no leading zero; None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > max_digits or text != str(int(text)):
        return None
    return int(text)


def looks_like_question(words: str) -> bool:
    """Return whether words after a command's name read like a sentence rather than like a name.

    `card games?` and `quiz me on SQL` are questions; `card pay cut` names a card that does not exist.
    """
    tokens = _WORD_PATTERN.findall(words.casefold().replace("’", "'"))
    return "?" in words or len(tokens) > _MAX_VALUE_WORDS or not _QUESTION_WORDS.isdisjoint(tokens)
