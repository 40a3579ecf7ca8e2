"""The one place that builds everything."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import COMMANDS
from bot.dialogue.plain import plain
from bot.dialogue.reply import Reply
from bot.domain.search import ShippedModel
from bot.errors import SettingsError, StoreAway
from bot.service import Service
from bot.settings import DiscordSettings, Settings, SlackSettings
from bot.shelf import Shelf
from bot.store.home import Home

if TYPE_CHECKING:
    from bot.platforms.answering import Answering
    from bot.platforms.discord.platform import Discord
    from bot.platforms.once import Once
    from bot.platforms.platform import Platform
    from bot.platforms.slack.wire import Access
    from bot.platforms.web.page import Page
    from bot.server import Server

log = logging.getLogger(__name__)

_PACKAGED = Path(__file__).parent / "_content"
_CLONED = Path(__file__).parent.parent / "content"
_OPENING = 5.0  # seconds for the database when the bot starts
_GRACE = 9.0  # seconds for what is in flight when the bot stops; within ten everything is over


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


def renderers() -> Mapping[str, Callable[[Reply], object]]:
    """What a reply becomes on each platform, by its name; each refuses what does not fit there."""
    from bot.platforms.discord.render import payload
    from bot.platforms.slack.blocks import blocks  # without the text beside them, which is plain(reply)

    return {"plain text": plain, "Slack": blocks, "Discord": payload}


def slack_access(slack: SlackSettings) -> Access:
    """How Slack is reached, in the words of Slack's own folder."""
    from bot.platforms.slack.wire import Access

    return Access(slack.bot_token, slack.app_token, slack.signing_secret, slack.api_url)


def home_of(settings: Settings) -> Home:
    """The store and the keys that these settings name.

    Raises:
        SettingsError: when several machines may share the database and no key was given to them.
    """
    return Home(settings.data, settings.database_url, settings.secrets)


