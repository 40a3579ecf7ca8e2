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
from bot.delivery import DeliveryWorker
from bot.domain.outbox import DeliveryResult
from bot.messaging.delivery import Delivery, DeliveryKind, SendIntervals
from bot.platforms.request_runner import RequestRunner
from bot.service import ContentSnapshot, Service
from bot.store.storage import Storage
from tests.proof.tips_database import SECRET, format_tip_key


@dataclass(frozen=True)
class WorkerJob:
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
    max_latency: float = 0.005
    stall_at: float = 0.0
    stall_seconds: float = 0.0


@dataclass
class LoggingPlatform:
    """A platform that notes what it took, each in one write that a kill cannot cut."""

    write_log: Callable[[str], None]
    random: Random
    max_latency: float
    send_intervals: SendIntervals = field(default_factory=SendIntervals)
    can_send: bool = True

    async def deliver(self, delivery: Delivery) -> str:
        """Take a message somewhere between being asked and answering."""
        await asyncio.sleep(self.random.uniform(0, self.max_latency))
        self.write_log(
            f"word {delivery.idempotency_key}"
            if delivery.kind is DeliveryKind.NOTIFICATION
            else f"took {format_tip_key(delivery.channel, delivery.due_since)}"
        )
        await asyncio.sleep(self.random.uniform(0, self.max_latency))
        return "1"


class TimedService(Service):
    """The bot, which also notes how long each tip could have become one in doubt.

    That is from the commit of "it is being sent" to the commit of what became of it.
    """

    def __init__(self, edition: ContentSnapshot, job: WorkerJob, note: Callable[[str], None]) -> None:
        super().__init__(lambda: edition, COMMANDS, "/career", Storage(Path(), job.url, (SECRET,)))
        self._write_log = note
        self._send_started: dict[str, float] = {}

    def begin_sending(self, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """The windows open."""
        begun = super().begin_sending(deliveries, now)
        self._send_started |= {
            one.claim_token: time.perf_counter() for one in begun if one.kind is DeliveryKind.TIP
        }
        return begun

    def record_results(self, done: Sequence[tuple[Delivery, DeliveryResult]], now: datetime) -> None:
        """The windows close."""
        super().record_results(done, now)
        for one, _ in done:
            if one.claim_token in self._send_started:
                self._write_log(f"width {time.perf_counter() - self._send_started.pop(one.claim_token):.6f}")


async def run_worker(job: WorkerJob, snapshot: ContentSnapshot, report_ready: Callable[[], None]) -> None:
    """Do the job; tell when the store is open, so that what is killed is the work and not the start."""
    file = os.open(job.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(line: str) -> None:
        os.write(file, f"{line}\n".encode())

    service = TimedService(snapshot, job, note)
    assert service.context.open_store()
    places = {"slack": LoggingPlatform(note, Random(job.seed), job.max_latency)}
    answering = RequestRunner(service)
    report_ready()
    if job.now is not None:
        stands = datetime.fromisoformat(job.now)
        await DeliveryWorker(service, answering, places, lambda: stands).tick()
        return
    if job.stall_seconds:
        asyncio.get_running_loop().call_later(job.stall_at - time.time(), time.sleep, job.stall_seconds)
    await DeliveryWorker(service, answering, places, lambda: datetime.now(UTC)).run()
