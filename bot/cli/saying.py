"""How the verbs print: what the bot answers, and what an author should mend."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot.errors import ContentProblem
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Form, Reply


def show(text: str) -> None:
    """Print a text; what the terminal cannot write becomes a question mark, never a traceback."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))


def shown(answer: Reply | Form) -> str:
    """A reply as plain text; a form as its title and its fields."""
    if isinstance(answer, Reply):
        return render_plain(answer)
    return "\n".join((answer.title, *(f"{field.label}: {field.hint}" for field in answer.fields)))


def line(problem: ContentProblem, mark: str = "") -> str:
    """`content/cards/phd.yaml:31:5 views: needs at least two`, the file as seen from here.

    Args:
        mark: stands between the place and what is wrong: `warning: `.
    """
    place, _, rest = str(replace(problem, file=near(problem.file))).partition(" ")
    return f"{place} {mark}{rest}"


def near(file: Path) -> Path:
    """The file as seen from the current folder, when it lies under it."""
    here = Path.cwd()
    return file.resolve().relative_to(here) if file.resolve().is_relative_to(here) else file


def counted(number: int, one: str, other: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{number} {one if number == 1 else other}"


def lines(problems: Iterable[ContentProblem], mark: str = "") -> str:
    """One line a problem."""
    return "\n".join(line(problem, mark) for problem in problems)
