"""Whether events arrive from Discord, and whether that is lost for too long."""

from __future__ import annotations

import asyncio


class GatewayHealth:
    """What the client hears of its connection."""

    def __init__(self) -> None:
        self._connected_event = asyncio.Event()
        self._disconnected_event = asyncio.Event()
        self._disconnected_event.set()

    @property
    def is_connected(self) -> bool:
        """Whether events arrive now."""
        return self._connected_event.is_set()

    def mark_connected(self) -> None:
        """Connected, or connected again."""
        self._disconnected_event.clear()
        self._connected_event.set()

    def mark_disconnected(self) -> None:
        """Not connected any more."""
        self._connected_event.clear()
        self._disconnected_event.set()

    async def wait_for_outage(self, seconds: float) -> None:
        """Return when the connection was away for so long without a break."""
        while True:
            await self._disconnected_event.wait()
            try:
                async with asyncio.timeout(seconds):
                    await self._connected_event.wait()
            except TimeoutError:
                return
