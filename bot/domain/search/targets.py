"""What a question may be about: the cards, and the classes of questions that no card answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.library.library import Library
from bot.library.models import Card
from bot.messaging.spans import spans_to_text as plain_words

Numbers = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a question may be about.

    Attributes:
        id: the card's id, or the out-of-scope class.
        outside: whether it is a class that no card answers.
        names: what it is called.
        texts: what it says.
        asks: how people ask for it.
    """

    id: str
    outside: bool
    names: tuple[str, ...]
    texts: tuple[str, ...]
    asks: tuple[str, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """What its author wrote, against what people ask."""
        return self.names + self.texts


def targets_of(library: Library) -> tuple[Target, ...]:
    """The cards, then the out-of-scope classes."""
    cards = tuple(_target(name, card, library.asks.get(name, ())) for name, card in library.cards.items())
    outside = tuple(Target(name, True, (), (), asks) for name, asks in library.outside.items() if asks)
    return cards + outside


def _target(name: str, card: Card, asks: tuple[str, ...]) -> Target:
    answer = " ".join(plain_words(paragraph.spans) for paragraph in card.answer)
    return Target(name, False, (card.title, card.short), (answer, plain_words(card.good_for)), asks)


def lines_of(library: Library) -> tuple[str, ...]:
    """Every line whose meaning a search compares a question with."""
    return tuple(line for target in targets_of(library) for line in (*target.asks, *target.own))
