"""The input of `compare`, and the arguments of its buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from bot.commands.command import Context
from bot.commands.inputs import looks_like_question
from bot.content.content import Content, short_hash
from bot.domain.option_matching import MatchedOptions, match_options
from bot.errors import UserFacingError

_LIST_SEPARATOR = re.compile(r", ?| (?:vs|versus|v|or|and|with|to|against) ", re.IGNORECASE)
_MAX_NAME_WORDS = 2  # words of an option's name: "big tech"
_BY = " by "


@dataclass(frozen=True, slots=True)
class CompareInput:
    """Which options to compare.

    Attributes:
        text: what the person wrote.
        matched: the options and the part; None when a word of the text names nothing.
        unknown_part: the words after `by` when only they name nothing, else empty; `matched` is then the
            rest of the text.
    """

    text: str
    matched: MatchedOptions | None
    unknown_part: str = ""

    @classmethod
    def from_text(cls, text: str, content: Content) -> Self:
        """Match `big-tech academia by data` with the comparisons."""
        text = " ".join(text.split())
        matched = match_options(text, content)
        options, separator, part = f" {text.casefold()}".rpartition(_BY)
        if matched is None and separator and (without_part := match_options(options, content)) is not None:
            return cls(text, without_part, part.strip())
        return cls(text, matched)

    @classmethod
    def parse(cls, words: str, context: Context) -> Self | None:
        """Parse a typed line; None for a sentence like "compare my two job offers please"."""
        command_input = cls.from_text(words, context.content)
        if command_input.matched is None and looks_like_question(words) and not _is_list(words):
            return None
        return command_input

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], context: Context) -> Self:
        """Build it from the options `options` and `by`."""
        by = fields.get("by", "").strip()
        parts = (fields.get("options", "").strip(), f"by {by}" if by else "")
        return cls.from_text(" ".join(filter(None, parts)), context.content)


def _is_list(words: str) -> bool:
    """Return whether the words are several short names: `python, rust, julia, go and c`."""
    names = _LIST_SEPARATOR.split(words)
    return len(names) > 1 and all(
        1 <= len(name.split()) <= _MAX_NAME_WORDS and not looks_like_question(name) for name in names
    )


@dataclass(frozen=True, slots=True)
class ComparisonArgs:
    """A comparison in a button: hashes, so that five options fit.

    Attributes:
        part_hash: of a theme or topic; empty for all of them.
        option_hashes: at least one.
    """

    comparison_hash: str
    part_hash: str
    option_hashes: tuple[str, ...]

    def encode(self) -> tuple[str, ...]:
        """Return comparison, part and the options, joined by `+`."""
        return self.comparison_hash, self.part_hash, "+".join(self.option_hashes)

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote."""
        match args:
            case (comparison_hash, part_hash, options) if comparison_hash and all(options.split("+")):
                return cls(comparison_hash, part_hash, tuple(options.split("+")))
            case _:
                return None


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The visible columns and the visible part of a comparison.

    Attributes:
        part_id: the id of a theme or topic; None for all of them.
    """

    comparison_id: str
    options: tuple[str, ...]
    part_id: str | None

    def encode_args(self, part_id: str | None) -> tuple[str, ...]:
        """Return the arguments of a button that shows the same columns of another part."""
        part_hash = short_hash(part_id) if part_id else ""
        args = ComparisonArgs(short_hash(self.comparison_id), part_hash, tuple(map(short_hash, self.options)))
        return args.encode()

    @classmethod
    def from_args(cls, args: ComparisonArgs, content: Content) -> Self:
        """Look up the hashes of a button.

        Raises:
            UserFacingError: when the content has changed since and one of them is gone.
        """
        comparison_id = _find_by_hash(args.comparison_hash, content.comparisons)
        comparison = content.comparisons[comparison_id]
        options = tuple(_find_by_hash(option, comparison.options) for option in args.option_hashes)
        parts = [*(theme.id for theme in comparison.themes), *(topic.id for topic in comparison.topics)]
        return cls(comparison_id, options, _find_by_hash(args.part_hash, parts) if args.part_hash else None)

    @classmethod
    def from_matched(cls, matched: MatchedOptions, content: Content) -> Self:
        """Show the named columns; a single one next to all others of its comparison."""
        assert matched.comparison_id is not None
        comparison = content.comparisons[matched.comparison_id]
        options = matched.options if len(matched.options) > 1 else tuple(comparison.options)
        return cls(matched.comparison_id, options, matched.part_id)


def _find_by_hash(text: str, content_ids: Iterable[str]) -> str:
    for content_id in content_ids:
        if short_hash(content_id) == text:
            return content_id
    raise UserFacingError("compare.gone")
