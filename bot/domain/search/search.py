"""The one door: a question in, the cards that answer it out; by words and, with a model, by meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from threading import Lock

from bot.domain.search.finding import Finding, Verdict
from bot.domain.search.lexical import Lexical
from bot.domain.search.meaning import Meaning, Near
from bot.domain.search.model import Model
from bot.domain.search.parts import parts
from bot.domain.search.ranker import Ranker, read_rankers
from bot.domain.search.scoring import Scored
from bot.domain.search.targets import Target, targets_of
from bot.domain.search.words import Mender, Speller
from bot.library.library import Library

_MOST_NEW = 400  # lines; reading them takes a second or two, the most that a first question may wait


class Search:
    """An index over one library; built at the first question or by `warm`, then only read.

    Args:
        library: what to search.
        model: reads questions for their meaning as well; None for words alone.
        rankers: the weights; None for those that ship.
    """

    def __init__(
        self, library: Library, model: Model | None = None, rankers: Mapping[str, Ranker] | None = None
    ) -> None:
        self._library = library
        self._speller = Speller(library.vocabulary)
        self._model = model
        self._rankers = rankers or read_rankers()
        self._meaning: Meaning | None = None
        self._tried = False
        self._placing = Lock()

    @cached_property
    def _targets(self) -> tuple[Target, ...]:
        return targets_of(self._library)

    @cached_property
    def _mender(self) -> Mender:
        texts = (text for target in self._targets for text in (*target.asks, *target.own))
        return Mender(texts, self._library.vocabulary)

    @cached_property
    def _lexical(self) -> Lexical:
        return Lexical(self._targets, self._speller)

    def warm(self) -> bool:
        """Read the library for its meaning now, however long it takes; says whether the model takes part.

        Until it is done, questions that come in other threads are answered by words and do not wait.
        """
        self._tried = True
        _ = self._mender, self._lexical
        if self._model is not None and self._meaning is None:
            self._meaning = self._model.meaning(self._targets)
        return self._meaning is not None

    def find(self, question: str) -> Finding:
        """The cards that answer a question, best first.

        Args:
            question: any text; the first 4,000 characters count.
        """
        finding = self._find(question)
        asked = parts(question)
        if len(asked) < 2 or not finding.hits:
            return finding
        best = finding.hits[0].card
        own = [self._find(part) for part in asked]
        others = dict.fromkeys(one.hits[0].card for one in own if one.verdict is Verdict.SURE)
        return replace(finding, also=tuple(card for card in others if card != best))

    def scored(self, question: str) -> Scored:
        """The question against every target: what the weights are fitted on."""
        question = self._mender.mended(question)
        near = self._near(question)
        ranker = self._rankers["model" if near else "words"]
        return Scored(self._targets, self._lexical.match(question), near, ranker)

    def telling(self, question: str) -> str:
        """The question without the words that say nothing about its topic."""
        return " ".join(word for _, word in self._speller.stems(question))

    def _find(self, question: str) -> Finding:
        return self.scored(question).finding()

    def _near(self, question: str) -> Near | None:
        if self._model is None or not question.strip():
            return None
        with self._placing:
            if not self._tried:
                self._meaning = self._model.meaning(self._targets, _MOST_NEW)
                self._tried = True
        return self._meaning.near(self._model.vector(question)) if self._meaning else None
