"""Build the semantic index of the content ahead of time, so that a start need not.

Writes lines.npz beside each model that ships. Lines that it does not hold are found all the same; they are
only encoded again at every start.
"""

from __future__ import annotations

import argparse

from bot.app import find_content_dir
from bot.cli.output import print_text
from bot.content.loader import load_content
from bot.domain.search.embedding_cache import EMBEDDINGS_FILE_NAME, save_embeddings
from bot.domain.search.encoder import ModelSize, ShippedEncoder
from bot.domain.search.search_targets import list_indexed_lines
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the model's size."""
    sizes = [size.value for size in ModelSize]
    parser.add_argument("size", nargs="?", choices=sizes, help="large or small; both when left out")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the files and print how many lines each holds."""
    lines = list_indexed_lines(load_content(find_content_dir(settings)))
    chosen = [ModelSize(options.size)] if options.size else [size for size in ModelSize if size.is_installed]
    for size in chosen:
        file = size.folder / EMBEDDINGS_FILE_NAME
        print_text(f"{file}: {save_embeddings(ShippedEncoder(size.folder), lines, file)} lines")
    return 0
