"""Read the content's lines into the search model's memory, so that a start need not: career-bot learn.

Writes the file that ships beside the model. Run it when `check` says so; lines that it does not know yet are
found all the same, they are only read again at every start.
"""

from __future__ import annotations

import argparse

from bot.app import find_content_dir
from bot.cli.saying import show
from bot.domain.search.encoder import SHIPPED, ShippedEncoder
from bot.domain.search.targets import lines_of
from bot.domain.search.vectors import FILE, save
from bot.library.read import read
from bot.settings import Settings


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Write the file and say how many lines it holds."""
    number = save(ShippedEncoder(), lines_of(read(find_content_dir(settings))), SHIPPED / FILE)
    show(f"{SHIPPED / FILE}: {number} lines")
    return 0
