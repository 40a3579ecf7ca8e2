"""Two processes on one PostgreSQL: how soon people on Discord are answered again when one goes.

The suite has one of each kind too, the hung one without the process around the lock: a lease is a long wait.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.databases import Server
from tests.platforms.discord.stub import Stub, running
from tests.proof.finding import Finding
from tests.test_run import Running, machine, on_discord

WITHIN = 30.0  # seconds
TIMES = 5  # takeovers of each kind
WAYS = {"killed": signal.SIGKILL, "hung": signal.SIGSTOP, "told to stop": signal.SIGTERM}


def prove(seed: int, share: float) -> list[Finding]:
    """Some takeovers of each kind; for a part of it, fewer."""
    draw = Random(seed)
    ways = list(WAYS) * max(1, round(TIMES * share))
    draw.shuffle(ways)
    return list(asyncio.run(_prove(ways)))


async def _prove(ways: list[str]) -> Iterator[Finding]:
    took: dict[str, list[float]] = {way: [] for way in sorted(set(ways))}
    async with running() as stub, _two(stub) as (first, second):
        has, waits = first, second
        for way in ways:
            took[way].append(await _takeover(stub, has, waits, way))
            has, waits = waits, has
    return (
        Finding(
            f"takeovers of Discord's gateway: {way}",
            len(seconds),
            sum(took > WITHIN for took in seconds),
            f"{min(seconds):.1f} to {max(seconds):.1f} s until the next answer",
        )
        for way, seconds in took.items()
    )


@asynccontextmanager
async def _two(stub: Stub) -> AsyncIterator[tuple[Running, Running]]:
    """Two machines, each with its own folder, on one database; the first has the gateway."""
    with TemporaryDirectory(prefix="career-bot-", ignore_cleanup_errors=True) as folder:
        server = await asyncio.to_thread(Server.start, Path(folder) / "data")
        places = {"DATABASE_URL": server.new_database(), "CAREER_BOT_SECRET": "s", **on_discord(stub)}
        try:
            async with (
                machine(Path(folder) / "1", **places) as first,
                machine(Path(folder) / "2", **places) as second,
            ):
                await first.start()
                await first.until("/readyz", Discord=True)
                await second.start()
                await second.until("/readyz", ready=True)
                yield first, second
        finally:
            server.stop()


async def _takeover(stub: Stub, has: Running, waits: Running, way: str) -> float:
    """Seconds from the signal to the next answer; afterwards the one that went stands by again."""
    assert has.process is not None
    before, begun = len(stub.identified), time.monotonic()
    has.process.send_signal(WAYS[way])
    await stub.until(lambda: len(stub.identified) > before and len(stub.sockets) > 0, 3 * WITHIN)
    await waits.until("/readyz", Discord=True)
    await stub.slash("privacy")
    took = time.monotonic() - begun
    if way == "hung":
        has.process.send_signal(signal.SIGCONT)
    else:
        await has.process.wait()
        await has.start()
    await has.until("/readyz", ready=True, Discord=False)
    await stub.until(lambda: len(stub.sockets) == 1)
    return took
