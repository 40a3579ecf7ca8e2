"""How near each target lies to a question in meaning, computed from the content when it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.search.targets import Numbers, Target, Vectors

NEAREST = 5  # ways of asking that count for a target
_EVEN = 0.3  # how far the lines are taken to spread the same way in every direction


@dataclass(frozen=True, slots=True)
class Near:
    """A question against every target, in the order of the targets.

    Attributes:
        whole: against all of a target's lines at once; see `Meaning`.
        asking: the mean over the nearest ways of asking.
        own: the nearest of its author's own texts; as far as can be where there are none.
        lines: per target its nearest ways of asking with their likeness, nearest first.
    """

    whole: Numbers
    asking: Numbers
    own: Numbers
    lines: Sequence[Sequence[tuple[str, float]]]


class Meaning:
    """Targets as clouds of vectors.

    `whole` is a linear discriminant: each target's mean, in a space where the directions in which lines of
    one target differ among themselves (length, mood, politeness) count for little. It needs nothing but the
    means and one shared spread, so it is as fresh as the content.

    Args:
        targets: at least one.
        encoded: gives one vector of length 1 a text.
    """

    def __init__(self, targets: Sequence[Target], encoded: Callable[[Sequence[str]], Vectors]) -> None:
        self._targets = targets
        vectors = encoded([text for target in targets for text in (*target.asks, *target.own)])
        ends = np.cumsum([len(target.asks) + len(target.own) for target in targets])
        clouds = np.split(vectors, ends[:-1])
        means = np.stack([cloud.mean(axis=0, dtype=np.float64) for cloud in clouds])
        around = np.concatenate([cloud - mean for cloud, mean in zip(clouds, means, strict=True)])
        spread = around.T @ around / len(around)
        even = np.eye(len(spread)) * max(float(np.trace(spread)) / len(spread), 1e-6)
        self._towards = np.linalg.solve((1 - _EVEN) * spread + _EVEN * even, means.T)
        self._least = -0.5 * np.einsum("ij,ji->i", means, self._towards)
        self._vectors = vectors
        self._ends = ends

    def near(self, question: Vectors) -> Near:
        """A question's vector against every target."""
        likenesses = np.split(self._vectors @ question, self._ends[:-1])
        lines: list[list[tuple[str, float]]] = []
        own: list[float] = []
        for target, likeness in zip(self._targets, likenesses, strict=True):
            asked = likeness[: len(target.asks)]
            nearest = np.argsort(-asked, kind="stable")[:NEAREST]
            lines.append([(target.asks[at], float(asked[at])) for at in nearest])
            own.append(float(likeness[len(target.asks) :].max(initial=-1.0)))
        return Near(
            whole=question.astype(np.float64) @ self._towards + self._least,
            asking=np.array([sum(one for _, one in found) / max(len(found), 1) for found in lines]),
            own=np.array(own),
            lines=lines,
        )
