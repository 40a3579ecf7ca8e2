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

from bot.timing import CLAIM_LEASE
from tests.postgres import PostgresServer
from tests.proof.fork_server import ForkServer, run_fork_server
from tests.proof.proof_result import ProofResult
from tests.proof.tips_database import (
    create_subscriptions,
    format_tip_key,
    load_notified_channels,
    load_states,
    read_log_values,
)
from tests.proof.tips_worker import WorkerJob

TIP_COUNT = 500
KILL_COUNT = 200
KILLS_PER_DAY = 4  # kills; every day the same tips are due again
NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def prove(seed: int, share: float) -> Iterator[ProofResult]:
    """Kill on both databases; a shortened run takes one of them, drawn."""
    random, kills, whole = Random(seed), max(4, round(KILL_COUNT * share)), share == 1
    several = random.random() < 0.5
    with (
        TemporaryDirectory(prefix="career-bot-", ignore_cleanup_errors=True) as folder,
        run_fork_server() as young,
    ):
        if whole or not several:
            tips, log = TIP_COUNT if whole else TIP_COUNT // 4, Path(folder) / "one"
            yield CrashScenario(f"sqlite:///{folder}/bot.db", log, young, random, tips).run(kills, 1)
        if whole or several:
            tips, log = TIP_COUNT if whole else TIP_COUNT // 2, Path(folder) / "three"
            server = PostgresServer.start(Path(folder) / "data")
            try:
                yield CrashScenario(server.new_database(), log, young, random, tips).run(kills, 3)
            finally:
                server.stop()


@dataclass
class CrashScenario:
    """The days of one database.

    Attributes:
        log: where all processes note what they did.
        whole: seconds that a day without a kill takes.
    """

    url: str
    log: Path
    fork_server: ForkServer
    random: Random
    tip_count: int
    full_day_seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)

    def run(self, kills: int, processes: int) -> ProofResult:
        """One day in peace, which tells how long the work is; then days with kills until there are enough."""
        self._create_subscriptions()
        self.full_day_seconds, day = self._run_until_idle(NINE, processes), 0
        self._count_outcomes(NINE)
        while self.counts["at work"] < kills:
            nine = NINE + (day := day + 1) * DAY
            if processes == 1:
                late = self._kill_sequentially(nine, kills)
            else:
                late = self._kill_concurrently(nine, processes, kills)
            self._run_until_idle(late + CLAIM_LEASE + timedelta(seconds=1), 1)
            self._count_outcomes(nine)
        return ProofResult(f"tips of killed processes, {processes} at once", *self._summarize(day + 1))

    def _kill_sequentially(self, now: datetime, kills: int) -> datetime:
        """Each killed one is followed by another, a minute later."""
        for _ in range(min(KILLS_PER_DAY, kills - self.counts["at work"])):
            at_work = self._kill_random_worker([self._start_worker(now)])
            now += CLAIM_LEASE + timedelta(seconds=1)
            if not at_work:
                break
        return now

    def _kill_concurrently(self, now: datetime, processes: int, kills: int) -> datetime:
        """Each killed one is replaced at once; the others go on."""
        alive = [self._start_worker(now) for _ in range(processes)]
        for _ in range(min(KILLS_PER_DAY, kills - self.counts["at work"])):
            if alive and self._kill_random_worker(alive):
                alive.append(self._start_worker(now))
        for pid in alive:
            self.fork_server.wait(pid)
        return now

    def _kill_random_worker(self, pids: list[int]) -> bool:
        """Any of them, after any part of the time that a day's work takes; whether it was at work."""
        sleep(self.random.uniform(0, self.full_day_seconds / len(pids)))
        at_work = self.fork_server.kill(pids.pop(self.random.randrange(len(pids))))
        self.counts["at work" if at_work else "idle"] += 1
        return at_work

    def _run_until_idle(self, now: datetime, processes: int) -> float:
        """Work until nothing is due; how many seconds that took once all were there."""
        alive, begin = [self._start_worker(now) for _ in range(processes)], perf_counter()
        for pid in alive:
            self.fork_server.wait(pid)
        return perf_counter() - begin

    def _start_worker(self, now: datetime) -> int:
        return self.fork_server.start(
            WorkerJob(self.url, str(self.log), self.random.getrandbits(32), now.isoformat())
        )

    def _create_subscriptions(self) -> None:
        create_subscriptions(self.url, [NINE] * self.tip_count)

    def _count_outcomes(self, scheduled_at: datetime) -> None:
        """What became of the day's tips, by the rows and by the platform."""
        taken = Counter(read_log_values(self.log, "took"))
        states = load_states(self.url, {f"C{number}": scheduled_at for number in range(self.tip_count)})
        told = load_notified_channels(self.url, scheduled_at)
        for number in range(self.tip_count):
            times, state = taken[format_tip_key(f"C{number}", scheduled_at)], states[f"C{number}"]
            self.counts["doubled"] += times > 1
            self.counts["lost"] += state not in ("sent", "unknown") or (state == "sent" and times == 0)
            self.counts["in doubt"] += state == "unknown"
            self.counts["stand"] += state == "unknown" and times == 1
            self.counts["untold"] += state == "unknown" and f"C{number}" not in told

    def _summarize(self, days: int) -> tuple[int, int, str]:
        found, words = (
            self.counts,
            Counter(key for key in read_log_values(self.log, "word") if ":unknown:" in key),
        )
        widths = sorted(1_000 * float(width) for width in read_log_values(self.log, "width"))
        again = sum(times - 1 for times in words.values())
        note = (
            f"{found['at work']} kills at work, {found['idle']} after it; {found['doubled']} doubled, "
            f"{found['lost']} lost, {found['in doubt']} in doubt of which {found['stand']} stand there, "
            f"{len(words)} told, {found['untold']} untold; "
            f"window {median(widths):.1f} ms, longest {widths[-1]:.1f}"
        )
        return days * self.tip_count, found["doubled"] + found["lost"] + found["untold"] + again, note
