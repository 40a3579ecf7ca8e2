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
from tests.bench.measure import Row, command, times
from tests.chat import CONTENT, Chat, service_of

LINES = {
    "ask": "ask my manager hands me dashboards all day, is that still data science?",
    "compare": "compare big-tech academia",
    "card": "card phd-or-not",
}


def measure() -> list[Row]:
    """The rows of this bench."""
    return [*_start(), *_today(), *_grown(1_000), *_grown(10_000), _memory()]


def _start() -> Iterator[Row]:
    peer = command([sys.executable, "-c", "import yaml, pydantic"])
    own = command([sys.executable, "-m", "bot", "say", "should I do a phd?"])
    yield Row("say, start to answer", own, "ms", own / peer, "python -c 'import yaml, pydantic'")


def _today() -> Iterator[Row]:
    loaded, _ = times(service_of, 3)
    yield Row("content load, 80 cards", loaded, "ms")
    yield from _answers(service_of(), "80 cards")


def _answers(service: Service, where: str) -> Iterator[Row]:
    for name, line in LINES.items():
        chat = Chat(service)
        median, slowest = times(lambda chat=chat, line=line: chat.say(line), 200)  # type: ignore[misc]
        yield Row(f"respond {name}, {where}, p50", median, "ms")
        yield Row(f"respond {name}, {where}, p99", slowest, "ms")


def _grown(cards: int) -> Iterator[Row]:
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
            asks = (CONTENT / "asks" / f"{name}.txt").read_text().splitlines()[:6]
            text = "\n".join(f"{line} w{number}x{at}" for at, line in enumerate(asks))
            (content / "asks" / f"copy-{number}.txt").write_text(text)
        begin = perf_counter()
        service = service_of(content)
        yield Row(f"content load, {cards:,} cards", perf_counter() - begin, "s")
        yield from _answers(service, f"{cards:,} cards")


def _memory() -> Row:
    """Resident memory of a process that has loaded the content and answered once."""
    answer = "from tests.chat import *; Chat(service_of()).say('should I do a phd?')"
    own, peer = _resident(answer), _resident("import yaml, pydantic")
    return Row("resident memory after an answer", own, "MiB", own / peer, "import yaml, pydantic")


def _resident(code: str) -> float:
    """MiB that a process holds after running the code."""
    told = f"{code}; print(next(line for line in open('/proc/self/status') if line.startswith('VmRSS')))"
    shown = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    return int(shown.stdout.split()[1]) / 1024