@dataclass(frozen=True)
class App:
    """Everything that runs, built but not started."""

    settings: Settings
    shelf: Shelf
    service: Service
    home: Home
    now: Callable[[], datetime]

    @classmethod
    def build(cls, settings: Settings, now: Callable[[], datetime] = utc_now) -> App:
        """Build the bot.

        Raises:
            SettingsError: when a setting makes no sense.
            ContentError: when the content does not read.
        """
        shelf = Shelf(content_folder(settings), now, ShippedModel() if settings.model else None)
        home = home_of(settings)
        service = Service(lambda: shelf.edition, COMMANDS, settings.command, home, shelf)
        return cls(settings, shelf, service, home, now)

    async def run(self, announce: Callable[[str], None]) -> None:
        """Serve until SIGINT or SIGTERM, then finish what is in flight.

        Args:
            announce: says one line to whoever started the bot.

        Raises:
            SettingsError: when the port is taken.
        """
        # What serves is imported only here: `career-bot say` must not wait for a web server.
        from bot.platforms.answering import Answering
        from bot.platforms.platform import keep
        from bot.schedule import Schedule

        answering = Answering(self.service)
        opening = asyncio.ensure_future(self._open_store(answering))
        platforms = self.platforms(answering, opening)
        server = self.server(platforms, answering)
        stopping = _told_to_stop()
        address = await server.start()
        announce(self.service.context.texts.words("run.page", address=address))
        if not platforms:
            announce(self.service.context.texts.words("run.connect"))
        # Beside the servers: until the model is open, questions are answered by words.
        beside: list[asyncio.Task[object]] = [
            asyncio.create_task(asyncio.to_thread(self.shelf.edition.search.warm))
        ]
        beside += [asyncio.create_task(self.shelf.watch())]
        kept: list[asyncio.Task[object]] = []
        try:
            await opening
            kept += [asyncio.create_task(keep(platform)) for platform in platforms]
            if platforms:
                named = {platform.name.casefold(): platform for platform in platforms}
                schedule = Schedule(self.service, answering, named, self.now)
                beside.append(asyncio.create_task(schedule.run()))
            await stopping.wait()
        finally:
            await _finish(server, beside, platforms, kept)
            answering.close()
            self.home.close()

    async def _open_store(self, answering: Answering) -> None:
        """Bring the tables up to date, beside everything else that starts.

        A database that is away stops nothing; it is tried again whenever something needs it.

        Raises:
            SettingsError: when the address names no database that this bot can use.
        """
        if self.settings.slack is None and self.settings.discord is None:
            return  # the page answers without; it is opened when something needs it
        try:
            await asyncio.wait_for(answering.aside(lambda: self.home.store), _OPENING)
        except (TimeoutError, StoreAway) as error:
            log.warning("starting without the database: %s", error or "it does not answer")

    def platforms(self, answering: Answering, opening: asyncio.Future[None]) -> tuple[Platform, ...]:
        """Every platform whose token is set, built but not started; only these import their libraries.

        Args:
            opening: done when the store can be asked.
        """
        from bot.platforms.once import Once

        async def new(key: str) -> bool:
            platform, workspace, rest = key.split(":", 2)
            return not await answering.aside(lambda: self.service.seen(platform, workspace, rest, self.now()))

        once = Once(new, opening=opening)
        built: list[Platform] = []
        if (slack := self.settings.slack) is not None:
            from bot.platforms.slack.platform import Slack

            built.append(Slack(slack_access(slack), self.service, answering, once, self.now))
        if self.settings.discord is not None:
            built.append(self.discord(self.settings.discord, answering, once))
        return tuple(built)

    def server(self, platforms: tuple[Platform, ...], answering: Answering) -> Server:
        """The one HTTP server with everybody's routes, not yet listening."""
        from bot.server import Server

        server = Server(
            self.settings.host,
            self.settings.port,
            lambda: {platform.name: platform.connected for platform in platforms},
            lambda: [platform.name for platform in platforms if platform.standing_by],
        )
        for platform in platforms:
            server.mount(platform.routes())
        if self.settings.shows_page:
            server.mount(self.page(answering).routes())
        return server

    def page(self, answering: Answering) -> Page:
        """The local page, which previews what each platform would be sent."""
        from bot.platforms.discord.render import preview
        from bot.platforms.slack.message import message
        from bot.platforms.web.page import Page

        return Page(
            self.service,
            answering,
            host=self.settings.host,
            now=self.now,
            problems=lambda: self.shelf.state.problems,
            previews={"slack": message, "discord": preview},
        )

    def discord(self, settings: DiscordSettings, answering: Answering, once: Once) -> Discord:
        """Discord, built but not started."""
        from bot.platforms.discord.platform import Access, Discord
        from bot.platforms.turns import Turns

        access = Access(settings.token, settings.api_url, settings.gateway_url)
        # By the token: bots that share a database do not wait for one another.
        turns = Turns(self.home.turn(f"Discord's gateway, {settings.token}"), Discord.name)
        return Discord(access, self.service, answering, once, turns, now=self.now, data=self.settings.data)

    async def sync_discord(self, settings: DiscordSettings) -> None:
        """Tell Discord the commands, without connecting.

        Raises:
            SettingsError: when Discord refuses the token or cannot be reached.
        """
        from bot.platforms.answering import Answering
        from bot.platforms.once import Once

        answering = Answering(self.service)
        try:
            await self.discord(settings, answering, Once()).sync()
        finally:
            answering.close()
            self.home.close()


def _told_to_stop() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    return stopping


async def _finish(
    server: Server,
    beside: list[asyncio.Task[object]],
    platforms: tuple[Platform, ...],
    kept: list[asyncio.Task[object]],
) -> None:
    """Take nothing new and let what is in flight end, all of it under one deadline.

    Args:
        beside: what may still need a platform, as the schedule does.
        kept: what runs the platforms.
    """
    try:
        async with asyncio.timeout(_GRACE):
            # The platforms last: a request or a tip in flight may still start work of theirs.
            await asyncio.gather(server.stop(), _cancelled(beside))
            await _cancelled(kept)
            await asyncio.gather(*(platform.close() for platform in platforms))
    except TimeoutError:
        log.warning("stopped after %.0f s with work still in flight", _GRACE)


async def _cancelled(tasks: list[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
