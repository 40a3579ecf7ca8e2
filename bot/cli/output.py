"""How the subcommands read and print: files, what the bot answers, and what an author should fix."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot.errors import ContentProblem
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Form, Reply


def print_text(text: str) -> None:
    """Print a text; what the terminal cannot encode becomes a question mark, never a traceback."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))


def read_input(file: Path) -> bytes:
    """Return a file's bytes; standard input's for `-`."""
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


def format_answer(answer: Reply | Form) -> str:
    """Return a reply as plain text; a form as its title and its fields."""
    if isinstance(answer, Reply):
        return render_plain(answer)
    return "\n".join((answer.title, *(f"{field.label}: {field.hint}" for field in answer.fields)))


def format_problem(problem: ContentProblem, prefix: str = "") -> str:
    """`content/cards/phd.yaml:31:5 views: needs at least two`, the file as seen from here.

    Args:
        prefix: comes between the place and the message: `warning: `.
    """
    place, _, rest = str(replace(problem, file=to_relative_path(problem.file))).partition(" ")
    return f"{place} {prefix}{rest}"


def to_relative_path(file: Path) -> Path:
    """Return the file's path from the current folder, when it is under it."""
    here = Path.cwd()
    return file.resolve().relative_to(here) if file.resolve().is_relative_to(here) else file


def format_count(number: int, singular: str, plural: str) -> str:
    """Return `1 error` or `3 errors`."""
    return f"{number} {singular if number == 1 else plural}"


def format_problems(problems: Iterable[ContentProblem], prefix: str = "") -> str:
    """Return one line a problem."""
    return "\n".join(format_problem(problem, prefix) for problem in problems)
