"""Whether events arrive from Discord, and whether that is lost for too long."""

from __future__ import annotations

import asyncio


class Presence:
    """What the client hears of its connection."""

    def __init__(self) -> None:
        self._here = asyncio.Event()
        self._gone = asyncio.Event()
        self._gone.set()

    @property
    def live(self) -> bool:
        """Whether events arrive now."""
        return self._here.is_set()

    def came(self) -> None:
        """Connected, or connected again."""
        self._gone.clear()
        self._here.set()

    def went(self) -> None:
        """Not connected any more."""
        self._here.clear()
        self._gone.set()

    async def lost(self, seconds: float) -> None:
        """Return when the connection was away for so long without a break."""
        while True:
            await self._gone.wait()
            try:
                async with asyncio.timeout(seconds):
                    await self._here.wait()
            except TimeoutError:
                return
