"""Starting, loading and answering, with today's content and with 1,000 and 10,000 cards."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bot.service import Service
from tests.bench.timing import BenchResult, time_calls, time_command
from tests.chat import CONTENT, Chat, build_service

LINES = {
    "ask": "ask my manager hands me dashboards all day, is that still data science?",
    "compare": "compare big-tech academia",
    "card": "card phd-or-not",
}


def measure() -> list[BenchResult]:
    """The rows of this bench."""
    return [
        *_measure_startup(),
        *_measure_shipped_content(),
        *_measure_scaled_content(1_000),
        *_measure_scaled_content(10_000),
        _measure_memory(),
    ]


def _measure_startup() -> Iterator[BenchResult]:
    peer = time_command([sys.executable, "-c", "import yaml, pydantic"])
    own = time_command([sys.executable, "-m", "bot", "say", "should I do a phd?"])
    yield BenchResult("say, start to answer", own, "ms", own / peer, "python -c 'import yaml, pydantic'")


def _measure_shipped_content() -> Iterator[BenchResult]:
    loaded, _ = time_calls(build_service, 3)
    yield BenchResult("content load, 80 cards", loaded, "ms")
    yield from _measure_replies(build_service(), "80 cards")


def _measure_replies(service: Service, content_label: str) -> Iterator[BenchResult]:
    for name, line in LINES.items():
        chat = Chat(service)
        median, slowest = time_calls(lambda chat=chat, line=line: chat.send_line(line), 200)  # type: ignore[misc]
        yield BenchResult(f"respond {name}, {content_label}, p50", median, "ms")
        yield BenchResult(f"respond {name}, {content_label}, p99", slowest, "ms")


def _measure_scaled_content(cards: int) -> Iterator[BenchResult]:
    """The same content with copies of its cards, six ways of asking each, words made different."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        shutil.copytree(CONTENT, content)
        originals = sorted(path.stem for path in (CONTENT / "cards").glob("*.yaml"))
        for number in range(cards - len(originals)):
            name = originals[number % len(originals)]
            card = (CONTENT / "cards" / f"{name}.yaml").read_text()
            short = next(line for line in card.splitlines() if line.startswith("short:"))
            (content / "cards" / f"copy-{number}.yaml").write_text(
                card.replace(short, f"short: Copy {number}")
            )
            asks = (CONTENT / "utterances" / f"{name}.txt").read_text().splitlines()[:6]
            text = "\n".join(f"{line} w{number}x{at}" for at, line in enumerate(asks))
            (content / "utterances" / f"copy-{number}.txt").write_text(text)
        begin = perf_counter()
        service = build_service(content)
        yield BenchResult(f"content load, {cards:,} cards", perf_counter() - begin, "s")
        yield from _measure_replies(service, f"{cards:,} cards")


def _measure_memory() -> BenchResult:
    """Resident memory of a process that has loaded the content and answered once."""
    answer = "from tests.chat import *; Chat(service_of()).say('should I do a phd?')"
    own, peer = _measure_resident_mib(answer), _measure_resident_mib("import yaml, pydantic")
    return BenchResult("resident memory after an answer", own, "MiB", own / peer, "import yaml, pydantic")


def _measure_resident_mib(code: str) -> float:
    """MiB that a process holds after running the code."""
    told = f"{code}; print(next(line for line in open('/proc/self/status') if line.startswith('VmRSS')))"
    shown = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    return int(shown.stdout.split()[1]) / 1024
