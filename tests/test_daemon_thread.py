"""Slow work does not hold up the end of the process, and its failure reaches who waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.daemon_thread import run_in_daemon_thread

SCRIPT = """
import asyncio, threading
from bot.daemon_thread import run_in_daemon_thread

async def main():
    started = threading.Event()
    def work():
        started.set()
        threading.Event().wait()  # for ever
    task = asyncio.create_task(run_in_daemon_thread(work, "slow"))
    await asyncio.to_thread(started.wait)
    task.cancel()

asyncio.run(main())
print("ended")
"""


async def test_a_result_and_a_failure_arrive() -> None:
    assert await run_in_daemon_thread(lambda: 7, "quick") == 7

    def fail() -> None:
        raise ValueError("planted")

    with pytest.raises(ValueError, match="planted"):
        await run_in_daemon_thread(fail, "failing")


def test_work_that_never_ends_does_not_hold_up_the_process() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "ended\n", "")
