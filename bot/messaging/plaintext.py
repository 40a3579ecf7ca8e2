"""A reply as plain text: what the terminal shows, the tests read, and screen readers in Slack read out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from bot.messaging.blocks import (
    Bars,
    Block,
    Bullets,
    Button,
    Buttons,
    Choice,
    Divider,
    Facts,
    Heading,
    Menu,
    Note,
    Paragraph,
    Quote,
    Table,
)
from bot.messaging.spans import Spans, Text, spans_to_text

if TYPE_CHECKING:
    from bot.messaging.reply import Reply

BAR_WIDTH = 10
"""How many cells a drawn bar has."""

ControlFormatter = Callable[[Button | Choice], str]
SpansFormatter = Callable[[Spans], str]


def render_plain(reply: Reply, format_spans: SpansFormatter = spans_to_text) -> str:
    """The whole reply, labels of buttons and menus included.

    Args:
        say: writes a run of spans; all that is not a sign of ours goes through it.
    """
    return render_plain_blocks(
        reply.blocks, lambda press: f"[{format_spans((Text(press.label),))}]", format_spans
    )


def render_numbered(reply: Reply) -> tuple[str, tuple[Button | Choice, ...]]:
    """The whole reply with a number before everything that can be pressed, and those things in that order."""
    presses: list[Button | Choice] = []

    def mark(press: Button | Choice) -> str:
        presses.append(press)
        return f"[{len(presses)}] {press.label}"

    return render_plain_blocks(reply.blocks, mark), tuple(presses)


def render_plain_blocks(
    blocks: tuple[Block, ...],
    format_control: ControlFormatter = lambda press: f"[{press.label}]",
    format_spans: SpansFormatter = spans_to_text,
) -> str:
    """Blocks as plain text, one empty line between two; `mark` writes a button or a choice."""
    return "\n\n".join(_render_block(block, format_control, format_spans) for block in blocks)


def render_bar(value: int, maximum: int) -> str:
    """A bar of ten cells: `███████░░░`; full only when `value` reaches `most`."""
    filled = value * BAR_WIDTH // maximum if maximum else 0
    return "█" * filled + "░" * (BAR_WIDTH - filled)


def _render_block(block: Block, format_control: ControlFormatter, format_spans: SpansFormatter) -> str:
    match block:
        case Heading(text):
            return format_spans((Text(text),))
        case Paragraph(spans) | Quote(spans) | Note(spans):
            return format_spans(spans)
        case Bullets(items):
            return "\n".join(f"• {format_spans(item)}" for item in items)
        case Facts(pairs):
            return "\n".join(f"{format_spans((Text(name),))}: {format_spans(value)}" for name, value in pairs)
        case Table():
            return _render_table(block, format_spans)
        case Bars(bars):
            return "\n".join(
                f"{format_spans((Text(b.label),))}: {render_bar(b.value, b.maximum)} {b.value}/{b.maximum}"
                for b in bars
            )
        case Divider():
            return "───"
        case Buttons(buttons):
            return "  ".join(map(format_control, buttons))
        case Menu(prompt, choices):
            return "\n".join((f"{format_spans((Text(prompt),))}:", *map(format_control, choices)))
        case _:
            assert_never(block)


def _render_table(table: Table, format_spans: SpansFormatter) -> str:
    """Each row under its group, each cell on a line of its own: readable at any width and aloud."""
    lines: list[str] = []
    for group in table.groups:
        if lines:
            lines.append("")
        lines.append(format_spans((Text(group.title.upper()),)))
        for row in group.rows:
            lines.append(format_spans((Text(row.name),)))
            lines.extend(
                f"  {format_spans((Text(head),))}: {format_spans(cell)}"
                for head, cell in zip(table.column_names, row.cells, strict=True)
            )
    return "\n".join(lines)
