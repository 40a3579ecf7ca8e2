"""kill -9 while a hundred tips are due: each is sent once or listed as in doubt, none is lost."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.store.community import Community
from bot.store.keys import ring_of
from bot.store.store import Store
from bot.store.tips import Subscription
from tests.proof.finding import Finding

TIPS = 100
KILLS = 25  # a day of the month each
HERE = Community("slack", "T1")
NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
RING = ring_of(("a secret of the tests",))


def prove(seed: int, share: float) -> Iterator[Finding]:
    """Kill a process on a SQLite file each day at nine; another one comes a minute later and finishes."""
    random, kills = Random(seed), max(3, round(KILLS * share))
    wrong = doubt = stands = 0
    with TemporaryDirectory() as folder:
        url, log = f"sqlite:///{folder}/bot.db", Path(folder) / "taken"
        _subscribe(url, TIPS)
        for number in range(kills):
            nine = NINE + timedelta(days=number)
            _run(url, log, nine, kill=random.uniform(0.02, 0.4))
            _run(url, log, nine + timedelta(seconds=61), kill=None)
            taken = Counter(log.read_text().split())
            for channel, state in _states(url, TIPS).items():
                times = taken[f"{channel}@{nine:%d}"]
                wrong += times > 1 or state not in ("sent", "unknown") or (state == "sent" and times == 0)
                doubt += state == "unknown"
                stands += state == "unknown" and times == 1
    note = f"{kills} kills, {doubt} in doubt, of which {stands} stand there"
    yield Finding("tips of a killed process", kills * TIPS, wrong, note)


def _subscribe(url: str, tips: int) -> None:
    with closing(Store.open(Path(), url, RING)) as store:
        for number in range(tips):
            channel = f"C{number}"
            row = Subscription(HERE, channel, False, "U", "daily", "09:00", "UTC", date(2026, 1, 1), (), NINE)
            store.subscriptions.put(row, NINE)


def _states(url: str, tips: int) -> dict[str, str]:
    with closing(Store.open(Path(), url, RING)) as store:
        found = {f"C{number}": store.deliveries.last(HERE, f"C{number}") for number in range(tips)}
    return {channel: last[1] if last is not None else "nothing" for channel, last in found.items()}


def _run(url: str, log: Path, now: datetime, kill: float | None) -> None:
    """One process; killed so many seconds after it began to tick, or left to finish."""
    command = [sys.executable, "-m", "tests.proof.tips_process", url, str(log), now.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(kill)
        except subprocess.TimeoutExpired:
            process.kill()
