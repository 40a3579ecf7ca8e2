"""Check everything the bot needs and print a fix for each problem."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator

from bot.app import App, build_storage, find_content_dir, utc_now
from bot.cli.output import format_count
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
    """Print one line a check; return 1 when there is a problem."""
    return asyncio.run(_print_results(settings))


async def _print_results(settings: Settings) -> int:
    problem_count = 0
    for warning in settings.warnings:
        print(f"{'warn':<6}{'settings':<{_NAME_WIDTH}}{warning}")
    async for result in _iter_results(settings):
        print(f"{'FAIL' if result.fix else 'ok':<6}{result.name:<{_NAME_WIDTH}}{result.message}")
        if result.fix:
            problem_count += 1
            print(f"      {'':<{_NAME_WIDTH}}-> {result.fix}")
    print(
        f"{format_count(problem_count, 'problem', 'problems')} found"
        if problem_count
        else "no problems found"
    )
    return 1 if problem_count else 0


async def _iter_results(settings: Settings) -> AsyncIterator[CheckResult]:
    channels: dict[str, TipChannels] = {}
    for result in (
        *_check_content(settings),
        *await asyncio.to_thread(lambda: list(_check_database(settings))),
        *await asyncio.to_thread(lambda: list(_check_tips(settings, channels))),
    ):
        yield result
    if settings.slack is None and settings.discord is None:
        yield CheckResult(
            "platforms", "none; run serves the local page, deploy/README.md says how to connect one"
        )
    for checkup in iter_diagnostics(
        settings, utc_now(), lambda platform: channels.get(platform, TipChannels())
    ):
        async for result in checkup:
            yield result


def _check_content(settings: Settings) -> Iterator[CheckResult]:
    try:
        content = load_content(find_content_dir(settings))
    except ContentError as error:
        count = format_count(len(error.problems), "problem", "problems")
        yield CheckResult(
            "content", f"{count}, the first: {error.problems[0]}", "career-bot check lists them all"
        )
    except SettingsError as error:
        yield CheckResult("content", error.problem, error.fix)
    else:
        yield CheckResult("content", f"{len(content.cards)} cards, version {content.version}")


def _check_database(settings: Settings) -> Iterator[CheckResult]:
    """Load the keys and open the database; each by a call, so that `python -O` checks it too."""
    try:
        storage = build_storage(settings)
        storage.load_keys()
        yield CheckResult("key", "set" if settings.secret_keys else f"a file in {settings.data_dir}")
        storage.open_store()
        storage.close()
    except (StoreUnavailableError, SettingsError) as error:
        yield CheckResult("database", getattr(error, "problem", str(error)), error.fix)
    else:
        where = "DATABASE_URL" if settings.database_url else f"a SQLite file in {settings.data_dir}"
        yield CheckResult("database", f"{where}, tables up to date")


def _check_tips(settings: Settings, channels_by_platform: dict[str, TipChannels]) -> Iterator[CheckResult]:
    """Check the next tips; fill in the channels of each platform, which its own checks look at."""
    if settings.slack is None and settings.discord is None:
        return
    try:
        app = App.build(settings)
    except (ContentError, SettingsError):
        return  # reported already, with its fix
    context = app.service.context
    try:
        yield from check_upcoming_tips(context, utc_now())
        channels_by_platform |= {
            platform: list_tip_channels(platform, context) for platform in ("slack", "discord")
        }
    except (StoreUnavailableError, SettingsError):
        return  # reported already
    finally:
        app.storage.close()
