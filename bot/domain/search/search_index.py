"""The one door: a question in, the cards that answer it out; by words and, with a model, by meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from threading import Lock

from bot.content.content import Content
from bot.domain.search.lexical_index import LexicalIndex
from bot.domain.search.normalizer import Normalizer, SpellCorrector
from bot.domain.search.question_splitter import split_questions
from bot.domain.search.ranker import Ranker, load_rankers
from bot.domain.search.results import ConfidenceBand, SearchResult
from bot.domain.search.scoring import QuestionScores
from bot.domain.search.search_targets import SearchTarget, build_targets
from bot.domain.search.semantic_index import SemanticIndex, SemanticMatch
from bot.domain.search.semantic_model import SemanticModel

_MAX_NEW_LINES = 400  # lines; reading them takes a second or two, the most that a first question may wait


class SearchIndex:
    """An index over one library; built at the first question or by `warm`, then only read.

    Args:
        library: what to search.
        model: reads questions for their meaning as well; None for words alone.
        rankers: the weights; None for those that ship.
    """

    def __init__(
        self,
        content: Content,
        model: SemanticModel | None = None,
        rankers: Mapping[str, Ranker] | None = None,
    ) -> None:
        self._content = content
        self._normalizer = Normalizer(content.vocabulary)
        self._model = model
        self._rankers = rankers or load_rankers()
        self._semantic_index: SemanticIndex | None = None
        self._has_tried_model = False
        self._model_lock = Lock()

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
        """Read the library for its meaning now, however long it takes; says whether the model takes part.

        Until it is done, questions that come in other threads are answered by words and do not wait.
        """
        self._has_tried_model = True
        _ = self._spell_corrector, self._lexical_index
        if self._model is not None and self._semantic_index is None:
            self._semantic_index = self._model.build_index(self._targets)
        return self._semantic_index is not None

    def find(self, question: str) -> SearchResult:
        """The cards that answer a question, best first.

        Args:
            question: any text; the first 4,000 characters count.
        """
        finding = self._search_once(question)
        asked = split_questions(question)
        if len(asked) < 2 or not finding.hits:
            return finding
        best = finding.hits[0].card_id
        own = [self._search_once(part) for part in asked]
        others = dict.fromkeys(
            one.hits[0].card_id for one in own if one.confidence_band is ConfidenceBand.SURE
        )
        return replace(finding, other_card_ids=tuple(card for card in others if card != best))

    def score_question(self, question: str) -> QuestionScores:
        """The question against every target: what the weights are fitted on."""
        question = self._spell_corrector.correct(question)
        near = self._match_semantics(question)
        ranker = self._rankers["model" if near else "words"]
        return QuestionScores(self._targets, self._lexical_index.match(question), near, ranker)

    def remove_stopwords(self, question: str) -> str:
        """The question without the words that say nothing about its topic."""
        return " ".join(word for _, word in self._normalizer.extract_stems(question))

    def _search_once(self, question: str) -> SearchResult:
        return self.score_question(question).build_result()

    def _match_semantics(self, question: str) -> SemanticMatch | None:
        if self._model is None or not question.strip():
            return None
        with self._model_lock:
            if not self._has_tried_model:
                self._semantic_index = self._model.build_index(self._targets, _MAX_NEW_LINES)
                self._has_tried_model = True
        return (
            self._semantic_index.match(self._model.encode_question(question))
            if self._semantic_index
            else None
        )
