"""One process of the proofs of tips: works on a database until nothing is due, or until it is killed."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.commands import COMMANDS
from bot.dialogue.delivery import Delivery, Pace, Settled
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from bot.service import Edition, Service
from bot.store.home import Home
from tests.proof.tips_rows import SECRET, tip_of


@dataclass(frozen=True)
class Job:
    """What a process is to do.

    Attributes:
        log: where it notes what the platform took, how wide the window of doubt was, whom it told.
        now: the moment that its clock stands at, and it ticks once; None for the real clock, for ever.
        slow: seconds that the platform takes at most, before it has the message and again after.
        stall_at, stall: from when, in seconds since 1970, and for how long its loop is blocked.
    """

    url: str
    log: str
    seed: int
    now: str | None = None
    slow: float = 0.005
    stall_at: float = 0.0
    stall: float = 0.0


@dataclass
class Counting:
    """A platform that notes what it took, each in one write that a kill cannot cut."""

    note: Callable[[str], None]
    random: Random
    slow: float
    pace: Pace = field(default_factory=Pace)
    ready: bool = True

    async def deliver(self, delivery: Delivery) -> str:
        """Take a message somewhere between being asked and answering."""
        await asyncio.sleep(self.random.uniform(0, self.slow))
        self.note(
            f"word {delivery.key}"
            if delivery.slot is None
            else f"took {tip_of(delivery.channel, delivery.slot)}"
        )
        await asyncio.sleep(self.random.uniform(0, self.slow))
        return "1"


class Timed(Service):
    """The bot, which also notes how long each tip could have become one in doubt.

    That is from the commit of "it is being sent" to the commit of what became of it.
    """

    def __init__(self, edition: Edition, job: Job, note: Callable[[str], None]) -> None:
        super().__init__(lambda: edition, COMMANDS, "/career", Home(Path(), job.url, (SECRET,)))
        self._note = note
        self._begun: dict[str, float] = {}

    def begin(self, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """The windows open."""
        begun = super().begin(deliveries, now)
        self._begun |= {one.claim: time.perf_counter() for one in begun if one.slot is not None}
        return begun

    def settle(self, done: Sequence[tuple[Delivery, Settled]], now: datetime) -> None:
        """The windows close."""
        super().settle(done, now)
        for one, _ in done:
            if one.claim in self._begun:
                self._note(f"width {time.perf_counter() - self._begun.pop(one.claim):.6f}")


async def work(job: Job, edition: Edition, ready: Callable[[], None]) -> None:
    """Do the job; tell when the store is open, so that what is killed is the work and not the start."""
    file = os.open(job.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(line: str) -> None:
        os.write(file, f"{line}\n".encode())

    service = Timed(edition, job, note)
    assert service.context.store
    places = {"slack": Counting(note, Random(job.seed), job.slow)}
    answering = Answering(service)
    ready()
    if job.now is not None:
        stands = datetime.fromisoformat(job.now)
        await Schedule(service, answering, places, lambda: stands).tick()
        return
    if job.stall:
        asyncio.get_running_loop().call_later(job.stall_at - time.time(), time.sleep, job.stall)
    await Schedule(service, answering, places, lambda: datetime.now(UTC)).run()
