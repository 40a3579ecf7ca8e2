"""The one place that builds everything."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot import timing
from bot.commands import COMMANDS
from bot.daemon_thread import run_in_daemon_thread
from bot.domain.search import ModelSize, ShippedModel, find_model_dir
from bot.errors import SettingsError, StoreUnavailableError
from bot.live_content import LiveContent
from bot.loop_watchdog import LoopWatchdog
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Reply
from bot.service import Service
from bot.settings import DiscordSettings, SemanticSearch, Settings, SlackSettings
from bot.store.storage import Storage
from bot.supervisor import Supervisor

if TYPE_CHECKING:
    from bot.http_server import HttpServer
    from bot.platforms.deduplicator import Deduplicator
    from bot.platforms.discord.platform import DiscordPlatform
    from bot.platforms.platform import Platform
    from bot.platforms.request_runner import RequestRunner
    from bot.platforms.slack.client import SlackCredentials
    from bot.platforms.web.page import ChatPage

log = logging.getLogger(__name__)

# Names of supervised tasks; each platform's is its own.
MODEL_WARM_UP = "model warm-up"
CONTENT_WATCHER = "content watcher"
DELIVERY_WORKER = "delivery worker"
LOOP_WATCHDOG = "loop watchdog"

_PACKAGED_CONTENT_DIR = Path(__file__).parent / "_content"
_CLONED_CONTENT_DIR = Path(__file__).parent.parent / "content"


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def find_content_dir(settings: Settings) -> Path:
    """The folder the settings name, else the one that came in the wheel, else the clone's.

    Raises:
        SettingsError: when there is none.
    """
    for folder in (settings.content_dir, _PACKAGED_CONTENT_DIR, _CLONED_CONTENT_DIR):
        if folder is not None and folder.is_dir():
            return folder
    raise SettingsError(
        "CAREER_BOT_CONTENT_DIR: no content came with this program", "set it to a content folder"
    )


def _build_search_model(setting: SemanticSearch) -> ShippedModel | None:
    if setting is SemanticSearch.OFF:
        return None
    return ShippedModel(find_model_dir(ModelSize(setting.value)))


def load_renderers() -> Mapping[str, Callable[[Reply], object]]:
    """What a reply becomes on each platform, by its name; each refuses what does not fit there."""
    from bot.platforms.discord.render import build_payload
    from bot.platforms.slack.blocks import render_blocks

    return {"plain text": render_plain, "Slack": render_blocks, "Discord": build_payload}


def build_slack_credentials(settings: SlackSettings) -> SlackCredentials:
    """How Slack is reached, in the words of Slack's own folder."""
    from bot.platforms.slack.client import SlackCredentials

    return SlackCredentials(settings.bot_token, settings.app_token, settings.signing_secret, settings.api_url)


def build_storage(settings: Settings) -> Storage:
    """The store and the keys that these settings name.

    Raises:
        SettingsError: when several machines may share the database and no key was given to them.
    """
    return Storage(settings.data_dir, settings.database_url, settings.secret_keys)


