"""Runs the proofs named on the command line, or all; fails when one finds a fault."""

from __future__ import annotations

import importlib
import secrets
import sys
from time import perf_counter

PROOFS = (
    *("tips_killed", "tips_restarts", "tips_outage", "tips_machine", "tips_zones", "gateway"),
    *("bytes", "quiz_results", "quiz_runs", "quiz_ids", "quiz_processes"),
)


def main(arguments: list[str]) -> int:
    """Run and report; `--seed N` repeats a run."""
    seed = secrets.randbits(32)
    if "--seed" in arguments:
        at = arguments.index("--seed")
        seed = int(arguments[at + 1])
        del arguments[at : at + 2]
    print(f"seed {seed}")
    faults = 0
    for name in arguments or PROOFS:
        begin = perf_counter()
        for finding in importlib.import_module(f"tests.proof.{name}").prove(seed, 1.0):
            print(f"{finding.what:<60} {finding.tried:>9,} tried {finding.faults:>5,} faults  {finding.note}")
            faults += finding.faults
        print(f"  {name}: {perf_counter() - begin:.1f} s")
    print(f"{faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
