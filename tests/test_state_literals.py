"""States and reasons of the outbox are written in one place: their enums."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.domain.outbox import DeliveryState, NotificationKind, PauseReason, SkipReason

BOT = Path(__file__).parent.parent / "bot"
HOME = "domain/outbox.py"
VALUES = {
    str(member) for enum in (DeliveryState, PauseReason, SkipReason, NotificationKind) for member in enum
}
# The same words with another meaning: none of them is compared with a row or written to one.
OTHER_MEANINGS = {
    ("content/figures_lock.py", "ours"),  # a figure of our own
    ("cli/__init__.py", "new"),  # a verb of the command line
    ("messaging/channel_access.py", "forbidden"),  # a value of its own enum, as the three of `ReplyOutcome`
    ("messaging/reply.py", "failed"),
    ("messaging/reply.py", "missed"),
    ("messaging/reply.py", "refused"),
    ("platforms/slack/socket_mode.py", "refused"),  # in a log line, where Slack gave no code
    ("platforms/web/forms.py", "failed"),  # a CSS class
    ("supervisor.py", "failed"),  # a state of tasks
}


def _find_literals(source: str) -> Iterator[str]:
    """Every text of a module that is a state or reason."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in VALUES:
            yield node.value


def test_no_bare_state_or_reason_outside_the_enums() -> None:
    found = {
        (name, literal)
        for file in sorted(BOT.rglob("*.py"))
        if (name := file.relative_to(BOT).as_posix()) != HOME and "migrations" not in file.parts
        for literal in _find_literals(file.read_text())
    }
    assert found - OTHER_MEANINGS == set()


def test_a_planted_literal_is_found() -> None:
    planted = (
        'if row.state == "sending" or reason in ("gone", "a word"):\n    values = {"state": "skipped"}\n'
    )
    assert sorted(_find_literals(planted)) == ["gone", "sending", "skipped"]
