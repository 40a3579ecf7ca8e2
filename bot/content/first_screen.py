"""The first screen of a card: what a member reads before anything folds, and how many words it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from bot.content.content import Content
from bot.content.models import Card, CardKind, Source
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem
from bot.messaging.spans import spans_to_text

WORD_RANGE = (60, 120)


def format_byline(sources: Sequence[Source]) -> str:
    """Return `From Boris Gorelik, 2021, who calls himself biased`.

    The caveat follows only where there is one source; several are named by author and year.
    """
    names = [f"{source.author}, {source.year}" if source.year else source.author for source in sources]
    if len(sources) == 1:
        caveat = spans_to_text(sources[0].caveat).rstrip(".")
        return f"From {names[0]}, {caveat}"
    return f"From {'; '.join(names)}"


def list_first_screen_texts(card: Card, content: Content) -> list[str]:
    """Return the texts in order: a topic's cells, the answer, what to try, and the byline."""
    row = content.find_row(card) if card.kind is CardKind.TOPIC else None
    cells = [] if row is None else [row[1].cells[option].short for option in row[0].options]
    answer = [spans_to_text(paragraph.spans) for paragraph in card.answer]
    byline = format_byline([content.sources[source] for source in card.sources])
    return [*cells, *answer, spans_to_text(card.try_this_week), byline]


def count_first_screen_words(card: Card, content: Content) -> int:
    """Return how many words the first screen of a card has."""
    return sum(len(text.split()) for text in list_first_screen_texts(card, content))


def find_length_problems(content: Content, documents: Mapping[str, YamlDocument]) -> Iterator[ContentProblem]:
    """Yield the cards whose first screen is too short or too long."""
    low, high = WORD_RANGE
    for card_id, card in content.cards.items():
        count = count_first_screen_words(card, content)
        if not low <= count <= high:
            message = (
                f"the first screen (cells, answer, try_this_week and byline) must have {low} to {high} words,"
                f" got {count}"
            )
            yield documents[f"cards/{card_id}.yaml"].build_problem(("answer",), message)


def compute_median_words(content: Content) -> float:
    """Return the median of the words of all first screens; 0 without cards."""
    return median([count_first_screen_words(card, content) for card in content.cards.values()] or [0])
