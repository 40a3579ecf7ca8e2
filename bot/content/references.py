"""References from one file to another: every id that is named must exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.answer_codes import AnswerCodes, find_reused_codes
from bot.content.content import short_hash
from bot.content.did_you_mean import suggest
from bot.content.models import Card, Comparison, Source, Tag, Topic
from bot.content.quiz_models import Quiz
from bot.content.quiz_rules import find_quiz_problems
from bot.content.strict_yaml import YamlDocument
from bot.content.tip_models import TipFile, find_tip_problems
from bot.content.utterances import Utterances
from bot.errors import ContentProblem


@dataclass(frozen=True)
class KnownIds:
    """Every id, those included whose own text is not valid: one fault is one problem.

    Attributes:
        sources, tags: None when the file that lists them did not read at all; then nobody can say.
    """

    cards: frozenset[str]
    comparisons: frozenset[str]
    quizzes: frozenset[str]
    sources: frozenset[str] | None
    tags: frozenset[str] | None


@dataclass(frozen=True)
class ParsedContent:
    """The parsed files, each with its document."""

    cards: dict[str, tuple[Card, YamlDocument]]
    comparisons: dict[str, tuple[Comparison, YamlDocument]]
    quizzes: dict[str, tuple[Quiz, YamlDocument]]
    answer_codes: AnswerCodes
    tips: dict[str, tuple[TipFile, YamlDocument]]
    sources: dict[str, tuple[Source, YamlDocument]]
    tags: dict[str, tuple[Tag, YamlDocument]]
    ids: KnownIds


def find_reference_problems(parsed: ParsedContent, utterances: Utterances) -> Iterator[ContentProblem]:
    """Yield every reference that leads nowhere, and every name of two things."""
    for card_id, (card, document) in parsed.cards.items():
        yield from _check_card(card_id, card, document, parsed)
    for comparison, document in parsed.comparisons.values():
        yield from _check_comparison(comparison, document, parsed)
    for quiz_id, (quiz, document) in parsed.quizzes.items():
        yield from find_quiz_problems(quiz, document, parsed.ids.sources, parsed.ids.cards)
        yield from find_reused_codes(quiz_id, quiz, document, parsed.answer_codes)
    yield from find_tip_problems(parsed.tips, parsed.ids.sources, parsed.ids.cards)
    yield from _find_duplicates(parsed)
    for card_id, file in utterances.file_by_card.items():
        if card_id not in parsed.ids.cards:
            near = suggest(card_id, parsed.ids.cards)
            message = f"there is no card {card_id!r}; the file's name is the card's id{near}"
            yield ContentProblem(file, 1, 1, "", message)


def _check_card(
    card_id: str, card: Card, document: YamlDocument, parsed: ParsedContent
) -> Iterator[ContentProblem]:
    for index, tag in enumerate(card.tags):
        if parsed.ids.tags is not None and tag not in parsed.ids.tags:
            yield document.build_problem(
                ("tags", index), f"{tag!r} is not in tags.yaml{suggest(tag, parsed.ids.tags)}"
            )
    for index, source in enumerate(card.sources):
        if parsed.ids.sources is not None and source not in parsed.ids.sources:
            yield document.build_problem(
                ("sources", index), f"{source!r} is not in sources.yaml{suggest(source, parsed.ids.sources)}"
            )
    for index, view in enumerate(card.views):
        if view.source not in card.sources:
            yield document.build_problem(
                ("views", index, "source"), f"{view.source!r} is not among the card's sources"
            )
    for index, related in enumerate(card.related):
        if related == card_id:
            yield document.build_problem(("related", index), "a card is not related to itself")
        elif related not in parsed.ids.cards:
            yield document.build_problem(
                ("related", index), f"there is no card {related!r}{suggest(related, parsed.ids.cards)}"
            )
        elif related in card.related[:index]:
            yield document.build_problem(("related", index), f"{related!r} appears twice")
    for key, linked_id, known in (
        ("comparison", card.comparison, parsed.ids.comparisons),
        ("quiz", card.quiz, parsed.ids.quizzes),
    ):
        if linked_id is not None and linked_id not in known:
            message = f"there is no {key} {linked_id!r}{suggest(linked_id, known)}"
            yield document.build_problem((key,), message)
    if card.cells is not None:
        comparison_id, topic_id = card.cells.split("/")
        comparison = parsed.comparisons.get(comparison_id)
        is_known = comparison_id in parsed.ids.comparisons
        if not is_known or (comparison and topic_id not in (topic.id for topic in comparison[0].topics)):
            yield document.build_problem(
                ("cells",),
                f"there is no comparison and topic {card.cells!r}{_suggest_row(card.cells, parsed)}",
            )


def _suggest_row(row: str, parsed: ParsedContent) -> str:
    rows = [
        f"{comparison_id}/{topic.id}"
        for comparison_id, (comparison, _) in parsed.comparisons.items()
        for topic in comparison.topics
    ]
    return suggest(row, rows)


def _check_comparison(
    comparison: Comparison, document: YamlDocument, parsed: ParsedContent
) -> Iterator[ContentProblem]:
    if parsed.ids.sources is not None and comparison.source not in parsed.ids.sources:
        yield document.build_problem(
            ("source",),
            f"{comparison.source!r} is not in sources.yaml{suggest(comparison.source, parsed.ids.sources)}",
        )
    for option_id, option in comparison.options.items():
        if option.card is not None and option.card not in parsed.ids.cards:
            yield document.build_problem(
                ("options", option_id, "card"),
                f"there is no card {option.card!r}{suggest(option.card, parsed.ids.cards)}",
            )
    seen: set[str] = set()
    for theme_index, theme in enumerate(comparison.themes):
        for topic_index, topic in enumerate(theme.topics):
            where = ("themes", theme_index, "topics", topic_index)
            if topic.id in seen:
                yield document.build_problem((*where, "id"), f"the topic {topic.id!r} appears twice")
            seen.add(topic.id)
            if topic.card is not None and topic.card not in parsed.ids.cards:
                yield document.build_problem(
                    (*where, "card"),
                    f"there is no card {topic.card!r}{suggest(topic.card, parsed.ids.cards)}",
                )
            yield from _check_topic(topic, where, comparison, document)


def _check_topic(
    topic: Topic, key_path: tuple[str | int, ...], comparison: Comparison, document: YamlDocument
) -> Iterator[ContentProblem]:
    for option_id in comparison.options:
        if option_id not in topic.cells:
            yield document.build_problem((*key_path, "cells"), f"the cell of {option_id!r} is missing")
    for option_id, cell in topic.cells.items():
        here = (*key_path, "cells", option_id)
        if option_id not in comparison.options:
            yield document.build_problem(here, f"{option_id!r} is not an option of this comparison")
        if topic.ranks and cell.level is None:
            yield document.build_problem((*here, "level"), "is missing, since the topic ranks")
        if not topic.ranks and cell.level is not None:
            yield document.build_problem((*here, "level"), "is allowed only where the topic has `ranks`")


def _find_duplicates(parsed: ParsedContent) -> Iterator[ContentProblem]:
    """Names that must tell two things apart."""
    shorts: dict[str, str] = {}
    marks: dict[str, str] = {}
    for card_id, (card, document) in parsed.cards.items():
        if (other := shorts.setdefault(card.short.casefold(), card_id)) != card_id:
            yield document.build_problem(("short",), f"is the name of {other!r} too")
        if (other := marks.setdefault(short_hash(card_id), card_id)) != card_id:
            yield document.build_problem((), f"its id and {other!r} have the same mark; rename one")
    quizzes: dict[str, str] = {}
    for name, (_, document) in parsed.quizzes.items():
        if (other := quizzes.setdefault(short_hash(name), name)) != name:
            yield document.build_problem((), f"its id and {other!r} have the same mark; rename one")
    for comparison, document in parsed.comparisons.values():
        names: dict[str, str] = {}
        for option_id, option in comparison.options.items():
            for name in {option_id, option.name.casefold(), *map(str.casefold, option.aliases)}:
                if (other := names.setdefault(name, option_id)) != option_id:
                    where = ("options", option_id, "aliases")
                    yield document.build_problem(where, f"{name!r} means {other!r} already")
