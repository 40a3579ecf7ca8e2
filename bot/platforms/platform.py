"""What `app.py` needs of a place where people are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from bot.messaging.delivery import Delivery, SendIntervals


class Platform(Protocol):
    """One platform, built but not started; building it has no side effects.

    Attributes:
        name: what people call it: `Slack`.
        pace: how fast unasked messages may follow each other.
    """

    name: str
    send_intervals: SendIntervals

    @property
    def is_connected(self) -> bool:
        """Whether people there get answers from this process now; `/readyz` says so."""

    @property
    def is_standby(self) -> bool:
        """Whether people there get them from another process, and this one takes over when that one goes."""

    @property
    def can_send(self) -> bool:
        """Whether this process sends there now; one that only stands by leaves what is due to the others."""

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """What the one HTTP server serves for it; often nothing."""

    async def run(self) -> None:
        """Serve until cancelled. May return when there is nothing to hold open.

        Raises:
            SettingsError: when going on makes no sense until a person mends a setting.
        """

    async def deliver(self, delivery: Delivery) -> str:
        """Send an unasked message, once; the platform's id of it.

        Raises:
            NotSent: when the platform did not take it, or may not have.
        """

    async def close(self) -> None:
        """Finish what is in flight and hang up; comes after `run` was cancelled, may be cancelled itself."""
