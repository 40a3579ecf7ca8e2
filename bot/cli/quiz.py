"""Take a quiz in the terminal: career-bot quiz research-or-engineering."""

from __future__ import annotations

import argparse
import getpass
import sys

from bot.app import App, utc_now
from bot.messaging.action import Action
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Reply, ReplyOutcome
from bot.platforms.terminal import TerminalSession
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which quiz, and the code of an earlier result."""
    parser.add_argument("name", nargs="*", help="which quiz; without a name all are listed")
    parser.add_argument(
        "--since", metavar="CODE", help="the code of an earlier result, to see what has changed"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Play until the input ends; 2 when there is no such quiz or code."""
    talk = TerminalSession(App.build(settings).service, utc_now, getpass.getuser())
    opening = talk.send_action(Action("quiz"), {"name": " ".join(options.name), "since": options.since or ""})
    assert isinstance(opening, Reply), "a quiz begins with a page, not a form"
    if opening.outcome is not ReplyOutcome.ANSWERED:
        print(render_plain(opening))
        return 2
    talk.run(sys.stdin, sys.stdout, opening)
    return 0