@dataclass(frozen=True)
class App:
    """Everything that runs, built but not started."""

    settings: Settings
    live_content: LiveContent
    service: Service
    storage: Storage
    supervisor: Supervisor
    now: Callable[[], datetime]

    @classmethod
    def build(cls, settings: Settings, now: Callable[[], datetime] = utc_now) -> App:
        """Build the bot.

        Raises:
            SettingsError: when a setting makes no sense.
            ContentError: when the content does not read.
        """
        live_content = LiveContent(
            find_content_dir(settings),
            now,
            _build_search_model(settings.semantic_search),
        )
        storage = build_storage(settings)
        supervisor = Supervisor()
        service = Service(
            lambda: live_content.snapshot,
            COMMANDS,
            settings.slash_command,
            storage,
            live_content,
            describe_tasks=supervisor.describe,
        )
        return cls(settings, live_content, service, storage, supervisor, now)

    async def run(self, announce: Callable[[str], None]) -> None:
        """Serve until SIGINT or SIGTERM, then finish what is in flight.

        Args:
            announce: says one line to whoever started the bot.

        Raises:
            SettingsError: when the port is taken.
        """
        # What serves is imported only here: `career-bot say` must not wait for a web server.
        from bot.delivery import DeliveryWorker
        from bot.platforms.request_runner import RequestRunner

        request_runner = RequestRunner(self.service)
        store_opening = asyncio.ensure_future(self._open_store(request_runner))
        platforms = self.build_platforms(request_runner, store_opening)
        server = self.build_server(platforms, request_runner)
        stop_requested = _create_stop_event()
        address = await server.start()
        announce(self.service.context.strings.get_text("run.page", address=address))
        if not platforms:
            announce(self.service.context.strings.get_text("run.connect"))
        # Until the model is open, questions are answered by keywords.
        self.supervisor.supervise(
            MODEL_WARM_UP, partial(run_in_daemon_thread, self._warm_up_model, MODEL_WARM_UP)
        )
        self.supervisor.supervise(CONTENT_WATCHER, self.live_content.watch)
        self.supervisor.supervise(LOOP_WATCHDOG, LoopWatchdog().run)
        try:
            await store_opening
            for platform in platforms:
                self.supervisor.supervise(platform.name, platform.run)
            if platforms:
                by_name = {platform.name.casefold(): platform for platform in platforms}
                worker = DeliveryWorker(self.service, request_runner, by_name, self.now)
                self.supervisor.supervise(DELIVERY_WORKER, worker.run)
            await stop_requested.wait()
        finally:
            await self._shut_down(server, platforms)
            request_runner.close()
            self.storage.close()

    def _warm_up_model(self) -> None:
        self.live_content.snapshot.search.warm_up()

    async def _shut_down(self, server: HttpServer, platforms: tuple[Platform, ...]) -> None:
        """Take nothing new and let what is in flight end, all of it under one deadline."""
        try:
            async with asyncio.timeout(timing.APP_STOP_GRACE):
                # The platforms last: a request or a tip in flight may still need them.
                others = (MODEL_WARM_UP, CONTENT_WATCHER, DELIVERY_WORKER)
                await asyncio.gather(server.stop(), self.supervisor.stop(others))
                await self.supervisor.stop()
                await asyncio.gather(*(platform.close() for platform in platforms))
        except TimeoutError:
            log.warning("stopped after %.0f s with work still in flight", timing.APP_STOP_GRACE)

    async def _open_store(self, request_runner: RequestRunner) -> None:
        """Bring the tables up to date, beside everything else that starts.

        A database that is away stops nothing; it is tried again whenever something needs it.

        Raises:
            SettingsError: when the address names no database that this bot can use.
        """
        if self.settings.slack is None and self.settings.discord is None:
            return  # the page answers without; it is opened when something needs it
        try:
            await asyncio.wait_for(
                request_runner.run_in_worker(self.storage.open_store), timing.STORE_START_TIMEOUT
            )
        except (TimeoutError, StoreUnavailableError) as error:
            log.warning("starting without the database: %s", error or "it does not answer")

    def build_platforms(
        self, request_runner: RequestRunner, store_opening: asyncio.Future[None]
    ) -> tuple[Platform, ...]:
        """Every platform whose token is set, built but not started; only these import their libraries.

        Args:
            opening: done when the store can be asked.
        """
        from bot.platforms.deduplicator import Deduplicator

        async def new(key: str) -> bool:
            platform, workspace, rest = key.split(":", 2)
            return not await request_runner.run_in_worker(
                lambda: self.service.check_and_mark_processed(platform, workspace, rest, self.now())
            )

        once = Deduplicator(new, store_opening=store_opening)
        built: list[Platform] = []
        if (slack := self.settings.slack) is not None:
            from bot.platforms.slack.platform import SlackPlatform

            built.append(
                SlackPlatform(build_slack_credentials(slack), self.service, request_runner, once, self.now)
            )
        if self.settings.discord is not None:
            built.append(self.build_discord(self.settings.discord, request_runner, once))
        return tuple(built)

    def build_server(self, platforms: tuple[Platform, ...], request_runner: RequestRunner) -> HttpServer:
        """The one HTTP server with everybody's routes, not yet listening."""
        from bot.http_server import HttpServer

        server = HttpServer(
            self.settings.host,
            self.settings.port,
            lambda: {platform.name: platform.is_connected for platform in platforms},
            lambda: [platform.name for platform in platforms if platform.is_standby],
            self.supervisor.describe,
        )
        for platform in platforms:
            server.add_routes(platform.routes())
        if self.settings.has_web_ui:
            server.add_routes(self.build_page(request_runner).routes())
        return server

    def build_page(self, request_runner: RequestRunner) -> ChatPage:
        """The local page, which previews what each platform would be sent."""
        from bot.platforms.discord.render import build_preview
        from bot.platforms.slack.message import build_message
        from bot.platforms.web.page import ChatPage

        return ChatPage(
            self.service,
            request_runner,
            host=self.settings.host,
            now=self.now,
            get_problems=lambda: self.live_content.reload_status.problems,
            previews={"slack": build_message, "discord": build_preview},
        )

    def build_discord(
        self, settings: DiscordSettings, request_runner: RequestRunner, deduplicator: Deduplicator
    ) -> DiscordPlatform:
        """Discord, built but not started."""
        from bot.platforms.discord.platform import DiscordCredentials, DiscordPlatform
        from bot.platforms.leader_election import LeaderElection

        access = DiscordCredentials(settings.token, settings.api_url, settings.gateway_url)
        # By the token: bots that share a database do not wait for one another.
        turns = LeaderElection(
            self.storage.create_leader_lock(f"Discord's gateway, {settings.token}"), DiscordPlatform.name
        )
        return DiscordPlatform(
            access,
            self.service,
            request_runner,
            deduplicator,
            turns,
            now=self.now,
            data_dir=self.settings.data_dir,
        )

    async def sync_discord_commands(self, settings: DiscordSettings) -> None:
        """Tell Discord the commands, without connecting.

        Raises:
            SettingsError: when Discord refuses the token or cannot be reached.
        """
        from bot.platforms.deduplicator import Deduplicator
        from bot.platforms.request_runner import RequestRunner

        answering = RequestRunner(self.service)
        try:
            await self.build_discord(settings, answering, Deduplicator()).sync_commands()
        finally:
            answering.close()
            self.storage.close()


def _create_stop_event() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    return stopping
