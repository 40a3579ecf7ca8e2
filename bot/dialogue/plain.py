"""A reply as plain text: what the terminal shows, the tests read, and screen readers in Slack read out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from bot.dialogue.blocks import (
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
from bot.dialogue.spans import Spans, Text, words

if TYPE_CHECKING:
    from bot.dialogue.reply import Reply

BAR_CELLS = 10
"""How many cells a drawn bar has."""

Mark = Callable[[Button | Choice], str]
Say = Callable[[Spans], str]


def plain(reply: Reply, say: Say = words) -> str:
    """The whole reply, labels of buttons and menus included.

    Args:
        say: writes a run of spans; all that is not a sign of ours goes through it.
    """
    return plain_blocks(reply.blocks, lambda press: f"[{say((Text(press.label),))}]", say)


def numbered(reply: Reply) -> tuple[str, tuple[Button | Choice, ...]]:
    """The whole reply with a number before everything that can be pressed, and those things in that order."""
    presses: list[Button | Choice] = []

    def mark(press: Button | Choice) -> str:
        presses.append(press)
        return f"[{len(presses)}] {press.label}"

    return plain_blocks(reply.blocks, mark), tuple(presses)


def plain_blocks(
    blocks: tuple[Block, ...], mark: Mark = lambda press: f"[{press.label}]", say: Say = words
) -> str:
    """Blocks as plain text, one empty line between two; `mark` writes a button or a choice."""
    return "\n\n".join(_block(block, mark, say) for block in blocks)


def bar(value: int, most: int) -> str:
    """A bar of ten cells: `███████░░░`; full only when `value` reaches `most`."""
    filled = value * BAR_CELLS // most if most else 0
    return "█" * filled + "░" * (BAR_CELLS - filled)


def _block(block: Block, mark: Mark, say: Say) -> str:
    match block:
        case Heading(text):
            return say((Text(text),))
        case Paragraph(spans) | Quote(spans) | Note(spans):
            return say(spans)
        case Bullets(items):
            return "\n".join(f"• {say(item)}" for item in items)
        case Facts(pairs):
            return "\n".join(f"{say((Text(name),))}: {say(value)}" for name, value in pairs)
        case Table():
            return _table(block, say)
        case Bars(bars):
            return "\n".join(
                f"{say((Text(b.label),))}: {bar(b.value, b.most)} {b.value}/{b.most}" for b in bars
            )
        case Divider():
            return "───"
        case Buttons(buttons):
            return "  ".join(map(mark, buttons))
        case Menu(prompt, choices):
            return "\n".join((f"{say((Text(prompt),))}:", *map(mark, choices)))
        case _:
            assert_never(block)


def _table(table: Table, say: Say) -> str:
    """Each row under its group, each cell on a line of its own: readable at any width and aloud."""
    lines: list[str] = []
    for group in table.groups:
        if lines:
            lines.append("")
        lines.append(say((Text(group.title.upper()),)))
        for row in group.rows:
            lines.append(say((Text(row.name),)))
            lines.extend(
                f"  {say((Text(head),))}: {say(cell)}"
                for head, cell in zip(table.head, row.cells, strict=True)
            )
    return "\n".join(lines)
