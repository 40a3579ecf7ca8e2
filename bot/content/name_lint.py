"""Names that are too alike, steps that lead nowhere, and dates that are still to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations

from rapidfuzz import fuzz, utils

from bot.content.content import Content
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem

_MIN_SIMILARITY = 85.0  # of 100, rapidfuzz ratio; a reader of a menu takes both for the same thing


def find_similar_names(content: Content, documents: Mapping[str, YamlDocument]) -> Iterator[ContentProblem]:
    """Yield quizzes among themselves, and comparisons, whose titles or short names are nearly the same."""
    for folder, items in (("comparisons", content.comparisons), ("quizzes", content.quizzes)):
        for (first_id, first), (second_id, second) in combinations(items.items(), 2):
            for key in ("title", "short"):
                names = getattr(first, key), getattr(second, key)
                if fuzz.ratio(*names, processor=utils.default_process) >= _MIN_SIMILARITY:
                    message = f"is nearly the {key} of {first_id!r}: {names[0]!r}; make the difference clear"
                    yield documents[f"{folder}/{second_id}.yaml"].build_problem((key,), message)


def find_unlinked_steps(content: Content, documents: Mapping[str, YamlDocument]) -> Iterator[ContentProblem]:
    """Yield the comparisons and quizzes that no card names as its next step."""
    for folder, key, ids in (
        ("comparisons", "comparison", content.comparisons),
        ("quizzes", "quiz", content.quizzes),
    ):
        named = {getattr(card, key) for card in content.cards.values()}
        for item_id in ids:
            if named != {None} and item_id not in named:
                message = f"no card names this {key}; add `{key}: {item_id}` to the cards that lead to it"
                yield documents[f"{folder}/{item_id}.yaml"].build_problem((), message)


def find_future_dates(
    content: Content, documents: Mapping[str, YamlDocument], today: date
) -> Iterator[ContentProblem]:
    """Yield review dates and years after today; a day's grace, since it is tomorrow somewhere already."""
    for card_id, card in content.cards.items():
        document = documents[f"cards/{card_id}.yaml"]
        if card.reviewed > today + timedelta(days=1):
            message = f"must not be in the future, got {card.reviewed}"
            yield document.build_problem(("reviewed",), message)
        for index, item in enumerate(card.further_reading):
            if item.year is not None and item.year > today.year:
                message = f"must not be in the future, got {item.year}"
                yield document.build_problem(("further_reading", index, "year"), message)
    for source_id, source in content.sources.items():
        if source.year is not None and source.year > today.year:
            message = f"must not be in the future, got {source.year}"
            yield documents["sources.yaml"].build_problem((source_id, "year"), message)
