"""Write the JSON Schemas of the content's kinds, from which editors complete and check."""

from __future__ import annotations

import argparse

from bot.app import find_content_dir
from bot.cli.saying import near
from bot.library.schema import FOLDER, write
from bot.settings import Settings


def arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: the schemas lie in the content folder."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Write the schemas and name those that changed."""
    folder = find_content_dir(settings)
    changed = write(folder)
    for file in changed:
        print(f"{near(file)} written")
    if not changed:
        print(f"{near(folder / FOLDER)}: all current")
    return 0
