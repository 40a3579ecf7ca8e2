"""Check the content: all problems at once, each with its file and line; warnings do not fail.

Exit status 1 when something must be mended. What reads is also shown once on every platform.
"""

from __future__ import annotations

import argparse

from bot.app import App, find_content_dir, load_renderers, utc_now
from bot.cli.all_replies import find_limit_problems
from bot.cli.output import format_count, format_problems
from bot.cli.quiz_checks import find_scoring_problems, save_new_codes
from bot.cli.search_report import describe_training
from bot.commands import COMMANDS
from bot.content.content_check import check_content
from bot.errors import ContentProblem
from bot.settings import Settings


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: the folder is the one that the bot would serve."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Print what should be mended; 1 when something must be."""
    folder = find_content_dir(settings)
    checked = check_content(folder, {command.name for command in COMMANDS})
    errors: list[ContentProblem] = list(checked.errors)
    if checked.content is not None:
        context = App.build(settings).service.context
        errors += find_limit_problems(context, folder, load_renderers(), utc_now())
        errors += find_scoring_problems(checked, folder)
    for text in (format_problems(sorted(errors)), format_problems(checked.warnings, "warning: ")):
        if text:
            print(text)
    found = f"{format_count(len(errors), 'error', 'errors')}, {format_count(len(checked.warnings), 'warning', 'warnings')}"
    if checked.content is not None and not errors and (said := save_new_codes(checked.content, folder)):
        print(said)
    if checked.content is None:
        print(f"{found}; the rest is checked once the content reads")
    else:
        print(f"{format_count(len(checked.content.cards), 'card', 'cards')}: {found}")
        print(describe_training(checked.content, settings))
    return 1 if errors else 0
