"""Ways of asking: `asks/<card>.txt`, one a line as people write them; `asks/none-<class>.txt` for no card."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.strict_yaml import decode_text
from bot.errors import ContentProblem

NO_MATCH_PREFIX = "none-"
COMMAND_PREFIX = "command-"
"""Begins a class whose questions a command answers; its name follows."""

_MAX_UTTERANCE_LENGTH = 600


@dataclass(frozen=True)
class Utterances:
    """Ways of asking by card id and by out-of-scope class, and the file that each id's lines stand in."""

    by_card: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_no_match_category: dict[str, tuple[str, ...]] = field(default_factory=dict)
    file_by_card: dict[str, Path] = field(default_factory=dict)


def load_utterances(
    files: Iterable[Path], read_bytes: Callable[[Path], bytes | None], problems: list[ContentProblem]
) -> Utterances:
    """Read the files; what is wrong with a line goes to `problems`."""
    asks = Utterances()
    for file in files:
        text = decode_text(file, read_bytes(file) or b"", problems) or ""
        lines = tuple(_parse_lines(file, text, problems))
        if file.stem.startswith(NO_MATCH_PREFIX):
            asks.by_no_match_category[file.stem.removeprefix(NO_MATCH_PREFIX)] = lines
        else:
            asks.by_card[file.stem] = lines
            asks.file_by_card[file.stem] = file
    return asks


def iter_numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The ways of asking in a file's text, each with the number of its line."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = unicodedata.normalize("NFC", raw.strip())
        if line and not line.startswith("#"):
            yield number, line


def _parse_lines(file: Path, text: str, problems: list[ContentProblem]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, line in iter_numbered_lines(text):
        if len(line) > _MAX_UTTERANCE_LENGTH:
            message = f"has {len(line)} characters, at most {_MAX_UTTERANCE_LENGTH} fit"
            problems.append(ContentProblem(file, number, 1, "", message))
        elif (first := seen.setdefault(line.casefold(), number)) != number:
            problems.append(ContentProblem(file, number, 1, "", f"is already in line {first}"))
        else:
            yield line
