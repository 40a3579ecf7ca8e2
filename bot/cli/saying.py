"""How the verbs print what an author should mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot.errors import Problem


def line(problem: Problem, mark: str = "") -> str:
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


def lines(problems: Iterable[Problem], mark: str = "") -> str:
    """One line a problem."""
    return "\n".join(line(problem, mark) for problem in problems)
