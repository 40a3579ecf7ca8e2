"""Ways of asking: `asks/<card>.txt`, one a line as people write them; `asks/none-<class>.txt` for no card."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import Problem

OUTSIDE = "none-"
_LONGEST = 600


@dataclass(frozen=True)
class Asks:
    """Ways of asking by card id and by out-of-scope class, and the file that each id's lines stand in."""

    cards: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)


def read_asks(files: Iterable[Path], content: Callable[[Path], bytes], problems: list[Problem]) -> Asks:
    """Read the files; what is wrong with a line goes to `problems`."""
    asks = Asks()
    for file in files:
        lines = tuple(_lines(file, content(file), problems))
        if file.stem.startswith(OUTSIDE):
            asks.outside[file.stem.removeprefix(OUTSIDE)] = lines
        else:
            asks.cards[file.stem] = lines
            asks.files[file.stem] = file
    return asks


def _lines(file: Path, content: bytes, problems: list[Problem]) -> Iterable[str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = content[: error.start].count(b"\n") + 1
        problems.append(Problem(file, bad, 1, "", "is not UTF-8 here"))
        return
    seen: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = unicodedata.normalize("NFC", raw.strip())
        if not line or line.startswith("#"):
            continue
        if len(line) > _LONGEST:
            problems.append(
                Problem(file, number, 1, "", f"has {len(line)} characters, at most {_LONGEST} fit")
            )
        elif (first := seen.setdefault(line.casefold(), number)) != number:
            problems.append(Problem(file, number, 1, "", f"stands already in line {first}"))
        else:
            yield line
