"""The one place that builds everything."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.commands import COMMANDS
from bot.errors import SettingsError
from bot.service import Service
from bot.settings import Settings
from bot.shelf import Shelf

log = logging.getLogger(__name__)

_PACKAGED = Path(__file__).parent / "_content"
_CLONED = Path(__file__).parent.parent / "content"


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def content_folder(settings: Settings) -> Path:
    """The folder the settings name, else the one that came in the wheel, else the clone's.

    Raises:
        SettingsError: when there is none.
    """
    for folder in (settings.content, _PACKAGED, _CLONED):
        if folder is not None and folder.is_dir():
            return folder
    raise SettingsError("CAREER_BOT_CONTENT: no content came with this program; name a folder")


@dataclass(frozen=True)
class App:
    """Everything that runs, built but not started."""

    settings: Settings
    shelf: Shelf
    service: Service

    @classmethod
    def build(cls, settings: Settings, now: Callable[[], datetime] = utc_now) -> App:
        """Build the bot.

        Raises:
            SettingsError: when a setting makes no sense.
            ContentError: when the content does not read.
        """
        shelf = Shelf(content_folder(settings), now)
        service = Service(lambda: shelf.edition, COMMANDS, settings.command)
        return cls(settings, shelf, service)

    async def run(self, announce: Callable[[str], None]) -> None:
        """Serve until SIGINT or SIGTERM, then finish what is in flight.

        Args:
            announce: says one line to whoever started the bot.

        Raises:
            SettingsError: when the port is taken.
        """
        # What serves is imported only here: `career-bot say` must not wait for a web server.
        from bot.server import Server

        server = Server(self.settings.host, self.settings.port)
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopping.set)
        address = await server.start()
        announce(self.service.context.texts.words("run.page", address=address))
        announce(self.service.context.texts.words("run.connect"))
        watching = asyncio.create_task(self.shelf.watch())
        try:
            await stopping.wait()
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await server.stop()
