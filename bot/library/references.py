"""What one file says of another: every id that is named must exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import ContentProblem
from bot.library.asks import Asks
from bot.library.assessing import assessment_problems
from bot.library.assessment import Assessment
from bot.library.letters import Letters, reused
from bot.library.library import mark
from bot.library.models import Card, Comparison, Source, Tag, Topic
from bot.library.nodes import Document
from bot.library.tip import Tips, tip_problems


@dataclass(frozen=True)
class Ids:
    """Every id that there is, those included whose own text did not read: one fault is one problem.

    Attributes:
        sources, tags: None when the file that lists them did not read at all; then nobody can say.
    """

    cards: frozenset[str]
    comparisons: frozenset[str]
    sources: frozenset[str] | None
    tags: frozenset[str] | None


@dataclass(frozen=True)
class Read:
    """What was read, each with the document that it stands in."""

    cards: dict[str, tuple[Card, Document]]
    comparisons: dict[str, tuple[Comparison, Document]]
    assessments: dict[str, tuple[Assessment, Document]]
    letters: Letters
    tips: dict[str, tuple[Tips, Document]]
    sources: dict[str, tuple[Source, Document]]
    tags: dict[str, tuple[Tag, Document]]
    ids: Ids


def dangling(read: Read, asks: Asks) -> Iterator[ContentProblem]:
    """Every reference that leads nowhere, and every name that stands for two things."""
    for card_id, (card, document) in read.cards.items():
        yield from _card(card_id, card, document, read)
    for comparison, document in read.comparisons.values():
        yield from _comparison(comparison, document, read)
    for name, (assessment, document) in read.assessments.items():
        yield from assessment_problems(assessment, document, read.ids.sources, read.ids.cards)
        yield from reused(name, assessment, document, read.letters)
    yield from tip_problems(read.tips, read.ids.sources, read.ids.cards)
    yield from _twins(read)
    for card_id, file in asks.files.items():
        if card_id not in read.ids.cards:
            message = f"there is no card {card_id!r}; the file's name is the card's id"
            yield ContentProblem(file, 1, 1, "", message)


def _card(card_id: str, card: Card, document: Document, read: Read) -> Iterator[ContentProblem]:
    for index, tag in enumerate(card.tags):
        if read.ids.tags is not None and tag not in read.ids.tags:
            yield document.problem(("tags", index), f"{tag!r} is not in tags.yaml")
    for index, source in enumerate(card.sources):
        if read.ids.sources is not None and source not in read.ids.sources:
            yield document.problem(("sources", index), f"{source!r} is not in sources.yaml")
    for index, view in enumerate(card.views):
        if view.source not in card.sources:
            yield document.problem(
                ("views", index, "source"), f"{view.source!r} is not among the card's sources"
            )
    for index, related in enumerate(card.related):
        if related == card_id:
            yield document.problem(("related", index), "a card is not related to itself")
        elif related not in read.ids.cards:
            yield document.problem(("related", index), f"there is no card {related!r}")
        elif related in card.related[:index]:
            yield document.problem(("related", index), f"{related!r} stands twice")
    if card.cells is not None:
        comparison_id, topic_id = card.cells.split("/")
        comparison = read.comparisons.get(comparison_id)
        known = comparison_id in read.ids.comparisons
        if not known or (comparison and topic_id not in (topic.id for topic in comparison[0].topics)):
            yield document.problem(("cells",), f"there is no comparison and topic {card.cells!r}")


def _comparison(comparison: Comparison, document: Document, read: Read) -> Iterator[ContentProblem]:
    if read.ids.sources is not None and comparison.source not in read.ids.sources:
        yield document.problem(("source",), f"{comparison.source!r} is not in sources.yaml")
    for option_id, option in comparison.options.items():
        if option.card is not None and option.card not in read.ids.cards:
            yield document.problem(("options", option_id, "card"), f"there is no card {option.card!r}")
    seen: set[str] = set()
    for theme_index, theme in enumerate(comparison.themes):
        for topic_index, topic in enumerate(theme.topics):
            where = ("themes", theme_index, "topics", topic_index)
            if topic.id in seen:
                yield document.problem((*where, "id"), f"the topic {topic.id!r} stands twice")
            seen.add(topic.id)
            if topic.card is not None and topic.card not in read.ids.cards:
                yield document.problem((*where, "card"), f"there is no card {topic.card!r}")
            yield from _topic(topic, where, comparison, document)


def _topic(
    topic: Topic, where: tuple[str | int, ...], comparison: Comparison, document: Document
) -> Iterator[ContentProblem]:
    for option_id in comparison.options:
        if option_id not in topic.cells:
            yield document.problem((*where, "cells"), f"the cell of {option_id!r} is missing")
    for option_id, cell in topic.cells.items():
        here = (*where, "cells", option_id)
        if option_id not in comparison.options:
            yield document.problem(here, f"{option_id!r} is not an option of this comparison")
        if topic.ranks and cell.level is None:
            yield document.problem((*here, "level"), "is missing, since the topic ranks")
        if not topic.ranks and cell.level is not None:
            yield document.problem((*here, "level"), "stands only where the topic has `ranks`")


def _twins(read: Read) -> Iterator[ContentProblem]:
    """Names that must tell two things apart."""
    shorts: dict[str, str] = {}
    marks: dict[str, str] = {}
    for card_id, (card, document) in read.cards.items():
        if (other := shorts.setdefault(card.short.casefold(), card_id)) != card_id:
            yield document.problem(("short",), f"is the name of {other!r} too")
        if (other := marks.setdefault(mark(card_id), card_id)) != card_id:
            yield document.problem((), f"its id and {other!r} have the same mark; rename one")
    quizzes: dict[str, str] = {}
    for name, (_, document) in read.assessments.items():
        if (other := quizzes.setdefault(mark(name), name)) != name:
            yield document.problem((), f"its id and {other!r} have the same mark; rename one")
    for comparison, document in read.comparisons.values():
        names: dict[str, str] = {}
        for option_id, option in comparison.options.items():
            for name in {option_id, option.name.casefold(), *map(str.casefold, option.aliases)}:
                if (other := names.setdefault(name, option_id)) != option_id:
                    where = ("options", option_id, "aliases")
                    yield document.problem(where, f"{name!r} means {other!r} already")
