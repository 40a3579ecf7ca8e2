"""Check the content: all problems at once, each with its file and line; warnings do not fail.

Exit status 1 when something must be mended. What reads is also shown once on every platform.
"""

from __future__ import annotations

import argparse

from bot.app import App, find_content_dir, load_renderers, utc_now
from bot.cli.assessments import kept_letters, unproven
from bot.cli.pages import misfits
from bot.cli.saying import counted, lines
from bot.commands import COMMANDS
from bot.errors import ContentProblem
from bot.library.check import check
from bot.settings import Settings


def arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: the folder is the one that the bot would serve."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Print what should be mended; 1 when something must be."""
    folder = find_content_dir(settings)
    checked = check(folder, {command.name for command in COMMANDS})
    errors: list[ContentProblem] = list(checked.errors)
    if checked.library is not None:
        context = App.build(settings).service.context
        errors += misfits(context, folder, load_renderers(), utc_now())
        errors += unproven(checked, folder)
    for text in (lines(sorted(errors)), lines(checked.warnings, "warning: ")):
        if text:
            print(text)
    found = (
        f"{counted(len(errors), 'error', 'errors')}, {counted(len(checked.warnings), 'warning', 'warnings')}"
    )
    if checked.library is not None and not errors and (said := kept_letters(checked.library, folder)):
        print(said)
    if checked.library is None:
        print(f"{found}; the rest is checked once the content reads")
    else:
        print(f"{counted(len(checked.library.cards), 'card', 'cards')}: {found}")
    return 1 if errors else 0
