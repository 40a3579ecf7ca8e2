"""Find the cards that answer a question: by keywords and, with a model, by meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from threading import Event, Lock

from bot.content.content import Content
from bot.domain.search.lexical_index import LexicalIndex
from bot.domain.search.normalizer import Normalizer, SpellCorrector
from bot.domain.search.question_splitter import split_questions
from bot.domain.search.ranker import Ranker, load_rankers
from bot.domain.search.results import SearchResult
from bot.domain.search.scoring import QuestionScores
from bot.domain.search.search_targets import SearchTarget, build_targets
from bot.domain.search.semantic_index import SemanticIndex, SemanticMatch
from bot.domain.search.semantic_model import SemanticModel

_MAX_NEW_LINES = 100  # lines to encode while a person waits: about a second
_MAX_WAIT_SECONDS = 1.0  # for a model that is being loaded; then keywords answer, within the command's 2 s


class SearchIndex:
    """An index over one version of the content; built at the first question or by `warm_up`, then only read.

    Args:
        content: what to search.
        model: compares questions by meaning; None for keywords alone.
        rankers: the weights; None for those that ship.
        max_wait: seconds that a question waits for a model that another thread is loading.
    """

    def __init__(
        self,
        content: Content,
        model: SemanticModel | None = None,
        rankers: Mapping[str, Ranker] | None = None,
        max_wait: float = _MAX_WAIT_SECONDS,
    ) -> None:
        self._content = content
        self._normalizer = Normalizer(content.vocabulary)
        self._model = model
        self._rankers = rankers or load_rankers()
        self._semantic_index: SemanticIndex | None = None
        self._max_wait = max_wait
        self._build_lock = Lock()
        self._is_built = Event()  # also when there is no usable model

    @cached_property
    def _targets(self) -> tuple[SearchTarget, ...]:
        return build_targets(self._content)

    @cached_property
    def _spell_corrector(self) -> SpellCorrector:
        texts = (text for target in self._targets for text in (*target.utterances, *target.author_texts))
        return SpellCorrector(texts, self._content.vocabulary)

    @cached_property
    def _lexical_index(self) -> LexicalIndex:
        return LexicalIndex(self._targets, self._normalizer)

    def warm_up(self) -> bool:
        """Build the index now, however long it takes, and return whether the model takes part.

        A question in another thread waits up to `max_wait` for it; after that keywords answer, and the
        result says that it is preliminary.
        """
        _ = self._spell_corrector, self._lexical_index
        with self._build_lock:
            if self._model is not None and self._semantic_index is None:
                self._semantic_index = self._model.build_index(self._targets)
            self._is_built.set()
        return self._semantic_index is not None

    def find(self, question: str) -> SearchResult:
        """Return the cards that answer a question, best first.

        Args:
            question: any text; the first 4,000 characters count.
        """
        question = self._spell_corrector.correct(question)
        parts = split_questions(question)
        index = self._wait_for_semantic_index()
        matches = self._match_semantics(index, question, parts)
        result = self._score(question, matches[0]).build_result()
        if self._model is not None and not self._is_built.is_set():
            result = replace(result, is_preliminary=True)
        if len(parts) < 2 or not result.hits:
            return result
        best = result.hits[0].card_id
        results = [
            self._score(part, match).build_result() for part, match in zip(parts, matches[1:], strict=True)
        ]
        others = dict.fromkeys(one.hits[0].card_id for one in results if one.confidence_band.is_sure)
        return replace(result, other_card_ids=tuple(card for card in others if card != best))

    def score_question(self, question: str) -> QuestionScores:
        """Return the question's scores against every target, which the weights are fitted on."""
        question = self._spell_corrector.correct(question)
        parts = split_questions(question)
        matches = self._match_semantics(self._wait_for_semantic_index(), question, parts)
        return self._score(question, matches[0])

    def remove_stopwords(self, question: str) -> str:
        """Return the question without the words that say nothing about its topic."""
        return " ".join(word for _, word in self._normalizer.extract_stems(question))

    def _score(self, question: str, semantic_match: SemanticMatch | None) -> QuestionScores:
        name = self._model.size.value if self._model is not None and semantic_match is not None else "words"
        return QuestionScores(
            self._targets, self._lexical_index.match(question), semantic_match, self._rankers[name]
        )

    def _match_semantics(
        self, index: SemanticIndex | None, question: str, parts: Sequence[str]
    ) -> Sequence[SemanticMatch | None]:
        """Match the whole question, then each of its parts if there are several."""
        if self._model is None or index is None or not question.strip():
            return [None] * (1 + len(parts))
        texts = [question, *parts] if len(parts) > 1 else [question]
        return [index.match(vector) for vector in self._model.encode_texts(texts)]

    def _wait_for_semantic_index(self) -> SemanticIndex | None:
        if self._model is None or self._is_built.is_set():
            return self._semantic_index
        if not self._build_lock.acquire(timeout=self._max_wait):
            return None
        try:
            if not self._is_built.is_set():
                # Nobody warmed it up: build it here, unless that takes too long while a person waits.
                self._semantic_index = self._model.build_index(self._targets, _MAX_NEW_LINES)
                if self._semantic_index is not None:
                    self._is_built.set()
            return self._semantic_index
        finally:
            self._build_lock.release()
