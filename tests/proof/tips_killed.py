"""kill -9 while five hundred tips are due: each is sent once or listed as in doubt, none is lost.

One process on a SQLite file, killed again and again and followed by another; three at once on PostgreSQL,
of which one is killed at random and replaced while the others go on. When the leases are over, a fresh one
finishes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from bot.store.outbox import LEASE
from tests.databases import Server
from tests.proof.finding import Finding
from tests.proof.nursery import Nursery, nursery
from tests.proof.tips_process import Job
from tests.proof.tips_rows import noted, set_up, states_at, tip_of, told_of

TIPS = 500
KILLS = 200
A_DAY = 4  # kills; every day the same tips are due again
NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def prove(seed: int, share: float) -> Iterator[Finding]:
    """Kill on both databases; a shortened run takes one of them, drawn."""
    random, kills, whole = Random(seed), max(4, round(KILLS * share)), share == 1
    several = random.random() < 0.5
    with TemporaryDirectory(prefix="career-bot-", ignore_cleanup_errors=True) as folder, nursery() as young:
        if whole or not several:
            tips, log = TIPS if whole else TIPS // 4, Path(folder) / "one"
            yield Days(f"sqlite:///{folder}/bot.db", log, young, random, tips).prove(kills, 1)
        if whole or several:
            tips, log = TIPS if whole else TIPS // 2, Path(folder) / "three"
            server = Server.start(Path(folder) / "data")
            try:
                yield Days(server.new_database(), log, young, random, tips).prove(kills, 3)
            finally:
                server.stop()


@dataclass
class Days:
    """The days of one database.

    Attributes:
        log: where all processes note what they did.
        whole: seconds that a day without a kill takes.
    """

    url: str
    log: Path
    young: Nursery
    random: Random
    tips: int
    whole: float = 0.0
    found: Counter[str] = field(default_factory=Counter)

    def prove(self, kills: int, processes: int) -> Finding:
        """One day in peace, which tells how long the work is; then days with kills until there are enough."""
        self._subscribe()
        self.whole, day = self._finish(NINE, processes), 0
        self._look(NINE)
        while self.found["at work"] < kills:
            nine = NINE + (day := day + 1) * DAY
            if processes == 1:
                late = self._one_after_another(nine, kills)
            else:
                late = self._several_at_once(nine, processes, kills)
            self._finish(late + LEASE + timedelta(seconds=1), 1)
            self._look(nine)
        return Finding(f"tips of killed processes, {processes} at once", *self._sum(day + 1))

    def _one_after_another(self, nine: datetime, kills: int) -> datetime:
        """Each killed one is followed by another, a minute later."""
        for _ in range(min(A_DAY, kills - self.found["at work"])):
            at_work = self._kill_one([self._start(nine)])
            nine += LEASE + timedelta(seconds=1)
            if not at_work:
                break
        return nine

    def _several_at_once(self, nine: datetime, processes: int, kills: int) -> datetime:
        """Each killed one is replaced at once; the others go on."""
        alive = [self._start(nine) for _ in range(processes)]
        for _ in range(min(A_DAY, kills - self.found["at work"])):
            if alive and self._kill_one(alive):
                alive.append(self._start(nine))
        for pid in alive:
            self.young.wait(pid)
        return nine

    def _kill_one(self, alive: list[int]) -> bool:
        """Any of them, after any part of the time that a day's work takes; whether it was at work."""
        sleep(self.random.uniform(0, self.whole / len(alive)))
        at_work = self.young.kill(alive.pop(self.random.randrange(len(alive))))
        self.found["at work" if at_work else "idle"] += 1
        return at_work

    def _finish(self, now: datetime, processes: int) -> float:
        """Work until nothing is due; how many seconds that took once all were there."""
        alive, begin = [self._start(now) for _ in range(processes)], perf_counter()
        for pid in alive:
            self.young.wait(pid)
        return perf_counter() - begin

    def _start(self, now: datetime) -> int:
        return self.young.start(Job(self.url, str(self.log), self.random.getrandbits(32), now.isoformat()))

    def _subscribe(self) -> None:
        set_up(self.url, [NINE] * self.tips)

    def _look(self, nine: datetime) -> None:
        """What became of the day's tips, by the rows and by the platform."""
        taken = Counter(noted(self.log, "took"))
        states = states_at(self.url, {f"C{number}": nine for number in range(self.tips)})
        told = told_of(self.url, nine)
        for number in range(self.tips):
            times, state = taken[tip_of(f"C{number}", nine)], states[f"C{number}"]
            self.found["doubled"] += times > 1
            self.found["lost"] += state not in ("sent", "unknown") or (state == "sent" and times == 0)
            self.found["in doubt"] += state == "unknown"
            self.found["stand"] += state == "unknown" and times == 1
            self.found["untold"] += state == "unknown" and f"C{number}" not in told

    def _sum(self, days: int) -> tuple[int, int, str]:
        found, words = self.found, Counter(key for key in noted(self.log, "word") if ":unknown:" in key)
        widths = sorted(1_000 * float(width) for width in noted(self.log, "width"))
        again = sum(times - 1 for times in words.values())
        note = (
            f"{found['at work']} kills at work, {found['idle']} after it; {found['doubled']} doubled, "
            f"{found['lost']} lost, {found['in doubt']} in doubt of which {found['stand']} stand there, "
            f"{len(words)} told, {found['untold']} untold; "
            f"window {median(widths):.1f} ms, longest {widths[-1]:.1f}"
        )
        return days * self.tips, found["doubled"] + found["lost"] + found["untold"] + again, note
