"""A reply as plain text, for the terminal, the tests and screen readers in Slack."""

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
"""Number of cells in a drawn bar."""

ControlFormatter = Callable[[Button | Choice], str]
SpansFormatter = Callable[[Spans], str]


def render_plain(reply: Reply, format_spans: SpansFormatter = spans_to_text) -> str:
    """Return the whole reply, with the labels of buttons and menus.

    Args:
        format_spans: formats spans; every text except our own signs goes through it.
    """
    return render_plain_blocks(
        reply.blocks, lambda control: f"[{format_spans((Text(control.label),))}]", format_spans
    )


def render_numbered(reply: Reply) -> tuple[str, tuple[Button | Choice, ...]]:
    """Return the whole reply with its controls numbered, and the controls in that order."""
    controls: list[Button | Choice] = []

    def format_control(control: Button | Choice) -> str:
        controls.append(control)
        return f"[{len(controls)}] {control.label}"

    return render_plain_blocks(reply.blocks, format_control), tuple(controls)


def render_plain_blocks(
    blocks: tuple[Block, ...],
    format_control: ControlFormatter = lambda control: f"[{control.label}]",
    format_spans: SpansFormatter = spans_to_text,
) -> str:
    """Return blocks as plain text with empty lines between; `format_control` formats a button or choice."""
    return "\n\n".join(_render_block(block, format_control, format_spans) for block in blocks)


def render_bar(value: int, maximum: int) -> str:
    """Return a bar of ten cells: `███████░░░`; full only when `value` reaches `maximum`."""
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
                f"{format_spans((Text(bar.label),))}: {render_bar(bar.value, bar.maximum)} {bar.value}/{bar.maximum}"
                for bar in bars
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
    """Return each row under its group and each cell on its own line: readable at any width and aloud."""
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
