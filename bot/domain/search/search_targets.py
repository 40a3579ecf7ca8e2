"""What a question may be about: the cards, and the classes of questions that no card answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.content.content import Content
from bot.content.models import Card
from bot.messaging.spans import spans_to_text as plain_words

FloatArray = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """One thing that a question may be about.

    Attributes:
        id: the card's id, or the out-of-scope class.
        outside: whether it is a class that no card answers.
        names: what it is called.
        texts: what it says.
        asks: how people ask for it.
    """

    id: str
    is_no_match: bool
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    utterances: tuple[str, ...]

    @property
    def author_texts(self) -> tuple[str, ...]:
        """What its author wrote, against what people ask."""
        return self.titles + self.texts


def build_targets(content: Content) -> tuple[SearchTarget, ...]:
    """The cards, then the out-of-scope classes."""
    cards = tuple(
        _build_card_target(name, card, content.utterances.get(name, ()))
        for name, card in content.cards.items()
    )
    outside = tuple(
        SearchTarget(name, True, (), (), asks) for name, asks in content.no_match_utterances.items() if asks
    )
    return cards + outside


def _build_card_target(card_id: str, card: Card, utterances: tuple[str, ...]) -> SearchTarget:
    answer = " ".join(plain_words(paragraph.spans) for paragraph in card.answer)
    return SearchTarget(
        card_id, False, (card.title, card.short), (answer, plain_words(card.good_for)), utterances
    )


def list_indexed_lines(content: Content) -> tuple[str, ...]:
    """Every line whose meaning a search compares a question with."""
    return tuple(
        line for target in build_targets(content) for line in (*target.utterances, *target.author_texts)
    )
