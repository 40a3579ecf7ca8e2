"""What `app.py` needs of a place where people are, and how it keeps one running beside the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from bot.errors import SettingsError
from bot.messaging.delivery import Delivery, SendIntervals

log = logging.getLogger(__name__)

_MIN_RESTART_DELAY = (
    1.0  # seconds before a platform that fell over is started again; doubles up to the longest
)
_MAX_RESTART_DELAY = 15.0


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


async def supervise_platform(platform: Platform) -> None:
    """Run a platform until cancelled; when it falls over, say so and start it again.

    Never raises, so that losing one platform does not stop another.
    """
    pause = _MIN_RESTART_DELAY
    while True:
        try:
            await platform.run()
            return
        except SettingsError as error:
            log.error("%s stays away until the bot is started again: %s", platform.name, error)
            return
        except OSError as error:  # nothing of ours: it is away, or the way there is
            log.warning("%s is away (%s); again in %.0f s", platform.name, error, pause)
        except Exception:
            log.exception("%s fell over; again in %.0f s", platform.name, pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _MAX_RESTART_DELAY)
