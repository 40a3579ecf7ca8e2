"""Preview one file of the content as it would be shown, with what to fix in it.

Takes a card or a comparison: career-bot card content/cards/phd-or-not.yaml
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.app import App, find_content_dir, load_renderers, utc_now
from bot.cli.all_replies import find_limit_problems, iter_content_actions, run_action
from bot.cli.output import format_answer, format_count, format_problems, print_text
from bot.commands import COMMANDS
from bot.content.content_check import check_content
from bot.errors import ContentProblem
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", type=Path, help="a file in cards/ or comparisons/ of a content folder")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the preview and the file's problems; 1 when it cannot be shown, 2 when it is no such file."""
    file: Path = options.file.resolve()
    if not file.is_file():
        return _print_usage_error(f"there is no file {options.file}")
    if file.suffix != ".yaml" or file.parent.name not in ("cards", "comparisons"):
        return _print_usage_error("a preview takes a .yaml file of the content's cards/ or comparisons/")
    folder = file.parent.parent
    if not (folder / "strings.yaml").is_file():  # a draft elsewhere has no content around it
        return _print_usage_error(f"put the file into {find_content_dir(settings) / file.parent.name} first")
    checked = check_content(folder, {command.name for command in COMMANDS})
    own = {file, folder / "utterances" / f"{file.stem}.txt"}
    errors = [problem for problem in checked.errors if problem.file in own]
    if checked.content is None:
        return _print_unreadable(errors, len(checked.errors) - len(errors))
    context = App.build(settings.model_copy(update={"content_dir": folder})).service.context
    errors += [p for p in find_limit_problems(context, folder, load_renderers(), utc_now()) if p.file in own]
    if not errors:
        action = dict(iter_content_actions(context.content))[f"{file.parent.name}/{file.name}"][0]
        print_text(format_answer(run_action(context, action, utc_now())) + "\n")
    warnings = [problem for problem in checked.warnings if problem.file in own]
    for text in (format_problems(errors), format_problems(warnings, "warning: ")):
        if text:
            print_text(text)
    return 1 if errors else 0


def _print_unreadable(errors: list[ContentProblem], other_count: int) -> int:
    if errors:
        print_text(format_problems(errors))
    else:
        found = format_count(other_count, "problem", "problems")
        print_text(f"no preview: {found} in other files stand in the way; career-bot check names them")
    return 1


def _print_usage_error(message: str) -> int:
    print(f"career-bot card: {message}", file=sys.stderr)
    return 2
