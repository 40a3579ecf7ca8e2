"""Preview one file of the content as it would be shown, with what should be mended in it.

Takes a card or a comparison: career-bot card content/cards/phd-or-not.yaml
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.app import App, find_content_dir, load_renderers, utc_now
from bot.cli.pages import answer, misfits, pages
from bot.cli.saying import counted, lines, show, shown
from bot.commands import COMMANDS
from bot.errors import ContentProblem
from bot.library.check import check
from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", type=Path, help="a file in cards/ or comparisons/ of a content folder")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the preview and the file's problems; 1 when it cannot be shown, 2 when it is no such file."""
    file: Path = options.file.resolve()
    if not file.is_file():
        return _no(f"there is no file {options.file}")
    if file.suffix != ".yaml" or file.parent.name not in ("cards", "comparisons"):
        return _no("a preview takes a .yaml file of the content's cards/ or comparisons/")
    folder = file.parent.parent
    if not (folder / "texts.yaml").is_file():  # a draft elsewhere has no content around it
        return _no(f"put the file into {find_content_dir(settings) / file.parent.name} first")
    checked = check(folder, {command.name for command in COMMANDS})
    own = {file, folder / "asks" / f"{file.stem}.txt"}
    errors = [problem for problem in checked.errors if problem.file in own]
    if checked.library is None:
        return _unreadable(errors, len(checked.errors) - len(errors))
    context = App.build(settings.model_copy(update={"content_dir": folder})).service.context
    errors += [p for p in misfits(context, folder, load_renderers(), utc_now()) if p.file in own]
    if not errors:
        action = dict(pages(context.library))[f"{file.parent.name}/{file.name}"][0]
        show(shown(answer(context, action, utc_now())) + "\n")
    warnings = [problem for problem in checked.warnings if problem.file in own]
    for text in (lines(errors), lines(warnings, "warning: ")):
        if text:
            show(text)
    return 1 if errors else 0


def _unreadable(errors: list[ContentProblem], others: int) -> int:
    if errors:
        show(lines(errors))
    else:
        found = counted(others, "problem", "problems")
        show(f"no preview: {found} in other files stand in the way; career-bot check names them")
    return 1


def _no(why: str) -> int:
    print(f"career-bot card: {why}", file=sys.stderr)
    return 2
