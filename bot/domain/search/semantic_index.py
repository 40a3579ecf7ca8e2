"""Compare a question with each target by meaning; built from the content when it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.search.search_targets import FloatArray, SearchTarget, Vectors

NEAREST_UTTERANCES = 5  # example questions that count for a target
_SHRINKAGE = 0.3  # of the covariance, towards the same variance in every direction


@dataclass(frozen=True, slots=True)
class SemanticMatch:
    """A question against every target, in the order of the targets.

    Attributes:
        discriminant_scores: against all of a target's lines at once; see `SemanticIndex`.
        utterance_scores: the mean cosine of its nearest example questions.
        author_text_scores: the cosine of the nearest of its author's texts; -1 where there are none.
        nearest_utterances: per target its nearest example questions with their cosine, nearest first.
    """

    discriminant_scores: FloatArray
    utterance_scores: FloatArray
    author_text_scores: FloatArray
    nearest_utterances: Sequence[Sequence[tuple[str, float]]]


class SemanticIndex:
    """The vectors of every target's lines, and a linear discriminant over them.

    The discriminant compares a question with each target's mean, in a space where the directions in which
    lines of one target differ among themselves (length, mood, politeness) count for little. It needs only
    the means and one shared covariance, so it is always as fresh as the content.

    Args:
        targets: at least one.
        encode: returns one vector of length 1 a text.
    """

    def __init__(self, targets: Sequence[SearchTarget], encode: Callable[[Sequence[str]], Vectors]) -> None:
        self._targets = targets
        vectors = encode([text for target in targets for text in (*target.utterances, *target.author_texts)])
        ends = np.cumsum([len(target.utterances) + len(target.author_texts) for target in targets])
        clouds = np.split(vectors, ends[:-1])
        means = np.stack([cloud.mean(axis=0, dtype=np.float64) for cloud in clouds])
        spread = np.zeros((vectors.shape[1], vectors.shape[1]))
        for cloud, mean in zip(clouds, means, strict=True):  # one at a time: all at once takes 60 MB more
            spread += (cloud - mean).T @ (cloud - mean)
        spread /= len(vectors)
        even = np.eye(len(spread)) * max(float(np.trace(spread)) / len(spread), 1e-6)
        self._weights = np.linalg.solve((1 - _SHRINKAGE) * spread + _SHRINKAGE * even, means.T)
        self._bias = -0.5 * np.einsum("ij,ji->i", means, self._weights)
        self._vectors = vectors
        self._target_ends = ends

    def match(self, question: Vectors) -> SemanticMatch:
        """Compare a question's vector with every target."""
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
