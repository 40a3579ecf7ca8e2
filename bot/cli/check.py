"""Check the content and print every problem with its file and line; warnings do not fail.

Also shows everything once on every platform and plays each quiz at random. Exit status 1 on an error.
"""

from __future__ import annotations

import argparse

from bot.app import App, find_content_dir, load_renderers, utc_now
from bot.cli.all_replies import find_limit_problems
from bot.cli.output import format_count, format_problems
from bot.cli.quiz_checks import find_biased_quizzes, find_scoring_problems, save_new_codes
from bot.cli.search_report import describe_training
from bot.commands import COMMANDS
from bot.content.content_check import check_content
from bot.content.loader import load_content
from bot.content.style import format_style, measure_cards
from bot.errors import ContentProblem
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --style."""
    parser.add_argument(
        "--style", action="store_true", help="measure how the cards read: ease, reporting, contractions, you"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print what to fix; 1 when something must be fixed."""
    folder = find_content_dir(settings)
    if options.style:
        print(format_style(measure_cards(load_content(folder))))
        return 0
    checked = check_content(folder, {command.name for command in COMMANDS}, utc_now().date())
    errors: list[ContentProblem] = list(checked.errors)
    if checked.content is not None:
        context = App.build(settings).service.context
        errors += find_limit_problems(context, folder, load_renderers(), utc_now())
        errors += find_scoring_problems(checked, folder)
        for line, problems in find_biased_quizzes(checked, folder):
            print(line)
            errors += problems
    for text in (format_problems(sorted(errors)), format_problems(checked.warnings, "warning: ")):
        if text:
            print(text)
    error_count = format_count(len(errors), "error", "errors")
    counts = f"{error_count}, {format_count(len(checked.warnings), 'warning', 'warnings')}"
    if checked.content is not None and not errors and (note := save_new_codes(checked.content, folder)):
        print(note)
    if checked.content is None:
        print(f"{counts}; the rest is checked once the content reads")
    else:
        print(describe_training(checked.content, settings))
        print(f"{format_count(len(checked.content.cards), 'card', 'cards')}: {counts}")
    return 1 if errors else 0
