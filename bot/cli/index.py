"""Read the content's lines into the search model's memory, so that a start need not: career-bot learn.

Writes the file that ships beside the model. Run it when `check` says so; lines that it does not know yet are
found all the same, they are only read again at every start.
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
    """None."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Write the file and say how many lines it holds."""
    number = save_embeddings(
        ShippedEncoder(),
        list_indexed_lines(load_content(find_content_dir(settings))),
        SHIPPED_MODEL_DIR / EMBEDDINGS_FILE_NAME,
    )
    print_text(f"{SHIPPED_MODEL_DIR / EMBEDDINGS_FILE_NAME}: {number} lines")
    return 0
