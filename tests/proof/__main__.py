"""Run the proofs named on the command line, or all; exit with 1 when one has failures."""

from __future__ import annotations

import importlib
import secrets
import sys
from time import perf_counter

PROOFS = (
    "tips_crashes",
    "tips_restarts",
    "tips_outage",
    "tips_state_machine",
    "tips_time_zones",
    "gateway_failover",
    "fuzz_lines",
    "quiz_oracle",
    "quiz_sequences",
    "quiz_forged_actions",
    "quiz_restarts",
)


def main(arguments: list[str]) -> int:
    """Run and report; `--seed N` repeats a run. Return the exit status."""
    seed = secrets.randbits(32)
    if "--seed" in arguments:
        at = arguments.index("--seed")
        seed = int(arguments[at + 1])
        del arguments[at : at + 2]
    print(f"seed {seed}")
    failures = 0
    for name in arguments or PROOFS:
        begin = perf_counter()
        for result in importlib.import_module(f"tests.proof.{name}").prove(seed, 1.0):
            print(f"{result.label:<60} {result.trials:>9,} tried {result.failures:>5,} failed  {result.note}")
            failures += result.failures
        print(f"  {name}: {perf_counter() - begin:.1f} s")
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
