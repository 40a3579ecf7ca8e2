"""Print one answer as plain text: career-bot say "compare big-tech academia by data"."""

from __future__ import annotations

import argparse
import json

from bot.app import App, utc_now
from bot.cli.saying import show, shown
from bot.dialogue.neutral import as_json
from bot.dialogue.reply import Form, Outcome
from bot.platforms.terminal import Conversation
from bot.settings import Settings

_STATUS = {Outcome.ANSWERED: 0, Outcome.MISSED: 3, Outcome.REFUSED: 2, Outcome.FAILED: 1}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The line, and how to print the answer."""
    parser.add_argument("line", nargs="+", help="what you would type to the bot, with or without /career")
    parser.add_argument("--json", action="store_true", help="print the neutral reply as JSON")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the answer; the exit status says whether there was one."""
    answer = Conversation(App.build(settings).service, utc_now, "you").say(" ".join(options.line))
    if options.json:
        print(json.dumps(as_json(answer), ensure_ascii=False, indent=2))
    else:
        show(shown(answer))
    return 0 if isinstance(answer, Form) else _STATUS[answer.outcome]
