"""Look at everything the bot needs, and say beside each fault the one step that mends it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator

from bot.app import App, build_storage, find_content_dir, utc_now
from bot.cli.tips_report import check_upcoming_tips, list_tip_channels
from bot.content.loader import load_content
from bot.errors import ContentError, SettingsError, StoreUnavailableError
from bot.platforms.diagnostics import CheckResult, TipChannels
from bot.settings import Settings
from bot.setup_tools import iter_diagnostics

_NAME_WIDTH = 22


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: settings come from the environment."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Print one line a finding; 1 when something has to be mended."""
    return asyncio.run(_print_results(settings))


async def _print_results(settings: Settings) -> int:
    faults = 0
    async for finding in _iter_results(settings):
        print(f"{'FAULT' if finding.fix else 'ok':<6}{finding.name:<{_NAME_WIDTH}}{finding.message}")
        if finding.fix:
            faults += 1
            print(f"      {'':<{_NAME_WIDTH}}-> {finding.fix}")
    print(f"{faults} to mend" if faults else "nothing to mend")
    return 1 if faults else 0


async def _iter_results(settings: Settings) -> AsyncIterator[CheckResult]:
    found: dict[str, TipChannels] = {}
    for finding in (
        *_check_content(settings),
        *await asyncio.to_thread(lambda: list(_check_database(settings))),
        *await asyncio.to_thread(lambda: list(_check_tips(settings, found))),
    ):
        yield finding
    if settings.slack is None and settings.discord is None:
        yield CheckResult("platforms", "none; run serves the local page, deploy/README.md connects one")
    for checkup in iter_diagnostics(settings, utc_now(), lambda platform: found.get(platform, TipChannels())):
        async for finding in checkup:
            yield finding


def _check_content(settings: Settings) -> Iterator[CheckResult]:
    try:
        library = load_content(find_content_dir(settings))
    except ContentError as error:
        said = f"{len(error.problems)} to mend, the first: {error.problems[0]}"
        yield CheckResult("content", said, "career-bot check names them all")
    except SettingsError as error:
        yield CheckResult(
            "content", str(error), "set CAREER_BOT_CONTENT_DIR to a content folder, or unset it"
        )
    else:
        yield CheckResult("content", f"{len(library.cards)} cards, version {library.version}")


def _check_database(settings: Settings) -> Iterator[CheckResult]:
    where = "DATABASE_URL" if settings.database_url else f"a SQLite file in {settings.data_dir}"
    try:
        home = build_storage(settings)
        assert home.key_ring
        yield CheckResult("key", "set" if settings.secret_keys else f"a file in {settings.data_dir}")
        assert home.store
        home.close()
    except (StoreUnavailableError, SettingsError) as error:
        yield CheckResult(
            "database", str(error), "start the database, or mend DATABASE_URL or CAREER_BOT_DATA_DIR"
        )
    else:
        yield CheckResult("database", f"{where}, tables up to date")


def _check_tips(settings: Settings, channels_by_platform: dict[str, TipChannels]) -> Iterator[CheckResult]:
    """The tips to come; `found` gets the channels of each platform, to be looked at there."""
    if settings.slack is None and settings.discord is None:
        return
    try:
        app = App.build(settings)
    except (ContentError, SettingsError):
        return  # said already, with its mend
    context = app.service.context
    try:
        yield from check_upcoming_tips(context, utc_now())
        channels_by_platform |= {
            platform: list_tip_channels(platform, context) for platform in ("slack", "discord")
        }
    except (StoreUnavailableError, SettingsError):
        return  # so is this
    finally:
        app.storage.close()
