"""Ways of asking: `asks/<card>.txt`, one a line as people write them; `asks/none-<class>.txt` for no card."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ContentProblem
from bot.library.nodes import decoded

OUTSIDE = "none-"
COMMAND = "command-"
"""Begins a class whose questions a command answers; its name follows."""

_LONGEST = 600


@dataclass(frozen=True)
class Asks:
    """Ways of asking by card id and by out-of-scope class, and the file that each id's lines stand in."""

    cards: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)


def read_asks(
    files: Iterable[Path], content: Callable[[Path], bytes | None], problems: list[ContentProblem]
) -> Asks:
    """Read the files; what is wrong with a line goes to `problems`."""
    asks = Asks()
    for file in files:
        text = decoded(file, content(file) or b"", problems) or ""
        lines = tuple(_lines(file, text, problems))
        if file.stem.startswith(OUTSIDE):
            asks.outside[file.stem.removeprefix(OUTSIDE)] = lines
        else:
            asks.cards[file.stem] = lines
            asks.files[file.stem] = file
    return asks


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The ways of asking in a file's text, each with the number of its line."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = unicodedata.normalize("NFC", raw.strip())
        if line and not line.startswith("#"):
            yield number, line


def _lines(file: Path, text: str, problems: list[ContentProblem]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, line in numbered(text):
        if len(line) > _LONGEST:
            message = f"has {len(line)} characters, at most {_LONGEST} fit"
            problems.append(ContentProblem(file, number, 1, "", message))
        elif (first := seen.setdefault(line.casefold(), number)) != number:
            problems.append(ContentProblem(file, number, 1, "", f"stands already in line {first}"))
        else:
            yield line
