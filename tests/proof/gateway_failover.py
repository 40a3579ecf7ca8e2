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

from tests.platforms.discord.fake_server import FakeDiscord, run_fake_discord
from tests.postgres import PostgresServer
from tests.proof.proof_result import ProofResult
from tests.test_run_command import BotProcess, build_discord_env, run_machine

MAX_FAILOVER_SECONDS = 30.0  # seconds
FAILOVERS_PER_KIND = 5  # takeovers of each kind
SIGNALS = {"killed": signal.SIGKILL, "hung": signal.SIGSTOP, "told to stop": signal.SIGTERM}


def prove(seed: int, share: float) -> list[ProofResult]:
    """Some takeovers of each kind; for a part of it, fewer."""
    draw = Random(seed)
    ways = list(SIGNALS) * max(1, round(FAILOVERS_PER_KIND * share))
    draw.shuffle(ways)
    return list(asyncio.run(_run_failovers(ways)))


async def _run_failovers(kinds: list[str]) -> Iterator[ProofResult]:
    took: dict[str, list[float]] = {way: [] for way in sorted(set(kinds))}
    async with run_fake_discord() as stub, _run_two_machines(stub) as (first, second):
        has, waits = first, second
        for way in kinds:
            took[way].append(await _measure_failover(stub, has, waits, way))
            has, waits = waits, has
    return (
        ProofResult(
            f"takeovers of Discord's gateway: {way}",
            len(seconds),
            sum(took > MAX_FAILOVER_SECONDS for took in seconds),
            f"{min(seconds):.1f} to {max(seconds):.1f} s until the next answer",
        )
        for way, seconds in took.items()
    )


@asynccontextmanager
async def _run_two_machines(discord: FakeDiscord) -> AsyncIterator[tuple[BotProcess, BotProcess]]:
    """Two machines, each with its own folder, on one database; the first has the gateway."""
    with TemporaryDirectory(prefix="career-bot-", ignore_cleanup_errors=True) as folder:
        server = await asyncio.to_thread(PostgresServer.start, Path(folder) / "data")
        places = {
            "DATABASE_URL": server.new_database(),
            "CAREER_BOT_SECRET_KEYS": "s",
            **build_discord_env(discord),
        }
        try:
            async with (
                run_machine(Path(folder) / "1", **places) as first,
                run_machine(Path(folder) / "2", **places) as second,
            ):
                await first.start()
                await first.wait_until("/readyz", Discord=True)
                await second.start()
                await second.wait_until("/readyz", ready=True)
                yield first, second
        finally:
            server.stop()


async def _measure_failover(
    discord: FakeDiscord, leader: BotProcess, standby: BotProcess, kind: str
) -> float:
    """Seconds from the signal to the next answer; afterwards the one that went stands by again."""
    assert leader.process is not None
    before, begun = len(discord.identify_payloads), time.monotonic()
    leader.process.send_signal(SIGNALS[kind])
    await discord.wait_until(
        lambda: len(discord.identify_payloads) > before and len(discord.sockets) > 0, 3 * MAX_FAILOVER_SECONDS
    )
    await standby.wait_until("/readyz", Discord=True)
    await discord.send_slash_command("privacy")
    took = time.monotonic() - begun
    if kind == "hung":
        leader.process.send_signal(signal.SIGCONT)
    else:
        await leader.process.wait()
        await leader.start()
    await leader.wait_until("/readyz", ready=True, Discord=False)
    await discord.wait_until(lambda: len(discord.sockets) == 1)
    return took
