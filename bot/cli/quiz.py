"""Play an assessment here: career-bot quiz research-or-engineering."""

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
    """Which one, and the code of an earlier run."""
    parser.add_argument("name", nargs="*", help="which assessment; none lists them")
    parser.add_argument("--since", metavar="CODE", help="the code of an earlier run, to see what has moved")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Play until the input ends; 2 when there is no such assessment or code."""
    talk = TerminalSession(App.build(settings).service, utc_now, getpass.getuser())
    opening = talk.send_action(Action("quiz"), {"name": " ".join(options.name), "since": options.since or ""})
    assert isinstance(opening, Reply), "an assessment begins with a page, not a form"
    if opening.outcome is not ReplyOutcome.ANSWERED:
        print(render_plain(opening))
        return 2
    talk.run(sys.stdin, sys.stdout, opening)
    return 0
