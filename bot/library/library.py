"""The whole content folder, read and cross-checked: what the bot knows at one moment."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from bot.library.assessment import Assessment
from bot.library.letters import Letters
from bot.library.models import Card, Comparison, Source, Tag, Topic, Vocabulary
from bot.library.names import Names, names_of
from bot.library.texts import Texts
from bot.library.tip import Tip


@dataclass(frozen=True)
class Library:
    """Frozen; a reload builds another one.

    Attributes:
        cards, comparisons, assessments, sources, tags: by id, in the order of
            their ids (tags: in the author's order).
        asks: ways of asking by card id, as written.
        tips: by id, in the order of their files.
        letters: what the slots and letters of assessments ever stood for.
        outside: ways of asking what no card answers, by class (`pay`, `visa`, …).
        version: twelve hexadecimal digits over every byte that was read.
    """

    cards: Mapping[str, Card]
    comparisons: Mapping[str, Comparison]
    assessments: Mapping[str, Assessment]
    letters: Letters
    tips: Mapping[str, Tip]
    sources: Mapping[str, Source]
    tags: Mapping[str, Tag]
    asks: Mapping[str, tuple[str, ...]]
    outside: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary
    texts: Texts
    version: str

    @cached_property
    def _by_mark(self) -> Mapping[str, str]:
        return {mark(card): card for card in self.cards}

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """What the options of each comparison are called."""
        return {
            comparison_id: names_of(comparison_id, comparison)
            for comparison_id, comparison in self.comparisons.items()
        }

    def marked(self, text: str) -> str | None:
        """The id of the card with this mark, None when the content has moved on."""
        return self._by_mark.get(text)

    def assessment_marked(self, text: str) -> str | None:
        """The id of the assessment with this mark, None when the content has moved on."""
        return next((name for name in self.assessments if mark(name) == text), None)

    def row(self, card: Card) -> tuple[Comparison, Topic] | None:
        """The row of a comparison that a card shows."""
        if card.cells is None:
            return None
        comparison_id, topic_id = card.cells.split("/")
        comparison = self.comparisons[comparison_id]
        return comparison, next(topic for topic in comparison.topics if topic.id == topic_id)


def mark(name: str) -> str:
    """Eight characters that stand for an id in a button, where several ids would not fit."""
    return urlsafe_b64encode(blake2b(name.encode(), digest_size=6).digest()).decode()
