"""The shipped model with the vectors of the lines that it knows already; opened at the first use."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Protocol

from bot.domain.search.embedding_cache import EMBEDDINGS_FILE_NAME, EmbeddingCache
from bot.domain.search.encoder import SHIPPED_MODEL_DIR, ShippedEncoder
from bot.domain.search.search_targets import SearchTarget, Vectors
from bot.domain.search.semantic_index import SemanticIndex
from bot.errors import ModelError

log = logging.getLogger(__name__)


class SemanticModel(Protocol):
    """What a search needs of a model."""

    def build_index(
        self, targets: Sequence[SearchTarget], max_new_lines: int | None = None
    ) -> SemanticIndex | None:
        """The targets' place in meaning.

        Args:
            targets: what to place.
            most_new: gives up when more lines than this would have to be read anew.

        Returns:
            None when it gave up, or when the search must do without a model.
        """

    def encode_question(self, question: str) -> Vectors:
        """The question's place; only asked for when there is a meaning."""


class ShippedModel:
    """The model in a folder.

    One that does not open is logged once and the search goes by words: a poorer answer beats none.
    """

    def __init__(self, folder: Path = SHIPPED_MODEL_DIR) -> None:
        self._folder = folder
        self._open_lock = Lock()

    @cached_property
    def _embedding_cache(self) -> EmbeddingCache | None:
        try:
            return EmbeddingCache(ShippedEncoder(self._folder), self._folder / EMBEDDINGS_FILE_NAME)
        except ModelError as error:
            log.error("answering by words alone: %s", error)
            return None

    def build_index(
        self, targets: Sequence[SearchTarget], max_new_lines: int | None = None
    ) -> SemanticIndex | None:
        """The targets' place in meaning."""
        with self._open_lock:
            known = self._embedding_cache
        if known is None or not targets:
            return None
        new = len(
            known.find_missing(
                text for target in targets for text in (*target.utterances, *target.author_texts)
            )
        )
        return (
            None
            if max_new_lines is not None and new > max_new_lines
            else SemanticIndex(targets, known.get_vectors)
        )

    def encode_question(self, question: str) -> Vectors:
        """The question's place."""
        if self._embedding_cache is None:
            raise ModelError("there is no model to ask")
        vector: Vectors = self._embedding_cache.encoder.encode([question])[0]
        return vector
