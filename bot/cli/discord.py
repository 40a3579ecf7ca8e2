"""Discord's side of the bot: `career-bot discord sync` tells Discord the commands now."""

from __future__ import annotations

import argparse
import asyncio

from bot.app import App
from bot.errors import SettingsError
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do there."""
    parser.add_argument("what", choices=("sync",), help="sync: tell Discord the commands, changed or not")


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Tell Discord the commands."""
    if settings.discord is None:
        raise SettingsError("DISCORD_TOKEN: set it first")
    asyncio.run(App.build(settings).sync_discord_commands(settings.discord))
    print("Discord knows the commands now; people may have to reload their client to see them.")
    return 0
