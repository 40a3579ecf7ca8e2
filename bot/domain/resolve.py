"""Which options of which comparison a person named, typos and aliases allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.library.library import Library
from bot.library.models import Comparison
from bot.library.names import Names, plain, words_of

_LONGEST = 500  # characters that are read
_PART = re.compile(r"\w+")
_NEAR = 82.0  # rapidfuzz ratio: "acadmia", "bitech"
_BETWEEN = frozenset(("and", "vs", "versus", "or", "with", "to", "against", "v", "the"))
_BY = "by"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked to stand side by side.

    Attributes:
        comparison: its id; None when nothing was named.
        options: ids in the comparison's own order; empty for all.
        narrowed: the id of a theme or of a topic; None for all.
    """

    comparison: str | None = None
    options: tuple[str, ...] = ()
    narrowed: str | None = None


def resolve(text: str, library: Library) -> Wanted | None:
    """Read `big-tech academia by data`; None when a word fits nothing.

    A name that several comparisons know ("research") is read as the one that the other names belong to.
    """
    names, by = _split(words_of(text[:_LONGEST]))
    if not names and not by:
        return Wanted()
    candidates = [
        wanted
        for comparison_id, comparison in library.comparisons.items()
        if (wanted := _within(comparison_id, comparison, library.names[comparison_id], names, by)) is not None
    ]
    if not candidates:
        return None
    # The comparison that is named most fully; on a tie the first, so the answer stays the same.
    return max(candidates, key=lambda wanted: len(wanted.options))


def named_options(text: str, library: Library) -> dict[str, list[str]]:
    """By comparison the options whose names stand in a text, for saying which belong together."""
    words = words_of(text[:_LONGEST])
    return {
        comparison_id: found
        for comparison_id, names in library.names.items()
        if (found := [option for option, _ in _mentions(words, names)])
    }


def begins(typed: str, name: str) -> bool:
    """Whether every word typed so far begins a word of a name: `big-t` may become "Big tech, Biotech"."""
    known = _PART.findall(name.casefold())
    return all(any(word.startswith(part) for word in known) for part in _PART.findall(typed[:500].casefold()))


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    if _BY not in words:
        return words, []
    at = len(words) - 1 - words[::-1].index(_BY)
    return words[:at], words[at + 1 :]


def _within(
    comparison_id: str, comparison: Comparison, names: Names, words: list[str], by: list[str]
) -> Wanted | None:
    found = dict.fromkeys(_options(words, comparison, names) or ())
    if words and not found:
        return None
    narrowed = _narrowed(by, comparison) if by else None
    if by and narrowed is None:
        return None
    options = tuple(option for option in comparison.options if option in found)
    return Wanted(comparison_id, options, narrowed)


def _options(words: list[str], comparison: Comparison, names: Names) -> list[str] | None:
    """The options that the words name; None when a word is left that names nothing."""
    if words and plain(words) in names.whole:
        return list(comparison.options)
    mentions = _mentions(words, names)
    covered = {at for _, places in mentions for at in places}
    if any(at not in covered and word not in _BETWEEN for at, word in enumerate(words)):
        return None
    return [option for option, _ in mentions]


def _mentions(words: list[str], names: Names) -> list[tuple[str, range]]:
    """Options in the order they are named, each with the places of its words; longest names first."""
    found: list[tuple[str, range]] = []
    at = 0
    while at < len(words):
        for length in range(min(names.longest, len(words) - at), 0, -1):
            option = _named(words[at : at + length], names)
            if option is not None:
                found.append((option, range(at, at + length)))
                at += length
                break
        else:
            at += 1
    return found


def _named(words: list[str], names: Names) -> str | None:
    exact = names.exact.get(tuple(words))
    if exact is not None:
        return exact
    text = " ".join(words)
    if len(text) < 5:
        return None
    known = names.texts.get(len(words), {})
    near = process.extractOne(text, known.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return known[near[0]] if near else None


def _narrowed(by: list[str], comparison: Comparison) -> str | None:
    """The theme or topic in whose name or id each of these words is, or begins one."""
    by = [part for word in by for part in word.split("-") if part]
    themes = [(theme.id, f"{theme.id} {theme.name}") for theme in comparison.themes]
    topics = [(topic.id, f"{topic.id} {topic.name}") for topic in comparison.topics]
    for found in (*themes, *topics):
        known = [word.casefold() for word in re.split(r"[^\w]+", found[1]) if word]
        if all(any(k.startswith(word) or fuzz.ratio(word, k) >= _NEAR for k in known) for word in by):
            return found[0]
    return None
