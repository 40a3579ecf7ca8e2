"""Which options of which comparison a person named, typos and aliases allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.content.aliases import OptionAliases, normalize_words, split_words
from bot.content.content import Content
from bot.content.models import Comparison

_MAX_TEXT_LENGTH = 500  # characters that are read
_WORD = re.compile(r"\w+")
_MIN_SIMILARITY = 82.0  # rapidfuzz ratio: "acadmia", "bitech"
_FILLER_WORDS = frozenset(("and", "vs", "versus", "or", "with", "to", "against", "v", "the"))
_BY_WORD = "by"


@dataclass(frozen=True, slots=True)
class MatchedOptions:
    """What was asked to stand side by side.

    Attributes:
        comparison: its id; None when nothing was named.
        options: ids in the comparison's own order; empty for all.
        narrowed: the id of a theme or of a topic; None for all.
    """

    comparison_id: str | None = None
    options: tuple[str, ...] = ()
    part_id: str | None = None


def match_options(text: str, content: Content) -> MatchedOptions | None:
    """Read `big-tech academia by data`; None when a word fits nothing.

    A name that several comparisons know ("research") is read as the one that the other names belong to.
    """
    names, by = _split_by_clause(split_words(text[:_MAX_TEXT_LENGTH]))
    if not names and not by:
        return MatchedOptions()
    candidates = [
        wanted
        for comparison_id, comparison in content.comparisons.items()
        if (
            wanted := _match_comparison(
                comparison_id, comparison, content.option_aliases[comparison_id], names, by
            )
        )
        is not None
    ]
    if not candidates:
        return None
    # The comparison that is named most fully; on a tie the first, so the answer stays the same.
    return max(candidates, key=lambda wanted: len(wanted.options))


def find_named_options(text: str, content: Content) -> dict[str, list[str]]:
    """By comparison the options whose names stand in a text, for saying which belong together."""
    words = split_words(text[:_MAX_TEXT_LENGTH])
    return {
        comparison_id: found
        for comparison_id, names in content.option_aliases.items()
        if (found := [option for option, _ in _find_mentions(words, names)])
    }


def matches_prefix(typed: str, name: str) -> bool:
    """Whether every word typed so far begins a word of a name: `big-t` may become "Big tech, Biotech"."""
    known = _WORD.findall(name.casefold())
    return all(any(word.startswith(part) for word in known) for part in _WORD.findall(typed[:500].casefold()))


def _split_by_clause(words: list[str]) -> tuple[list[str], list[str]]:
    if _BY_WORD not in words:
        return words, []
    at = len(words) - 1 - words[::-1].index(_BY_WORD)
    return words[:at], words[at + 1 :]


def _match_comparison(
    comparison_id: str, comparison: Comparison, aliases: OptionAliases, words: list[str], by_words: list[str]
) -> MatchedOptions | None:
    found = dict.fromkeys(_match_all_words(words, comparison, aliases) or ())
    if words and not found:
        return None
    narrowed = _find_part(by_words, comparison) if by_words else None
    if by_words and narrowed is None:
        return None
    options = tuple(option for option in comparison.options if option in found)
    return MatchedOptions(comparison_id, options, narrowed)


def _match_all_words(words: list[str], comparison: Comparison, aliases: OptionAliases) -> list[str] | None:
    """The options that the words name; None when a word is left that names nothing."""
    if words and normalize_words(words) in aliases.whole_comparison:
        return list(comparison.options)
    mentions = _find_mentions(words, aliases)
    covered = {at for _, places in mentions for at in places}
    if any(at not in covered and word not in _FILLER_WORDS for at, word in enumerate(words)):
        return None
    return [option for option, _ in mentions]


def _find_mentions(words: list[str], aliases: OptionAliases) -> list[tuple[str, range]]:
    """Options in the order they are named, each with the places of its words; longest names first."""
    found: list[tuple[str, range]] = []
    at = 0
    while at < len(words):
        for length in range(min(aliases.max_words, len(words) - at), 0, -1):
            option = _find_option(words[at : at + length], aliases)
            if option is not None:
                found.append((option, range(at, at + length)))
                at += length
                break
        else:
            at += 1
    return found


def _find_option(words: list[str], aliases: OptionAliases) -> str | None:
    exact = aliases.option_by_words.get(tuple(words))
    if exact is not None:
        return exact
    text = " ".join(words)
    if len(text) < 5:
        return None
    known = aliases.option_by_text.get(len(words), {})
    near = process.extractOne(text, known.keys(), scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
    return known[near[0]] if near else None


def _find_part(by_words: list[str], comparison: Comparison) -> str | None:
    """The theme or topic in whose name or id each of these words is, or begins one."""
    by_words = [part for word in by_words for part in word.split("-") if part]
    themes = [(theme.id, f"{theme.id} {theme.name}") for theme in comparison.themes]
    topics = [(topic.id, f"{topic.id} {topic.name}") for topic in comparison.topics]
    for found in (*themes, *topics):
        known = [word.casefold() for word in re.split(r"[^\w]+", found[1]) if word]
        if all(
            any(k.startswith(word) or fuzz.ratio(word, k) >= _MIN_SIMILARITY for k in known)
            for word in by_words
        ):
            return found[0]
    return None
