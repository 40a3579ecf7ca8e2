"""The shipped model with the vectors of the lines that it knows already; opened at the first use."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Protocol

from bot.domain.search.encoder import SHIPPED, ShippedEncoder
from bot.domain.search.meaning import Meaning
from bot.domain.search.targets import Target, Vectors
from bot.domain.search.vectors import FILE, KnownVectors
from bot.errors import ModelError

log = logging.getLogger(__name__)


class Model(Protocol):
    """What a search needs of a model."""

    def meaning(self, targets: Sequence[Target], most_new: int | None = None) -> Meaning | None:
        """The targets' place in meaning.

        Args:
            targets: what to place.
            most_new: gives up when more lines than this would have to be read anew.

        Returns:
            None when it gave up, or when the search must do without a model.
        """

    def vector(self, question: str) -> Vectors:
        """The question's place; only asked for when there is a meaning."""


class ShippedModel:
    """The model in a folder.

    One that does not open is logged once and the search goes by words: a poorer answer beats none.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self._folder = folder
        self._opening = Lock()

    @cached_property
    def _known(self) -> KnownVectors | None:
        try:
            return KnownVectors(ShippedEncoder(self._folder), self._folder / FILE)
        except ModelError as error:
            log.error("answering by words alone: %s", error)
            return None

    def meaning(self, targets: Sequence[Target], most_new: int | None = None) -> Meaning | None:
        """The targets' place in meaning."""
        with self._opening:
            known = self._known
        if known is None or not targets:
            return None
        new = len(known.missing(text for target in targets for text in (*target.asks, *target.own)))
        return None if most_new is not None and new > most_new else Meaning(targets, known.of)

    def vector(self, question: str) -> Vectors:
        """The question's place."""
        if self._known is None:
            raise ModelError("there is no model to ask")
        vector: Vectors = self._known.encoder.encode([question])[0]
        return vector
