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

from tests.bench.timing import BenchResult, time_command
from tests.platforms.discord.fake_server import FakeDiscord, run_fake_discord
from tests.platforms.discord.test_process import build_env

_REPEAT = 5
_BASELINE_IMPORTS = {
    "slack_bolt, discord": "import slack_bolt.async_app, discord",
    "all its libraries": "import slack_bolt.async_app, discord, aiohttp.web, pydantic, yaml, markdown_it,"
    " rapidfuzz.process, rapidfuzz.fuzz, Stemmer, watchfiles, sqlalchemy",
}
_VM_RSS = re.compile(r"VmRSS:\s+(\d+) kB")


def measure() -> list[BenchResult]:
    """The best of some starts, and the memory of the last."""
    starts, resident = asyncio.run(_measure_starts())
    rows: list[BenchResult] = []
    for name, imports in _BASELINE_IMPORTS.items():
        peer = f"bare imports of {name}"
        bare, imported = (
            time_command([sys.executable, "-W", "ignore", "-c", imports]),
            _measure_resident_mib(imports),
        )
        rows += [
            BenchResult(
                "run, both platforms, start to connected", min(starts), "ms", min(starts) / bare, peer
            ),
            BenchResult("run, both platforms, resident", resident, "MiB", resident / imported, peer),
        ]
    return rows


def _measure_resident_mib(imports: str) -> float:
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{imports}; print(open('/proc/self/status').read())"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return _parse_resident_mib(told)


async def _measure_starts() -> tuple[list[float], float]:
    starts: list[float] = []
    resident = 0.0
    with TemporaryDirectory() as data:
        async with run_fake_discord() as stub:
            for _ in range(_REPEAT):
                taken, resident = await _measure_start(Path(data), stub)
                starts.append(taken)
    return starts, resident


async def _measure_start(data: Path, stub: FakeDiscord) -> tuple[float, float]:
    """Milliseconds until Slack's door is open and Discord's gateway knows the bot; memory then."""
    before = len(stub.identify_payloads)
    slack = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": "bench"}
    begin = perf_counter()
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env={**build_env(data, stub), **slack},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await stub.wait_until(lambda: len(stub.identify_payloads) > before and bool(stub.sockets))
        taken = 1_000 * (perf_counter() - begin)
        return taken, _parse_resident_mib(Path(f"/proc/{bot.pid}/status").read_text())
    finally:
        bot.kill()
        await bot.wait()
        await stub.wait_until(lambda: not stub.sockets)


def _parse_resident_mib(status: str) -> float:
    found = _VM_RSS.search(status)
    assert found is not None, f"no resident memory on {os.uname().sysname}"
    return int(found[1]) / 1_024
