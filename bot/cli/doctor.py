"""Look at everything the bot needs, and say beside each fault the one step that mends it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator

from bot.app import App, content_folder, home_of, utc_now
from bot.cli.upcoming import outlets, upcoming
from bot.errors import ContentError, SettingsError, StoreAway
from bot.installing import checkups
from bot.library.read import read
from bot.platforms.checkup import Finding, Outlets
from bot.settings import Settings

_WIDTH = 22


def arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: settings come from the environment."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Print one line a finding; 1 when something has to be mended."""
    return asyncio.run(_told(settings))


async def _told(settings: Settings) -> int:
    faults = 0
    async for finding in _findings(settings):
        print(f"{'FAULT' if finding.mend else 'ok':<6}{finding.what:<{_WIDTH}}{finding.said}")
        if finding.mend:
            faults += 1
            print(f"      {'':<{_WIDTH}}-> {finding.mend}")
    print(f"{faults} to mend" if faults else "nothing to mend")
    return 1 if faults else 0


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    found: dict[str, Outlets] = {}
    for finding in (
        *_content(settings),
        *await asyncio.to_thread(lambda: list(_database(settings))),
        *await asyncio.to_thread(lambda: list(_tips(settings, found))),
    ):
        yield finding
    if settings.slack is None and settings.discord is None:
        yield Finding("platforms", "none; run serves the local page, deploy/README.md connects one")
    for checkup in checkups(settings, utc_now(), lambda platform: found.get(platform, Outlets())):
        async for finding in checkup:
            yield finding


def _content(settings: Settings) -> Iterator[Finding]:
    try:
        library = read(content_folder(settings))
    except ContentError as error:
        said = f"{len(error.problems)} to mend, the first: {error.problems[0]}"
        yield Finding("content", said, "career-bot check names them all")
    except SettingsError as error:
        yield Finding("content", str(error), "set CAREER_BOT_CONTENT to a content folder, or unset it")
    else:
        yield Finding("content", f"{len(library.cards)} cards, version {library.version}")


def _database(settings: Settings) -> Iterator[Finding]:
    where = "DATABASE_URL" if settings.database_url else f"a SQLite file in {settings.data}"
    try:
        home = home_of(settings)
        assert home.keys
        yield Finding("key", "set" if settings.secrets else f"a file in {settings.data}")
        assert home.store
        home.close()
    except (StoreAway, SettingsError) as error:
        yield Finding("database", str(error), "start the database, or mend DATABASE_URL or CAREER_BOT_DATA")
    else:
        yield Finding("database", f"{where}, tables up to date")


def _tips(settings: Settings, found: dict[str, Outlets]) -> Iterator[Finding]:
    """The tips to come; `found` gets the channels of each platform, to be looked at there."""
    if settings.slack is None and settings.discord is None:
        return
    try:
        app = App.build(settings)
    except (ContentError, SettingsError):
        return  # said already, with its mend
    context = app.service.context
    try:
        yield from upcoming(context, utc_now())
        found |= {platform: outlets(platform, context) for platform in ("slack", "discord")}
    except (StoreAway, SettingsError):
        return  # so is this
    finally:
        app.home.close()
