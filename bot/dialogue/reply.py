"""What goes out: a `Reply` to read, or a `Form` to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.dialogue import limits
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Button, Buttons, Choice, Menu, Table
from bot.dialogue.limits import at_most, count
from bot.dialogue.plain import plain_blocks
from bot.errors import DoesNotFit


class Audience(StrEnum):
    """Who may see a reply. Nothing private ever falls back to a public place."""

    ASKER = "asker"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Here:
    """Where the request came from."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A public thread of the channel."""

    name: str

    def __post_init__(self) -> None:
        at_most(limits.THREAD_NAME, self.name, "a thread's name")


@dataclass(frozen=True, slots=True)
class PrivateThread:
    """A thread that only the asker reads (and whoever the platform lets in; the adapter says who)."""

    name: str

    def __post_init__(self) -> None:
        at_most(limits.THREAD_NAME, self.name, "a thread's name")


@dataclass(frozen=True, slots=True)
class Direct:
    """The asker's own messages."""


Destination = Here | Thread | PrivateThread | Direct


class Outcome(StrEnum):
    """Whether the request got what it asked for."""

    ANSWERED = "answered"
    MISSED = "missed"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reply:
    """One message.

    Attributes:
        blocks: in reading order; at most one Table, no action twice, 30 Discord components.
        summary: one line for notifications and logs; holds nothing the person typed.
        replace: edit the message that was clicked in place of sending another.
        personal: about the asker's own doubts or data: a mention does not make it public.

    Raises:
        DoesNotFit: when any platform would refuse or cut it, `plain(reply)` over 3,500 characters included.
    """

    blocks: tuple[Block, ...]
    summary: str
    audience: Audience = Audience.ASKER
    place: Destination = Here()
    replace: bool = False
    outcome: Outcome = Outcome.ANSWERED
    personal: bool = False

    def __post_init__(self) -> None:
        at_most(limits.SUMMARY, self.summary, "a summary")
        count(1, limits.COMPONENTS, len(self.blocks), "blocks")
        _seen_by(self.audience, self.place)
        count(0, 1, sum(isinstance(block, Table) for block in self.blocks), "tables in a reply")
        count(1, limits.COMPONENTS, _components(self.blocks), "Discord components")
        seen: set[str] = set()
        for choice in presses(self.blocks):
            encoded = choice.action.encode()
            if encoded in seen:
                raise DoesNotFit(f"the action {encoded!r} stands twice in one reply")
            seen.add(encoded)
        size = len(plain_blocks(self.blocks))
        if size > limits.PLAIN:
            raise DoesNotFit(f"the reply has {size} characters, at most {limits.PLAIN} fit: {self.summary!r}")


def _seen_by(audience: Audience, place: Destination) -> None:
    """What is the asker's alone has no public place, and what is everyone's no private one."""
    match place:
        case Here():
            return
        case Thread():
            fits = audience is Audience.EVERYONE
        case PrivateThread() | Direct():
            fits = audience is Audience.ASKER
        case _:
            assert_never(place)
    if not fits:
        raise DoesNotFit(f"a reply for {audience} cannot stand in {type(place).__name__}")


def presses(blocks: tuple[Block, ...]) -> Iterator[Button | Choice]:
    """Everything that can be pressed or picked, in reading order."""
    for block in blocks:
        if isinstance(block, Buttons):
            yield from block.buttons
        elif isinstance(block, Menu):
            yield from block.choices


def _components(blocks: tuple[Block, ...]) -> int:
    """How many components Discord would count: rows count, and so does what stands in them."""
    total = 0
    for block in blocks:
        if isinstance(block, Buttons):
            total += len(block.buttons) + -(-len(block.buttons) // 5)
        elif isinstance(block, Menu):
            total += 2
        else:
            total += 1
    return total


@dataclass(frozen=True, slots=True)
class Line:
    """One line to type; `most` is the longest that is taken."""

    name: str
    label: str
    hint: str = ""
    initial: str = ""
    required: bool = True
    most: int = 300

    def __post_init__(self) -> None:
        _field(self.label, self.hint)


@dataclass(frozen=True, slots=True)
class Area:
    """Several lines to type; `most` is the longest that is taken."""

    name: str
    label: str
    hint: str = ""
    initial: str = ""
    required: bool = True
    most: int = 1_000

    def __post_init__(self) -> None:
        _field(self.label, self.hint)


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several; each option is the value that comes back and the words on it."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""
    initial: str = ""
    required: bool = True

    def __post_init__(self) -> None:
        _field(self.label, self.hint)
        count(1, limits.CHOICES, len(self.options), f"options of {self.label!r}")
        for _, words in self.options:
            at_most(limits.LABEL, words, "an option")
        if self.initial and self.initial not in (value for value, _ in self.options):
            raise DoesNotFit(f"{self.initial!r} is no option of {self.label!r}")


Field = Line | Area | Pick


def _field(label: str, hint: str) -> None:
    at_most(limits.FIELD_LABEL, label, "a field's label")
    count(0, limits.FIELD_HINT, len(hint), "characters in a hint")


@dataclass(frozen=True, slots=True)
class Form:
    """A few things to fill in; `submit` comes back with one input a field, under the field's name."""

    title: str
    fields: tuple[Field, ...]
    submit: Action

    def __post_init__(self) -> None:
        at_most(limits.FORM_TITLE, self.title, "a form's title")
        count(1, limits.FIELDS, len(self.fields), "fields")
