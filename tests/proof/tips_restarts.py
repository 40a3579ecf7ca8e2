"""Real processes on the real clock: killed and started again around each slot, and one whose loop stalls.

The schedule runs as in the bot: woken by its scheduler, not by the proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import sleep

from bot.store.outbox import LEASE
from tests.proof.finding import Finding
from tests.proof.nursery import Nursery, nursery
from tests.proof.tips_process import Job
from tests.proof.tips_rows import noted, set_up, states_at, tip_of

SLOTS = 150
APART = timedelta(milliseconds=100)
LIVES = (0.02, 0.2)  # seconds, so that about ten restarts fall around each slot
AROUND = timedelta(milliseconds=700)
STALL, SHORT_STALL = 90.0, 5.0  # seconds; a scheduler forgives one second unless told otherwise
STALLED = 10  # slots that come meanwhile
_START = timedelta(seconds=2)  # from the setting up until the loop stands
_BEFORE = timedelta(seconds=0.3)  # until the first slot, and from the look until the end
SOON = 5.0  # seconds after a stall: by then all has come


def prove(seed: int, share: float) -> Iterator[Finding]:
    """The stall lasts while the restarts go on."""
    random, stall = Random(seed), STALL if share == 1 else SHORT_STALL
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, nursery() as young:
        stalled = Stalled(Path(folder), young, stall)
        yield _restarts(Path(folder), young, random, max(10, round(SLOTS * share)))
        yield stalled.finding()


def _restarts(folder: Path, young: Nursery, random: Random, number: int) -> Finding:
    url, log = f"sqlite:///{folder}/restarts.db", folder / "restarts"
    begin = datetime.now(UTC) + 2 * AROUND
    slots = {f"C{index}": begin + index * APART for index in range(number)}
    set_up(url, list(slots.values()))
    restarts: list[datetime] = []
    while datetime.now(UTC) < max(slots.values()) + AROUND:
        pid = young.start(Job(url, str(log), random.getrandbits(32)))
        sleep(random.uniform(*LIVES))
        young.kill(pid)
        restarts.append(datetime.now(UTC))
    after = datetime.now(UTC) + LEASE + timedelta(seconds=1)
    young.wait(young.start(Job(url, str(log), 0, now=after.isoformat())))
    around = [sum(abs(restart - slot) < AROUND for restart in restarts) for slot in slots.values()]
    found, faults = _looked(url, log, slots)
    note = f"{len(restarts)} restarts, at least {min(around)} around each slot; {found}"
    return Finding("slots among restarts", number, faults, note)


class Stalled:
    """A process whose loop is blocked while slots come."""

    def __init__(self, folder: Path, young: Nursery, stall: float) -> None:
        self._url, self._log = f"sqlite:///{folder}/stalled.db", folder / "stalled"
        self._young, self._stall = young, stall
        begin = datetime.now(UTC) + _START
        step = timedelta(seconds=(stall - 1) / STALLED)
        self._slots = {f"C{index}": begin + _BEFORE + index * step for index in range(STALLED)}
        set_up(self._url, list(self._slots.values()))
        self._pid = young.start(Job(self._url, str(self._log), 0, stall_at=begin.timestamp(), stall=stall))
        self._over = begin + timedelta(seconds=stall)

    def finding(self) -> Finding:
        """All of it came once, soon after."""
        sleep(max(0.0, -self._late() - _BEFORE.total_seconds()))
        before = len(noted(self._log, "took"))
        while len(noted(self._log, "took")) < STALLED and self._late() < SOON:
            sleep(0.02)  # between two looks at what another process writes
        late = self._late()
        sleep(1)  # for one that would come twice
        self._young.kill(self._pid)
        found, faults = _looked(self._url, self._log, self._slots)
        stood = f"the loop stood for {self._stall:.0f} s"
        note = f"{stood}, {before} came meanwhile, all {late:.1f} s later; {found}"
        return Finding("slots in a stalled loop", STALLED, faults + (late >= SOON), note)

    def _late(self) -> float:
        return (datetime.now(UTC) - self._over).total_seconds()


def _looked(url: str, log: Path, slots: dict[str, datetime]) -> tuple[str, int]:
    """What became of the slots, in words, and how many went wrong."""
    taken, states = Counter(noted(log, "took")), states_at(url, slots)
    became: Counter[str] = Counter()
    for channel, slot in slots.items():
        times, state = taken[tip_of(channel, slot)], states[channel]
        right = (state == "sent" and times == 1) or (state == "unknown" and times <= 1)
        became[state if right else "wrong"] += 1
    return ", ".join(f"{number} {state}" for state, number in became.items()), became["wrong"]
