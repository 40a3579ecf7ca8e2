"""One process of the proof of tips: ticks on a database until nothing is due, or until it is killed."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.dialogue.delivery import Delivery, Pace
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from tests.chat import edition_of, service_over


@dataclass
class Counted:
    """A platform that notes what it took, each in one write that a kill cannot cut."""

    file: int
    pace: Pace = field(default_factory=Pace)
    ready: bool = True

    async def deliver(self, delivery: Delivery) -> str:
        """Take a message."""
        if delivery.slot is not None:
            os.write(self.file, f"{delivery.channel}@{delivery.slot:%d}\n".encode())
        return "1"


async def _main(database_url: str, log: str, now: str) -> None:
    service = service_over(edition_of(), Path(), database_url)
    clock = datetime.fromisoformat(now)
    counted = Counted(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT))
    answering = Answering(service)
    service.next_due(frozenset({"slack"}))  # opens the store, so that what is killed is the tick
    print("ready", flush=True)
    await Schedule(service, answering, {"slack": counted}, lambda: clock).tick()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:4]))
