"""One tip: a thought for a day, tied to the card that says more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Annotated

from pydantic import RootModel
from rapidfuzz import fuzz

from bot.content.did_you_mean import suggest
from bot.content.models import ContentModel, Id, sentence_validator
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem
from bot.messaging.spans import Spans, spans_to_text

MAX_TIP_LENGTH = 280
_MIN_SIMILARITY = 85.0  # rapidfuzz token_set_ratio; a reader of both would think it one tip


class Tip(ContentModel):
    """A tip; its tags and its review date are its card's."""

    id: Id
    """Never another tip's, in whatever file: channels remember which they have had."""
    text: Annotated[Spans, sentence_validator(MAX_TIP_LENGTH)]
    """Whole in itself, at most 280 characters; a figure or an opinion names whose it is."""
    card: Id
    source: Id


class TipFile(RootModel[tuple[Tip, ...]]):
    """One file: a list."""


TipFiles = Mapping[str, tuple[TipFile, YamlDocument]]


def find_tip_problems(
    tip_files: TipFiles, sources: Collection[str] | None, cards: Collection[str]
) -> Iterator[ContentProblem]:
    """Ids that lead nowhere or stand for two tips."""
    seen: dict[str, str] = {}
    for name, (tips, document) in tip_files.items():
        for index, tip in enumerate(tips.root):
            if tip.card not in cards:
                yield document.build_problem(
                    (index, "card"), f"there is no card {tip.card!r}{suggest(tip.card, cards)}"
                )
            if sources is not None and tip.source not in sources:
                yield document.build_problem(
                    (index, "source"), f"{tip.source!r} is not in sources.yaml{suggest(tip.source, sources)}"
                )
            if (first := seen.setdefault(tip.id, name)) != name or any(
                tip.id == other.id for other in tips.root[:index]
            ):
                yield document.build_problem((index, "id"), f"{tip.id!r} is already in tips/{first}.yaml")


def find_similar_tips(tips: Collection[Tip]) -> Iterator[tuple[Tip, Tip]]:
    """Pairs that say nearly the same; a channel that gets both gets one twice."""
    keyed = [(tip, spans_to_text(tip.text).casefold()) for tip in tips]
    for (one, first), (other, second) in combinations(keyed, 2):
        if fuzz.token_set_ratio(first, second, score_cutoff=_MIN_SIMILARITY):
            yield one, other
