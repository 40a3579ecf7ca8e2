"""The blocks of a reply, which Slack, Discord, a terminal and a web page can all show.

Each constructor refuses what some platform cannot show (see `limits`). A renderer is one `match` over `Block`
that ends in `assert_never`, so mypy names the block that a renderer forgot.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import LimitExceededError
from bot.messaging import limits
from bot.messaging.action import Action
from bot.messaging.limits import check_count, check_length
from bot.messaging.spans import Spans, spans_to_text


@dataclass(frozen=True, slots=True)
class Heading:
    """A title."""

    text: str

    def __post_init__(self) -> None:
        check_length(limits.MAX_HEADING_LENGTH, self.text, "a heading")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    spans: Spans

    def __post_init__(self) -> None:
        check_length(limits.MAX_REPLY_LENGTH, spans_to_text(self.spans), "a paragraph")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bullet list, at most 25 items."""

    items: tuple[Spans, ...]

    def __post_init__(self) -> None:
        check_count(1, 25, len(self.items), "bullets")


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and a text, at most 12: *Not for*: people who …"""

    pairs: tuple[tuple[str, Spans], ...]

    def __post_init__(self) -> None:
        check_count(1, 12, len(self.pairs), "facts")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its name, then one cell a column."""

    name: str
    cells: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class TableGroup:
    """Rows under a common title."""

    title: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `column_names` are those after the first column, which has the names of the rows."""

    column_names: tuple[str, ...]
    groups: tuple[TableGroup, ...]

    def __post_init__(self) -> None:
        check_count(1, 5, len(self.column_names), "a table's columns")
        check_count(1, 25, sum(len(group.rows) for group in self.groups), "a table's rows")
        for group in self.groups:
            for row in group.rows:
                if len(row.cells) != len(self.column_names):
                    raise LimitExceededError(
                        f"row {row.name!r} has {len(row.cells)} cells for {len(self.column_names)} columns"
                    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `value` of `maximum`, both whole points."""

    label: str
    value: int
    maximum: int

    def __post_init__(self) -> None:
        check_length(limits.MAX_LABEL_LENGTH, self.label, "a bar's label")
        if not 0 <= self.value <= self.maximum:
            raise LimitExceededError(f"a bar's value must be between 0 and {self.maximum}, got {self.value}")


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars; renderers show them as a drawing and as numbers."""

    bars: tuple[Bar, ...]

    def __post_init__(self) -> None:
        check_count(1, 10, len(self.bars), "bars")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation or an author's view."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: the source, the limits of a statement."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""


class ButtonStyle(StrEnum):
    """The emphasis of a button."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button; a press sends `action`."""

    label: str
    action: Action
    style: ButtonStyle = ButtonStyle.PLAIN

    def __post_init__(self) -> None:
        check_length(limits.MAX_LABEL_LENGTH, self.label, "a button's label")


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons (five a line on Discord)."""

    buttons: tuple[Button, ...]

    def __post_init__(self) -> None:
        check_count(1, limits.MAX_BUTTONS, len(self.buttons), "buttons")


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a menu; picking it sends `action`."""

    label: str
    action: Action

    def __post_init__(self) -> None:
        check_length(limits.MAX_LABEL_LENGTH, self.label, "a choice's label")


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu; `prompt` is its text while closed."""

    prompt: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        check_length(limits.MAX_LABEL_LENGTH, self.prompt, "a menu's prompt")
        check_count(1, limits.MAX_CHOICES, len(self.choices), "choices")


Block = Heading | Paragraph | Bullets | Facts | Table | Bars | Quote | Note | Divider | Buttons | Menu
