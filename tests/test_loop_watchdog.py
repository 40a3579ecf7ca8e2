"""A blocked loop is logged with its place; a busy one that yields is not."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from bot.loop_watchdog import LoopWatchdog


def _block(caplog: pytest.LogCaptureFixture) -> None:
    deadline = time.monotonic() + 10
    while not caplog.records and time.monotonic() < deadline:
        sum(range(1_000))


async def test_a_blocked_loop_is_logged_once_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "bot.loop_watchdog")
    task = asyncio.create_task(LoopWatchdog(threshold=0.05).run())
    await asyncio.sleep(0)
    _block(caplog)
    (record,) = caplog.records
    assert "test_loop_watchdog.py" in record.getMessage()
    assert "_block" in record.getMessage()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
