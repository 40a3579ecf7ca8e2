"""Run the benches named on the command line, or all; print a table and write build/bench.json."""

from __future__ import annotations

import importlib
import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from tests.bench.timing import BenchResult

BENCHES = ("search_baselines", "reply_latency", "quiz_latency", "slack_load", "startup", "tip_throughput")
OUTPUT_FILE = Path("build/bench.json")


def main(names: list[str]) -> int:
    """Run and report."""
    rows: list[BenchResult] = []
    for name in names or BENCHES:
        rows += importlib.import_module(f"tests.bench.{name}").measure()
    width = max(len(row.label) for row in rows)
    for row in rows:
        against = f"  {row.ratio:8.2f} x {row.baseline}" if row.ratio is not None else ""
        print(f"{row.label:<{width}}  {row.value:10.3f} {row.unit:<6}{against}")
    OUTPUT_FILE.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    OUTPUT_FILE.write_text(json.dumps({"on": machine, "rows": [asdict(row) for row in rows]}, indent=2))
    print(f"written to {OUTPUT_FILE}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
