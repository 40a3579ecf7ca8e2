"""The whole content folder, read and cross-checked: what the bot knows at one moment."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from bot.content.aliases import OptionAliases, build_option_aliases
from bot.content.answer_codes import AnswerCodes
from bot.content.models import Card, Comparison, Source, Tag, Topic, Vocabulary
from bot.content.quiz_models import Quiz
from bot.content.strings import Strings
from bot.content.tip_models import Tip


@dataclass(frozen=True)
class Content:
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
    quizzes: Mapping[str, Quiz]
    answer_codes: AnswerCodes
    tips: Mapping[str, Tip]
    sources: Mapping[str, Source]
    tags: Mapping[str, Tag]
    utterances: Mapping[str, tuple[str, ...]]
    no_match_utterances: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary
    strings: Strings
    version: str

    @cached_property
    def _card_by_hash(self) -> Mapping[str, str]:
        return {short_hash(card): card for card in self.cards}

    @cached_property
    def option_aliases(self) -> Mapping[str, OptionAliases]:
        """What the options of each comparison are called."""
        return {
            comparison_id: build_option_aliases(comparison_id, comparison)
            for comparison_id, comparison in self.comparisons.items()
        }

    def find_card_by_hash(self, text: str) -> str | None:
        """The id of the card with this mark, None when the content has moved on."""
        return self._card_by_hash.get(text)

    def find_quiz_by_hash(self, text: str) -> str | None:
        """The id of the assessment with this mark, None when the content has moved on."""
        return next((name for name in self.quizzes if short_hash(name) == text), None)

    def find_row(self, card: Card) -> tuple[Comparison, Topic] | None:
        """The row of a comparison that a card shows."""
        if card.cells is None:
            return None
        comparison_id, topic_id = card.cells.split("/")
        comparison = self.comparisons[comparison_id]
        return comparison, next(topic for topic in comparison.topics if topic.id == topic_id)


def short_hash(content_id: str) -> str:
    """Eight characters that stand for an id in a button, where several ids would not fit."""
    return urlsafe_b64encode(blake2b(content_id.encode(), digest_size=6).digest()).decode()
