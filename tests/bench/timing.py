"""What a bench reports, and how it takes the time."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter


@dataclass(frozen=True)
class BenchResult:
    """One line of the table.

    Attributes:
        ratio: `value` over the same thing done by `peer` in the same run.
    """

    label: str
    value: float
    unit: str
    ratio: float | None = None
    baseline: str = ""


def time_calls(function: Callable[[], object], repeat: int) -> tuple[float, float]:
    """Milliseconds of one call: median and 99th percentile."""
    taken = []
    for _ in range(repeat):
        begin = perf_counter()
        function()
        taken.append(1_000 * (perf_counter() - begin))
    cuts = quantiles(taken, n=100)
    return cuts[49], cuts[98]


def time_command(argv: Sequence[str], repeat: int = 7) -> float:
    """Milliseconds of a whole process from start to end, the best of some: what the machine can do."""
    best = float("inf")
    for _ in range(repeat):
        begin = perf_counter()
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        best = min(best, perf_counter() - begin)
    return 1_000 * best
