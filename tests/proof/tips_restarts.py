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

from bot.timing import CLAIM_LEASE
from tests.proof.fork_server import ForkServer, run_fork_server
from tests.proof.proof_result import ProofResult
from tests.proof.tips_database import create_subscriptions, format_tip_key, load_states, read_log_values
from tests.proof.tips_worker import WorkerJob

SLOT_COUNT = 150
SLOT_SPACING = timedelta(milliseconds=100)
LIFETIME_RANGE = (0.02, 0.2)  # seconds, so that about ten restarts fall around each slot
RESTART_WINDOW = timedelta(milliseconds=700)
STALL_SECONDS, SHORT_STALL_SECONDS = (
    90.0,
    5.0,
)  # seconds; a scheduler forgives one second unless told otherwise
STALLED_SLOT_COUNT = 10  # slots that come meanwhile
_SETUP_TIME = timedelta(seconds=2)  # from the setting up until the loop stands
_LEAD_TIME = timedelta(seconds=0.3)  # until the first slot, and from the look until the end
CATCH_UP_SECONDS = 5.0  # seconds after a stall: by then all has come


def prove(seed: int, share: float) -> Iterator[ProofResult]:
    """The stall lasts while the restarts go on."""
    random, stall = Random(seed), STALL_SECONDS if share == 1 else SHORT_STALL_SECONDS
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, run_fork_server() as young:
        stalled = StalledWorker(Path(folder), young, stall)
        yield _run_restarts(Path(folder), young, random, max(10, round(SLOT_COUNT * share)))
        yield stalled.report()


def _run_restarts(folder: Path, fork_server: ForkServer, random: Random, slot_count: int) -> ProofResult:
    url, log = f"sqlite:///{folder}/restarts.db", folder / "restarts"
    begin = datetime.now(UTC) + 2 * RESTART_WINDOW
    slots = {f"C{index}": begin + index * SLOT_SPACING for index in range(slot_count)}
    create_subscriptions(url, list(slots.values()))
    restarts: list[datetime] = []
    while datetime.now(UTC) < max(slots.values()) + RESTART_WINDOW:
        pid = fork_server.start(WorkerJob(url, str(log), random.getrandbits(32)))
        sleep(random.uniform(*LIFETIME_RANGE))
        fork_server.kill(pid)
        restarts.append(datetime.now(UTC))
    after = datetime.now(UTC) + CLAIM_LEASE + timedelta(seconds=1)
    fork_server.wait(fork_server.start(WorkerJob(url, str(log), 0, now=after.isoformat())))
    around = [sum(abs(restart - slot) < RESTART_WINDOW for restart in restarts) for slot in slots.values()]
    found, faults = _summarize_slots(url, log, slots)
    note = f"{len(restarts)} restarts, at least {min(around)} around each slot; {found}"
    return ProofResult("slots among restarts", slot_count, faults, note)


class StalledWorker:
    """A process whose loop is blocked while slots come."""

    def __init__(self, folder: Path, young: ForkServer, stall: float) -> None:
        self._url, self._log = f"sqlite:///{folder}/stalled.db", folder / "stalled"
        self._fork_server, self._stall = young, stall
        begin = datetime.now(UTC) + _SETUP_TIME
        step = timedelta(seconds=(stall - 1) / STALLED_SLOT_COUNT)
        self._slots = {f"C{index}": begin + _LEAD_TIME + index * step for index in range(STALLED_SLOT_COUNT)}
        create_subscriptions(self._url, list(self._slots.values()))
        self._pid = young.start(
            WorkerJob(self._url, str(self._log), 0, stall_at=begin.timestamp(), stall_seconds=stall)
        )
        self._stall_end = begin + timedelta(seconds=stall)

    def report(self) -> ProofResult:
        """All of it came once, soon after."""
        sleep(max(0.0, -self._seconds_after_stall() - _LEAD_TIME.total_seconds()))
        before = len(read_log_values(self._log, "took"))
        while (
            len(read_log_values(self._log, "took")) < STALLED_SLOT_COUNT
            and self._seconds_after_stall() < CATCH_UP_SECONDS
        ):
            sleep(0.02)  # between two looks at what another process writes
        late = self._seconds_after_stall()
        sleep(1)  # for one that would come twice
        self._fork_server.kill(self._pid)
        found, faults = _summarize_slots(self._url, self._log, self._slots)
        stood = f"the loop stood for {self._stall:.0f} s"
        note = f"{stood}, {before} came meanwhile, all {late:.1f} s later; {found}"
        return ProofResult(
            "slots in a stalled loop", STALLED_SLOT_COUNT, faults + (late >= CATCH_UP_SECONDS), note
        )

    def _seconds_after_stall(self) -> float:
        return (datetime.now(UTC) - self._stall_end).total_seconds()


def _summarize_slots(url: str, log: Path, slots: dict[str, datetime]) -> tuple[str, int]:
    """What became of the slots, in words, and how many went wrong."""
    taken, states = Counter(read_log_values(log, "took")), load_states(url, slots)
    became: Counter[str] = Counter()
    for channel, slot in slots.items():
        times, state = taken[format_tip_key(channel, slot)], states[channel]
        right = (state == "sent" and times == 1) or (state == "unknown" and times <= 1)
        became[state if right else "wrong"] += 1
    return ", ".join(f"{number} {state}" for state, number in became.items()), became["wrong"]
