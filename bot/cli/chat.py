"""Talk to the bot here: type a line, or the number of a button."""

from __future__ import annotations

import argparse
import getpass
import sys

from bot.app import App, utc_now
from bot.platforms.terminal import TerminalSession
from bot.settings import Settings


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Talk until the input ends."""
    TerminalSession(App.build(settings).service, utc_now, getpass.getuser()).run(sys.stdin, sys.stdout)
    return 0
