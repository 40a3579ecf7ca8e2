"""`career-bot …`: one module a subcommand, which has `add_arguments` and `run`, and returns the exit status.

Exit status: 0 an answer, 1 a problem that the output names, 2 wrong usage, 3 no match.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bot.cli.output import format_count, format_problems
from bot.errors import ContentError, SettingsError
from bot.logs import configure_logging
from bot.settings import Settings, read_env_file

# In the order of --help.
SUBCOMMANDS = (
    "run",
    "chat",
    "say",
    "quiz",
    "explain",
    "check",
    "card",
    "new",
    "schema",
    "discord",
    "manifest",
    "doctor",
    "gallery",
    "eval",
    "unanswered",
    "tips",
    "index",
)
# Old names of subcommands, which work for one more release.
OLD_NAMES = {"unanswered": "gaps", "index": "learn"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="career-bot", description="A career-advice bot for data and ML people."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('career-bot')}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    arguments = list(sys.argv[1:] if argv is None else argv)
    # Each subcommand has its own imports: `say` must not wait for what only `run` needs.
    new_names = {old: new for new, old in OLD_NAMES.items()}
    first = new_names.get(arguments[0], arguments[0]) if arguments else ""
    for name in (first,) if first in SUBCOMMANDS else SUBCOMMANDS:
        module = importlib.import_module(f"bot.cli.{name}")
        verb = verbs.add_parser(
            name,
            aliases=[OLD_NAMES[name]] if name in OLD_NAMES else [],
            help=(module.__doc__ or "").partition("\n")[0],
            description=module.__doc__,
        )
        module.add_arguments(verb)
        verb.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    # Until the settings are read; a verb that prints answers shows warnings only.
    configure_logging("WARNING", "text")
    try:
        settings = Settings.from_env(_load_environment())
        if options.verb == "run":
            configure_logging(settings.log_level, settings.log_format)
        return int(options.run(options, settings))
    except SettingsError as error:
        print(f"career-bot: {error}", file=sys.stderr)
        return 1
    except ContentError as error:
        found = format_count(len(error.problems), "problem", "problems")
        print(f"{format_problems(error.problems)}\ncareer-bot: {found} in the content", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _load_environment() -> dict[str, str]:
    """The environment, over what stands in `.env` here."""
    file = Path(".env")
    return {**(read_env_file(file) if file.is_file() else {}), **os.environ}
