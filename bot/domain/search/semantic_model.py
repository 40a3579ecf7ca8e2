"""The shipped sentence model with the precomputed vectors of the content's lines; loaded at the first use."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Protocol

from bot.domain.search.embedding_cache import EMBEDDINGS_FILE_NAME, EmbeddingCache
from bot.domain.search.encoder import ModelSize, ShippedEncoder
from bot.domain.search.search_targets import SearchTarget, Vectors
from bot.domain.search.semantic_index import SemanticIndex
from bot.errors import ModelError

log = logging.getLogger(__name__)


def find_model_dir(size: ModelSize) -> Path:
    """Return the folder of a model, or of the small one where the large one is not installed."""
    if size is ModelSize.LARGE and not size.is_installed and ModelSize.SMALL.is_installed:
        log.info("the large search model is not installed, the small one is used")
        return ModelSize.SMALL.folder
    return size.folder


class SemanticModel(Protocol):
    """What a search needs of a model."""

    @property
    def size(self) -> ModelSize:
        """Which weights of the ranker belong to it; only asked for when there is an index."""

    def build_index(
        self, targets: Sequence[SearchTarget], max_new_lines: int | None = None
    ) -> SemanticIndex | None:
        """Place the targets in the vector space.

        Args:
            targets: what to place.
            max_new_lines: give up when more lines than this lack a precomputed vector.

        Returns:
            None when it gave up, or when there is no usable model.
        """

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text; only asked for when there is an index."""


class ShippedModel:
    """The model in a folder.

    A model that does not load is logged once, and the search uses keywords alone.
    """

    def __init__(self, folder: Path = ModelSize.SMALL.folder) -> None:
        self._folder = folder
        self._load_lock = Lock()

    @cached_property
    def _embedding_cache(self) -> EmbeddingCache | None:
        try:
            return EmbeddingCache(ShippedEncoder(self._folder), self._folder / EMBEDDINGS_FILE_NAME)
        except ModelError as error:
            log.error("answering by keywords alone: %s", error)
            return None

    @property
    def size(self) -> ModelSize:
        """Which weights of the ranker belong to it."""
        return self._encoder.info.size

    def build_index(
        self, targets: Sequence[SearchTarget], max_new_lines: int | None = None
    ) -> SemanticIndex | None:
        """Place the targets in the vector space."""
        with self._load_lock:
            cache = self._embedding_cache
        if cache is None or not targets:
            return None
        lines = (text for target in targets for text in (*target.utterances, *target.author_texts))
        if max_new_lines is not None and len(cache.find_missing(lines)) > max_new_lines:
            return None
        return SemanticIndex(targets, cache.get_vectors)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text."""
        return self._encoder.encode(texts)

    @property
    def _encoder(self) -> ShippedEncoder:
        cache = self._embedding_cache
        if cache is None or not isinstance(cache.encoder, ShippedEncoder):
            raise ModelError("there is no model to ask")
        return cache.encoder
