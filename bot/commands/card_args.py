"""The arguments of a card's buttons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from bot.content.content import Content, short_hash
from bot.errors import UserFacingError

MAX_NEXT_CARDS = 3
"""Number of next best cards in a card's buttons: a press does not repeat the question."""


@dataclass(frozen=True, slots=True)
class CardArgs:
    """A card in a button, with the next best cards, as hashes."""

    card_hash: str
    next_hashes: tuple[str, ...] = ()

    @classmethod
    def from_ids(cls, card_id: str, next_card_ids: Iterable[str] = ()) -> Self:
        """Hash the ids."""
        return cls(short_hash(card_id), tuple(map(short_hash, next_card_ids)))

    def encode(self) -> tuple[str, ...]:
        """Return the card's hash, then those of the next best cards."""
        return self.card_hash, *self.next_hashes

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote."""
        if not 1 <= len(args) <= 1 + MAX_NEXT_CARDS or not all(args):
            return None
        return cls(args[0], args[1:])

    def find_card(self, content: Content) -> str:
        """Return the card's id.

        Raises:
            UserFacingError: when the card is no longer in the content.
        """
        card_id = content.find_card_by_hash(self.card_hash)
        if card_id is None:
            raise UserFacingError("card.gone")
        return card_id

    def find_next_cards(self, content: Content) -> tuple[str, ...]:
        """Return the ids of the next best cards that are still in the content."""
        card_ids = map(content.find_card_by_hash, self.next_hashes)
        return tuple(card_id for card_id in card_ids if card_id is not None)
