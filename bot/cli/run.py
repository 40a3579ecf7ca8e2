"""Start the bot: every platform whose token is set, else the local page."""

from __future__ import annotations

import argparse
import asyncio
import logging

from bot.app import App
from bot.settings import Settings

log = logging.getLogger(__name__)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: settings come from the environment."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped."""
    for warning in settings.warnings:
        log.warning("%s", warning)
    app = App.build(settings)
    asyncio.run(app.run(lambda line: print(line, flush=True)))
    return 0
