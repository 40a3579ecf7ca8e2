"""`career-bot run` with both platforms beside the bare imports of their libraries: start-up and memory."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.measure import Row, command
from tests.platforms.discord.stub import Stub, running
from tests.platforms.discord.test_process import environment

_REPEAT = 5
_PEERS = {
    "slack_bolt, discord": "import slack_bolt.async_app, discord",
    "all its libraries": "import slack_bolt.async_app, discord, aiohttp.web, pydantic, yaml, markdown_it,"
    " rapidfuzz.process, rapidfuzz.fuzz, Stemmer, watchfiles, sqlalchemy",
}
_RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")


def measure() -> list[Row]:
    """The best of some starts, and the memory of the last."""
    starts, resident = asyncio.run(_started())
    rows: list[Row] = []
    for name, imports in _PEERS.items():
        peer = f"bare imports of {name}"
        bare, imported = command([sys.executable, "-W", "ignore", "-c", imports]), _resident(imports)
        rows += [
            Row("run, both platforms, start to connected", min(starts), "ms", min(starts) / bare, peer),
            Row("run, both platforms, resident", resident, "MiB", resident / imported, peer),
        ]
    return rows


def _resident(imports: str) -> float:
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{imports}; print(open('/proc/self/status').read())"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return _mebibytes(told)


async def _started() -> tuple[list[float], float]:
    starts: list[float] = []
    resident = 0.0
    with TemporaryDirectory() as data:
        async with running() as stub:
            for _ in range(_REPEAT):
                taken, resident = await _once(Path(data), stub)
                starts.append(taken)
    return starts, resident


async def _once(data: Path, stub: Stub) -> tuple[float, float]:
    """Milliseconds until Slack's door is open and Discord's gateway knows the bot; memory then."""
    before = len(stub.identified)
    slack = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": "bench"}
    begin = perf_counter()
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env={**environment(data, stub), **slack},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await stub.until(lambda: len(stub.identified) > before and bool(stub.sockets))
        taken = 1_000 * (perf_counter() - begin)
        return taken, _mebibytes(Path(f"/proc/{bot.pid}/status").read_text())
    finally:
        bot.kill()
        await bot.wait()
        await stub.until(lambda: not stub.sockets)


def _mebibytes(status: str) -> float:
    found = _RESIDENT.search(status)
    assert found is not None, f"no resident memory on {os.uname().sysname}"
    return int(found[1]) / 1_024
