"""How near each target lies to a question in meaning, computed from the content when it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.search.search_targets import FloatArray, SearchTarget, Vectors

NEAREST_UTTERANCES = 5  # ways of asking that count for a target
_SHRINKAGE = 0.3  # how far the lines are taken to spread the same way in every direction


@dataclass(frozen=True, slots=True)
class SemanticMatch:
    """A question against every target, in the order of the targets.

    Attributes:
        whole: against all of a target's lines at once; see `Meaning`.
        asking: the mean over the nearest ways of asking.
        own: the nearest of its author's own texts; as far as can be where there are none.
        lines: per target its nearest ways of asking with their likeness, nearest first.
    """

    discriminant_scores: FloatArray
    utterance_scores: FloatArray
    author_text_scores: FloatArray
    nearest_utterances: Sequence[Sequence[tuple[str, float]]]


class SemanticIndex:
    """Targets as clouds of vectors.

    `whole` is a linear discriminant: each target's mean, in a space where the directions in which lines of
    one target differ among themselves (length, mood, politeness) count for little. It needs nothing but the
    means and one shared spread, so it is as fresh as the content.

    Args:
        targets: at least one.
        encoded: gives one vector of length 1 a text.
    """

    def __init__(self, targets: Sequence[SearchTarget], encode: Callable[[Sequence[str]], Vectors]) -> None:
        self._targets = targets
        vectors = encode([text for target in targets for text in (*target.utterances, *target.author_texts)])
        ends = np.cumsum([len(target.utterances) + len(target.author_texts) for target in targets])
        clouds = np.split(vectors, ends[:-1])
        means = np.stack([cloud.mean(axis=0, dtype=np.float64) for cloud in clouds])
        around = np.concatenate([cloud - mean for cloud, mean in zip(clouds, means, strict=True)])
        spread = around.T @ around / len(around)
        even = np.eye(len(spread)) * max(float(np.trace(spread)) / len(spread), 1e-6)
        self._weights = np.linalg.solve((1 - _SHRINKAGE) * spread + _SHRINKAGE * even, means.T)
        self._bias = -0.5 * np.einsum("ij,ji->i", means, self._weights)
        self._vectors = vectors
        self._target_ends = ends

    def match(self, question: Vectors) -> SemanticMatch:
        """A question's vector against every target."""
        likenesses = np.split(self._vectors @ question, self._target_ends[:-1])
        lines: list[list[tuple[str, float]]] = []
        own: list[float] = []
        for target, likeness in zip(self._targets, likenesses, strict=True):
            asked = likeness[: len(target.utterances)]
            nearest = np.argsort(-asked, kind="stable")[:NEAREST_UTTERANCES]
            lines.append([(target.utterances[at], float(asked[at])) for at in nearest])
            own.append(float(likeness[len(target.utterances) :].max(initial=-1.0)))
        return SemanticMatch(
            discriminant_scores=question.astype(np.float64) @ self._weights + self._bias,
            utterance_scores=np.array([sum(one for _, one in found) / max(len(found), 1) for found in lines]),
            author_text_scores=np.array(own),
            nearest_utterances=lines,
        )
