"""The database is away for a minute while `career-bot run` serves: answers come as ever, tips once after.

PostgreSQL is frozen, so that it accepts and never answers; on SQLite somebody holds the file. Some tips are
being sent when that begins, others fall due meanwhile.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.platforms.slack import payloads
from tests.platforms.slack.fake_server import FakeSlack, run_fake_slack
from tests.postgres import PostgresServer
from tests.proof.proof_result import ProofResult
from tests.proof.tips_database import SECRET, create_subscriptions, load_states
from tests.test_run_command import BotProcess, build_slack_env, run_machine

OUTAGE_SECONDS, SHORT_OUTAGE_SECONDS = 60.0, 4.0  # seconds
IN_FLIGHT_TIPS, TIPS_DURING_OUTAGE = 10, 10  # tips
LINES = ("ask should I do a phd?", "compare big-tech academia", "quiz")
_STARTUP_TIME = timedelta(seconds=8)  # from the start of the process until the first tips are due
_SLACK_LATENCY = 1.0  # seconds for Slack to take what crosses the beginning
_PAUSE = 0.02  # seconds between two questions
_MAX_MS = 2_000.0  # milliseconds; Slack gives up after three
_MAX_SLOWDOWN, _EXTRA_MS = (
    3.0,
    20.0,
)  # the median while it is away: so many times that before, and milliseconds
_SETTLE_TIMEOUT = 130.0  # seconds for all to be settled: a lease, a tick, and a pause

OutageContext = AbstractContextManager[None]


def prove(seed: int, share: float) -> Iterator[ProofResult]:
    """Both databases, one after the other; a shortened run takes one of them, drawn."""
    random = Random(seed)
    kinds = ("SQLite", "PostgreSQL") if share == 1 else (random.choice(("SQLite", "PostgreSQL")),)
    for kind in kinds:
        with TemporaryDirectory(prefix="career-bot-", ignore_cleanup_errors=True) as folder:
            if kind == "SQLite":
                outage = OutageScenario(kind, f"sqlite:///{folder}/bot.db", Path(folder), random)
                yield from asyncio.run(outage.run(_lock_sqlite(Path(folder) / "bot.db"), share))
                continue
            server = PostgresServer.start(Path(folder) / "data")
            try:
                outage = OutageScenario(kind, server.new_database(), Path(folder), random)
                yield from asyncio.run(outage.run(_freeze_postgres(server), share))
            finally:
                server.stop()


@contextmanager
def _lock_sqlite(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def _freeze_postgres(server: PostgresServer) -> Iterator[None]:
    server.freeze()
    try:
        yield
    finally:
        server.thaw()


@dataclass
class OutageScenario:
    """One bot on one database that goes away.

    Attributes:
        slots: the tips: the first are being sent when it begins, the others fall due meanwhile.
        said: how answers began before it went away.
        strange: answers that began otherwise, meanwhile.
    """

    kind: str
    url: str
    folder: Path
    random: Random
    scheduled_times: dict[str, datetime] = field(default_factory=dict)
    known_headings: set[str] = field(default_factory=set)
    unexpected_count: int = 0

    async def run(self, outage: OutageContext, share: float) -> list[ProofResult]:
        """Before, while it is away, and after."""
        lasts = OUTAGE_SECONDS if share == 1 else SHORT_OUTAGE_SECONDS
        begin = datetime.now(UTC) + _STARTUP_TIME
        later = [
            begin + timedelta(seconds=self.random.uniform(0.5, lasts - 0.5))
            for _ in range(TIPS_DURING_OUTAGE)
        ]
        slots = [begin] * IN_FLIGHT_TIPS + later
        self.scheduled_times = {f"C{number}": slot for number, slot in enumerate(slots)}
        create_subscriptions(self.url, slots, workspaces=len(slots))
        environ = {"DATABASE_URL": self.url, "CAREER_BOT_SECRET_KEYS": SECRET}
        async with (
            run_fake_slack() as slack,
            run_machine(self.folder, **build_slack_env(slack.url), **environ) as bot,
        ):
            slack.faults["chat.postMessage"] = [_SLACK_LATENCY] * IN_FLIGHT_TIPS
            await bot.start()
            before = await self._ask_repeatedly(
                bot, slack, lambda: bool(slack.list_payloads("chat.postMessage")), check_headings=False
            )
            with outage:
                gone = perf_counter()
                during = await self._ask_repeatedly(
                    bot, slack, lambda: perf_counter() - gone > lasts, check_headings=True
                )
                back = len(slack.list_payloads("chat.postMessage"))
            after = perf_counter()
            states = await self._wait_until_settled()
            waited = perf_counter() - after
            await bot.stop(signal.SIGTERM)
            return [self._report_answers(before, during), self._report_tips(slack, states, back, waited)]

    async def _ask_repeatedly(
        self, bot: BotProcess, slack: FakeSlack, is_done: Callable[[], bool], *, check_headings: bool
    ) -> list[float]:
        """Ask each line at least once, and again until that is enough; milliseconds until each answer."""
        took: list[float] = []
        while len(took) < len(LINES) or not is_done():
            line = LINES[len(took) % len(LINES)]
            begin = perf_counter()
            answer = await bot.post_payload(payloads.build_slash_command(line, slack.response_url))
            took.append(1_000 * (perf_counter() - begin))
            heading = answer["text"].partition("\n")[0]
            if check_headings:
                self.unexpected_count += heading not in self.known_headings
            else:
                self.known_headings.add(heading)
            await asyncio.sleep(_PAUSE)
        return took

    async def _wait_until_settled(self) -> dict[str, str]:
        """Wait until no tip is open any more; what became of each."""
        begin = perf_counter()
        while True:
            states = await asyncio.to_thread(load_states, self.url, self.scheduled_times)
            over = all(state in ("sent", "unknown", "skipped") for state in states.values())
            if over or perf_counter() - begin > _SETTLE_TIMEOUT:
                return states
            await asyncio.sleep(0.2)  # between two looks at what another process writes

    def _report_answers(self, before: list[float], during: list[float]) -> ProofResult:
        was, now = median(before), median(during)
        faults = (
            sum(took > _MAX_MS for took in during)
            + self.unexpected_count
            + (now > _MAX_SLOWDOWN * was + _EXTRA_MS)
        )
        note = (
            f"median {was:.1f} ms before, {now:.1f} meanwhile ({now / was:.2f}); 99 in 100 within "
            f"{_compute_p99(before):.1f}, {_compute_p99(during):.1f} "
            f"({_compute_p99(during) / _compute_p99(before):.2f}); "
            f"longest {max(during):.0f}; {self.unexpected_count} strange ones"
        )
        return ProofResult(f"answers while {self.kind} is away", len(during), faults, note)

    def _report_tips(
        self, slack: FakeSlack, states: dict[str, str], sent_before_recovery: int, settle_seconds: float
    ) -> ProofResult:
        """Those that fell due meanwhile must stand there; of those on their way a doubt may be listed."""
        posted = Counter(str(call["channel"]) for call in slack.list_payloads("chat.postMessage"))
        wrong: list[str] = []
        for number, (channel, state) in enumerate(states.items()):
            times = posted[channel]
            doubt = state == "unknown" and times <= 1 and number < IN_FLIGHT_TIPS
            if not doubt and (state, times) != ("sent", 1):
                wrong.append(f"{channel} {state} {times} times")
        became = Counter(states.values())
        note = (
            f"{sent_before_recovery} had gone to Slack when it came back, "
            f"all was settled {settle_seconds:.1f} s later: "
            f"{became['sent']} sent, {became['unknown']} in doubt {' '.join(wrong[:3])}"
        )
        return ProofResult(f"tips while {self.kind} is away", len(states), len(wrong), note)


def _compute_p99(durations: list[float]) -> float:
    return sorted(durations)[round(0.99 * (len(durations) - 1))]
