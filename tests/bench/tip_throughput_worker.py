"""One process of the bench of tips: told to, it ticks until nothing is due, and says how many it sent."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.delivery import DeliveryWorker
from bot.messaging.delivery import Delivery, SendIntervals
from bot.platforms.request_runner import RequestRunner
from tests.chat import build_service_from, load_snapshot


@dataclass
class UnlimitedPlatform:
    """A platform that takes whatever comes, at once."""

    send_intervals: SendIntervals = field(default_factory=SendIntervals)
    can_send: bool = True
    delivered_count: int = 0

    async def deliver(self, delivery: Delivery) -> str:  # noqa: ARG002
        """Take a message."""
        self.delivered_count += 1
        await asyncio.sleep(0)
        return "1"


async def _run_worker(database_url: str, now: str) -> None:
    service = build_service_from(load_snapshot(), Path(), database_url)
    clock = datetime.fromisoformat(now)
    platform, answering = UnlimitedPlatform(), RequestRunner(service)
    service.find_next_due(frozenset({"slack"}))  # opens the store
    print("ready", flush=True)
    sys.stdin.readline()
    await DeliveryWorker(service, answering, {"slack": platform}, lambda: clock).tick()
    print(platform.delivered_count, flush=True)
    answering.close()


if __name__ == "__main__":
    asyncio.run(_run_worker(*sys.argv[1:3]))
