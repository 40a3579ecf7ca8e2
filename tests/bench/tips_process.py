"""One process of the bench of tips: told to, it ticks until nothing is due, and says how many it sent."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.dialogue.delivery import Delivery, Pace
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from tests.chat import edition_of, service_over


@dataclass
class Unlimited:
    """A platform that takes whatever comes, at once."""

    pace: Pace = field(default_factory=Pace)
    ready: bool = True
    took: int = 0

    async def deliver(self, delivery: Delivery) -> str:  # noqa: ARG002
        """Take a message."""
        self.took += 1
        await asyncio.sleep(0)
        return "1"


async def _main(database_url: str, now: str) -> None:
    service = service_over(edition_of(), Path(), database_url)
    clock = datetime.fromisoformat(now)
    platform, answering = Unlimited(), Answering(service)
    service.next_due(frozenset({"slack"}))  # opens the store
    print("ready", flush=True)
    sys.stdin.readline()
    await Schedule(service, answering, {"slack": platform}, lambda: clock).tick()
    print(platform.took, flush=True)
    answering.close()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:3]))
