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

from tests.databases import Server
from tests.platforms.slack import payloads
from tests.platforms.slack.stand_in import StandIn, stand_in
from tests.proof.finding import Finding
from tests.proof.tips_rows import SECRET, set_up, states_at
from tests.test_run import Running, machine, on_slack

AWAY, SHORTLY = 60.0, 4.0  # seconds
CROSSING, MEANWHILE = 10, 10  # tips
LINES = ("ask should I do a phd?", "compare big-tech academia", "quiz")
_UP = timedelta(seconds=8)  # from the start of the process until the first tips are due
_TAKES = 1.0  # seconds for Slack to take what crosses the beginning
_PAUSE = 0.02  # seconds between two questions
_SLOW = 2_000.0  # milliseconds; Slack gives up after three
_TIMES, _MORE = 3.0, 20.0  # the median while it is away: so many times that before, and milliseconds
_AFTER = 130.0  # seconds for all to be settled: a lease, a tick, and a pause

Away = AbstractContextManager[None]


def prove(seed: int, share: float) -> Iterator[Finding]:
    """Both databases, one after the other; a shortened run takes one of them, drawn."""
    random = Random(seed)
    kinds = ("SQLite", "PostgreSQL") if share == 1 else (random.choice(("SQLite", "PostgreSQL")),)
    for kind in kinds:
        with TemporaryDirectory(prefix="career-bot-", ignore_cleanup_errors=True) as folder:
            if kind == "SQLite":
                outage = Outage(kind, f"sqlite:///{folder}/bot.db", Path(folder), random)
                yield from asyncio.run(outage.run(_held(Path(folder) / "bot.db"), share))
                continue
            server = Server.start(Path(folder) / "data")
            try:
                outage = Outage(kind, server.new_database(), Path(folder), random)
                yield from asyncio.run(outage.run(_frozen(server), share))
            finally:
                server.stop()


@contextmanager
def _held(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def _frozen(server: Server) -> Iterator[None]:
    server.freeze()
    try:
        yield
    finally:
        server.thaw()


@dataclass
class Outage:
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
    slots: dict[str, datetime] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    strange: int = 0

    async def run(self, away: Away, share: float) -> list[Finding]:
        """Before, while it is away, and after."""
        lasts = AWAY if share == 1 else SHORTLY
        begin = datetime.now(UTC) + _UP
        later = [begin + timedelta(seconds=self.random.uniform(0.5, lasts - 0.5)) for _ in range(MEANWHILE)]
        slots = [begin] * CROSSING + later
        self.slots = {f"C{number}": slot for number, slot in enumerate(slots)}
        set_up(self.url, slots, workspaces=len(slots))
        environ = {"DATABASE_URL": self.url, "CAREER_BOT_SECRET": SECRET}
        async with stand_in() as slack, machine(self.folder, **on_slack(slack.url), **environ) as bot:
            slack.trouble["chat.postMessage"] = [_TAKES] * CROSSING
            await bot.start()
            before = await self._asked(bot, slack, lambda: bool(slack.made("chat.postMessage")), known=False)
            with away:
                gone = perf_counter()
                during = await self._asked(bot, slack, lambda: perf_counter() - gone > lasts, known=True)
                back = len(slack.made("chat.postMessage"))
            after = perf_counter()
            states = await self._settled()
            waited = perf_counter() - after
            await bot.end(signal.SIGTERM)
            return [self._answers(before, during), self._tips(slack, states, back, waited)]

    async def _asked(
        self, bot: Running, slack: StandIn, enough: Callable[[], bool], *, known: bool
    ) -> list[float]:
        """Ask each line at least once, and again until that is enough; milliseconds until each answer."""
        took: list[float] = []
        while len(took) < len(LINES) or not enough():
            line = LINES[len(took) % len(LINES)]
            begin = perf_counter()
            answer = await bot.post(payloads.command(line, slack.response_url))
            took.append(1_000 * (perf_counter() - begin))
            heading = answer["text"].partition("\n")[0]
            if known:
                self.strange += heading not in self.said
            else:
                self.said.add(heading)
            await asyncio.sleep(_PAUSE)
        return took

    async def _settled(self) -> dict[str, str]:
        """Wait until no tip is open any more; what became of each."""
        begin = perf_counter()
        while True:
            states = await asyncio.to_thread(states_at, self.url, self.slots)
            over = all(state in ("sent", "unknown", "skipped") for state in states.values())
            if over or perf_counter() - begin > _AFTER:
                return states
            await asyncio.sleep(0.2)  # between two looks at what another process writes

    def _answers(self, before: list[float], during: list[float]) -> Finding:
        was, now = median(before), median(during)
        faults = sum(took > _SLOW for took in during) + self.strange + (now > _TIMES * was + _MORE)
        note = (
            f"median {was:.1f} ms before, {now:.1f} meanwhile ({now / was:.2f}); 99 in 100 within "
            f"{_late(before):.1f}, {_late(during):.1f} ({_late(during) / _late(before):.2f}); "
            f"longest {max(during):.0f}; {self.strange} strange ones"
        )
        return Finding(f"answers while {self.kind} is away", len(during), faults, note)

    def _tips(self, slack: StandIn, states: dict[str, str], back: int, waited: float) -> Finding:
        """Those that fell due meanwhile must stand there; of those on their way a doubt may be listed."""
        posted = Counter(str(call["channel"]) for call in slack.made("chat.postMessage"))
        wrong: list[str] = []
        for number, (channel, state) in enumerate(states.items()):
            times = posted[channel]
            doubt = state == "unknown" and times <= 1 and number < CROSSING
            if not doubt and (state, times) != ("sent", 1):
                wrong.append(f"{channel} {state} {times} times")
        became = Counter(states.values())
        note = (
            f"{back} had gone to Slack when it came back, all was settled {waited:.1f} s later: "
            f"{became['sent']} sent, {became['unknown']} in doubt {' '.join(wrong[:3])}"
        )
        return Finding(f"tips while {self.kind} is away", len(states), len(wrong), note)


def _late(took: list[float]) -> float:
    return sorted(took)[round(0.99 * (len(took) - 1))]
