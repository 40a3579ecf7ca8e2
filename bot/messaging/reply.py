"""The two kinds of answer: a `Reply` to read, or a `Form` to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.errors import LimitExceededError
from bot.messaging import limits
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Choice, Menu, Table
from bot.messaging.limits import check_count, check_length
from bot.messaging.plaintext import render_plain_blocks


class Audience(StrEnum):
    """Who may see a reply. A private reply is never shown in a public place instead."""

    ASKER = "asker"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class SameConversation:
    """The place the request came from."""


@dataclass(frozen=True, slots=True)
class PublicThread:
    """A public thread of the channel."""

    name: str

    def __post_init__(self) -> None:
        check_length(limits.MAX_THREAD_NAME_LENGTH, self.name, "a thread's name")


@dataclass(frozen=True, slots=True)
class PrivateThread:
    """A thread for the asker alone (and for people the platform lets in; the adapter says who)."""

    name: str

    def __post_init__(self) -> None:
        check_length(limits.MAX_THREAD_NAME_LENGTH, self.name, "a thread's name")


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """The asker's direct messages with the bot."""


Placement = SameConversation | PublicThread | PrivateThread | DirectMessage


class ReplyOutcome(StrEnum):
    """How a request ended."""

    ANSWERED = "answered"
    NO_MATCH = "missed"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reply:
    """One message.

    Attributes:
        blocks: in reading order; at most one Table, no action twice, 30 Discord components.
        summary: one line for notifications and logs; holds nothing the person typed.
        replace_original: edit the clicked message instead of sending another.
        is_sensitive: about the asker's own situation or data: a mention does not make it public.

    Raises:
        LimitExceededError: when some platform would refuse or cut it, or `render_plain` returns over 3,500
            characters.
    """

    blocks: tuple[Block, ...]
    summary: str
    audience: Audience = Audience.ASKER
    placement: Placement = SameConversation()
    replace_original: bool = False
    outcome: ReplyOutcome = ReplyOutcome.ANSWERED
    is_sensitive: bool = False

    def __post_init__(self) -> None:
        check_length(limits.MAX_SUMMARY_LENGTH, self.summary, "a summary")
        check_count(1, limits.MAX_COMPONENTS, len(self.blocks), "blocks")
        _check_audience_fits(self.audience, self.placement)
        check_count(0, 1, sum(isinstance(block, Table) for block in self.blocks), "tables in a reply")
        check_count(1, limits.MAX_COMPONENTS, _count_discord_components(self.blocks), "Discord components")
        encoded_actions: set[str] = set()
        for control in iter_controls(self.blocks):
            encoded = control.action.encode()
            if encoded in encoded_actions:
                raise LimitExceededError(f"the action {encoded!r} is in one reply twice")
            encoded_actions.add(encoded)
        size = len(render_plain_blocks(self.blocks))
        if size > limits.MAX_REPLY_LENGTH:
            raise LimitExceededError(
                f"the reply has {size} characters, at most {limits.MAX_REPLY_LENGTH} fit: {self.summary!r}"
            )


def _check_audience_fits(audience: Audience, placement: Placement) -> None:
    """Refuse a private reply in a public thread, and a public one in a private place."""
    match placement:
        case SameConversation():
            return
        case PublicThread():
            fits = audience is Audience.EVERYONE
        case PrivateThread() | DirectMessage():
            fits = audience is Audience.ASKER
        case _:
            assert_never(placement)
    if not fits:
        raise LimitExceededError(f"a reply for {audience} does not fit {type(placement).__name__}")


def iter_controls(blocks: tuple[Block, ...]) -> Iterator[Button | Choice]:
    """Yield buttons and menu choices in reading order."""
    for block in blocks:
        if isinstance(block, Buttons):
            yield from block.buttons
        elif isinstance(block, Menu):
            yield from block.choices


def _count_discord_components(blocks: tuple[Block, ...]) -> int:
    """Return the number of components that Discord counts: rows and the controls in them."""
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
class TextField:
    """A one-line text field of at most `max_length` characters."""

    name: str
    label: str
    hint: str = ""
    initial: str = ""
    is_required: bool = True
    max_length: int = 300

    def __post_init__(self) -> None:
        _check_field_texts(self.label, self.hint)


@dataclass(frozen=True, slots=True)
class TextAreaField:
    """A text field of several lines, at most `max_length` characters."""

    name: str
    label: str
    hint: str = ""
    initial: str = ""
    is_required: bool = True
    max_length: int = 1_000

    def __post_init__(self) -> None:
        _check_field_texts(self.label, self.hint)


@dataclass(frozen=True, slots=True)
class SelectField:
    """A select field; each option is a pair of the value sent and its label."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""
    initial: str = ""
    is_required: bool = True

    def __post_init__(self) -> None:
        _check_field_texts(self.label, self.hint)
        check_count(1, limits.MAX_CHOICES, len(self.options), f"options of {self.label!r}")
        for _, words in self.options:
            check_length(limits.MAX_LABEL_LENGTH, words, "an option")
        if self.initial and self.initial not in (value for value, _ in self.options):
            raise LimitExceededError(f"{self.initial!r} is no option of {self.label!r}")


FormField = TextField | TextAreaField | SelectField


def _check_field_texts(label: str, hint: str) -> None:
    check_length(limits.MAX_FIELD_LABEL_LENGTH, label, "a field's label")
    check_count(0, limits.MAX_FIELD_HINT_LENGTH, len(hint), "characters in a hint")


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `submit_action` is sent with one input for each field, under its name."""

    title: str
    fields: tuple[FormField, ...]
    submit_action: Action

    def __post_init__(self) -> None:
        check_length(limits.MAX_FORM_TITLE_LENGTH, self.title, "a form's title")
        check_count(1, limits.MAX_FORM_FIELDS, len(self.fields), "fields")
