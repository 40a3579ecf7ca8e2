"""Runs one platform under a supervisor, as the app does."""

from __future__ import annotations

import asyncio

from bot.platforms.platform import Platform
from bot.supervisor import Supervisor, TaskState


async def supervise_until_cancelled(platform: Platform) -> None:
    """Run a platform until cancelled, or until its supervisor gives up on it."""
    supervisor = Supervisor()
    supervisor.supervise(platform.name, platform.run)
    try:
        while supervisor.statuses[0].state in (TaskState.RUNNING, TaskState.RESTARTING):
            await asyncio.sleep(0.01)
    finally:
        await supervisor.stop()
