"""Write the JSON Schemas of the content files, with which editors complete and check."""

from __future__ import annotations

import argparse

from bot.app import find_content_dir
from bot.cli.output import to_relative_path
from bot.content.json_schema import SCHEMA_FOLDER_NAME, write_schemas
from bot.settings import Settings


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: the schemas lie in the content folder."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Write the schemas and name those that changed."""
    folder = find_content_dir(settings)
    changed = write_schemas(folder)
    for file in changed:
        print(f"{to_relative_path(file)} written")
    if not changed:
        print(f"{to_relative_path(folder / SCHEMA_FOLDER_NAME)}: all current")
    return 0
