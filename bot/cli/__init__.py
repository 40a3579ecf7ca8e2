"""`career-bot …`: one file a verb. A verb is a parser and a function that gives the exit status.

Exit status: 0 an answer, 1 a problem that the output names, 2 wrong usage, 3 an honest miss.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bot.cli.saying import counted, lines
from bot.errors import ContentError, SettingsError
from bot.logs import configure_logging
from bot.settings import Settings, read_env_file

# One line a verb, in the order of --help.
VERBS = (
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
    "gaps",
    "tips",
    "learn",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and give its exit status."""
    parser = argparse.ArgumentParser(
        prog="career-bot", description="A career-advice bot for data and ML people."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('career-bot')}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    arguments = list(sys.argv[1:] if argv is None else argv)
    # Each verb brings its own imports: `say` must not wait for what only `run` needs.
    for name in arguments[:1] if arguments[:1] and arguments[0] in VERBS else VERBS:
        module = importlib.import_module(f"bot.cli.{name}")
        verb = verbs.add_parser(
            name, help=(module.__doc__ or "").partition("\n")[0], description=module.__doc__
        )
        module.arguments(verb)
        verb.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    # Until the settings are read; a verb that prints answers shows warnings only.
    configure_logging("WARNING", "text")
    try:
        settings = Settings.from_env(_environment())
        if options.verb == "run":
            configure_logging(settings.log_level, settings.log_format)
        return int(options.run(options, settings))
    except SettingsError as error:
        print(f"career-bot: {error}", file=sys.stderr)
        return 1
    except ContentError as error:
        found = counted(len(error.problems), "problem", "problems")
        print(f"{lines(error.problems)}\ncareer-bot: {found} in the content", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _environment() -> dict[str, str]:
    """The environment, over what stands in `.env` here."""
    file = Path(".env")
    return {**(read_env_file(file) if file.is_file() else {}), **os.environ}
