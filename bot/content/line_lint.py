"""Faults that a YAML parser reports badly or far away: each is named here on its own line.

An invisible character, a merge marker, a no-break space or a full-width colon in a key's place, a colon
without its space, and a quote that is never closed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_MERGE_MARKER = re.compile(r"(<{7}|={7}|>{7}|\|{7})(?: |$)")
_KEY = r"[A-Za-z0-9_][\w.-]*"
_NO_BREAK_SPACE = re.compile(rf"(?:[ -]*(\u00a0)[\u00a0 ]*(?:- )?{_KEY}:)|(?:[ -]*{_KEY}\u00a0*:(\u00a0))")
_FULL_WIDTH_COLON = re.compile(rf"[ -]*{_KEY}(\uff1a)")
_MISSING_SPACE = re.compile(rf" *(?:- )*{_KEY}:(?=[^\s:/])")
_OPENING_QUOTE = re.compile(rf" *(?:- +)*(?:{_KEY}: +)?(?=[\"'])")
_AFTER_QUOTE = re.compile(r"\s*(?:#.*|[,\]}].*|:.*)?$")


class LineProblem(NamedTuple):
    """A fault: line and column from 1, and the sentence."""

    line: int
    column: int
    message: str


def find_invisible_characters(lines: Sequence[str]) -> Iterator[LineProblem]:
    """Yield each line's first character of no width or that turns the direction of a text."""
    for number, line in enumerate(lines, start=1):
        if match := _INVISIBLE.search(line):
            character = match.group()
            name = unicodedata.name(character, "unnamed").lower()
            message = f"holds the invisible character U+{ord(character):04X} ({name}) here; take it out"
            yield LineProblem(number, match.start() + 1, message)


def find_merge_markers(lines: Sequence[str]) -> Iterator[LineProblem]:
    """Yield the lines that git left where two versions conflict."""
    for number, line in enumerate(lines, start=1):
        if match := _MERGE_MARKER.match(line):
            message = f"a merge marker ({match[1]}): keep one of the two versions and take the markers out"
            yield LineProblem(number, 1, message)


def find_lookalikes(lines: Sequence[str]) -> Iterator[LineProblem]:
    """Yield the lines whose key is spoiled by a character that looks like a space or a colon."""
    for number, line in enumerate(lines, start=1):
        if match := _NO_BREAK_SPACE.match(line):
            column = match.start(1 if match[1] else 2) + 1
            yield LineProblem(number, column, "a no-break space is here; write an ordinary space")
        elif match := _FULL_WIDTH_COLON.match(line):
            yield LineProblem(
                number, match.start(1) + 1, "a full-width colon is here; write an ordinary colon"
            )


def find_missing_space(lines: Sequence[str], error_line: int) -> LineProblem | None:
    """Return the line nearest to a syntax error, at most two above it, whose colon has no space after it."""
    for number in range(min(error_line, len(lines)), max(error_line - 3, 0), -1):
        if match := _MISSING_SPACE.match(lines[number - 1]):
            return LineProblem(number, match.end() + 1, "a colon needs a space after it")
    return None


def find_unclosed_quote(lines: Sequence[str]) -> LineProblem | None:
    """Return where the first quote opens that is not closed before its value ends.

    It is never closed at all, or the quote that closes it is the opening one of a later value.
    """
    number = 0
    while number < len(lines):
        match = _OPENING_QUOTE.match(lines[number])
        if match is None:
            number += 1
            continue
        end = _find_closing_quote(lines, number, match.end())
        if end is None or not _AFTER_QUOTE.match(lines[end[0]][end[1] :]):
            return LineProblem(number + 1, match.end() + 1, "the quote that opens here is never closed")
        number = end[0] + 1
    return None


def _find_closing_quote(lines: Sequence[str], line: int, column: int) -> tuple[int, int] | None:
    """Return line and column, both from 0, after the quote that closes the one at a place."""
    quote = lines[line][column]
    closing = re.compile(r"\\.|\"" if quote == '"' else r"''|'")
    column += 1
    for number in range(line, len(lines)):
        for match in closing.finditer(lines[number], column if number == line else 0):
            if match.group() == quote:
                return number, match.end()
    return None
