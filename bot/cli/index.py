"""Build the semantic index of the content ahead of time, so that a start need not.

Writes the file that ships with the model. Lines that it does not hold are found all the same; they are only
encoded again at every start.
"""

from __future__ import annotations

import argparse

from bot.app import find_content_dir
from bot.cli.output import print_text
from bot.content.loader import load_content
from bot.domain.search.embedding_cache import EMBEDDINGS_FILE_NAME, save_embeddings
from bot.domain.search.encoder import SHIPPED_MODEL_DIR, ShippedEncoder
from bot.domain.search.search_targets import list_indexed_lines
from bot.settings import Settings


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Add nothing: the folder is the one that the bot would serve."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Write the file and print how many lines it holds."""
    number = save_embeddings(
        ShippedEncoder(),
        list_indexed_lines(load_content(find_content_dir(settings))),
        SHIPPED_MODEL_DIR / EMBEDDINGS_FILE_NAME,
    )
    print_text(f"{SHIPPED_MODEL_DIR / EMBEDDINGS_FILE_NAME}: {number} lines")
    return 0
