"""Print one answer as plain text: career-bot say "compare big-tech academia by data"."""

from __future__ import annotations

import argparse
import json

from bot.app import App, utc_now
from bot.cli.output import format_answer, print_text
from bot.messaging.json_view import to_json_dict
from bot.messaging.reply import Form, ReplyOutcome
from bot.platforms.terminal import TerminalSession
from bot.settings import Settings

_EXIT_STATUS = {
    ReplyOutcome.ANSWERED: 0,
    ReplyOutcome.NO_MATCH: 3,
    ReplyOutcome.REFUSED: 2,
    ReplyOutcome.FAILED: 1,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The line, and how to print the answer."""
    parser.add_argument("line", nargs="+", help="what you would type to the bot, with or without /career")
    parser.add_argument(
        "--json", action="store_true", help="print the reply as JSON, before any platform renders it"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the answer; the exit status says whether there was one."""
    answer = TerminalSession(App.build(settings).service, utc_now, "you").send_line(" ".join(options.line))
    if options.json:
        print(json.dumps(to_json_dict(answer), ensure_ascii=False, indent=2))
    else:
        print_text(format_answer(answer))
    return 0 if isinstance(answer, Form) else _EXIT_STATUS[answer.outcome]
