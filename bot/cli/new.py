"""Start a new card: career-bot new card moving-abroad writes a stub and a file for its utterances."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.app import find_content_dir, utc_now
from bot.cli.output import to_relative_path
from bot.content import strict_yaml
from bot.content.models import ANSWER_WORD_RANGE, CardKind, Id
from bot.settings import Settings

# Whatever is left empty here is what `check` asks for, so a filled stub is a card.
_CARD_TEMPLATE = """\
# yaml-language-server: $schema=../schema/card.json
# What the card is about, as a question or a phrase; at most 150 characters.
title:
# Its name on buttons; at most 34 characters, and no other card's.
short:
# {kinds}. A decision has two views or more.
kind: advice
# One to three of: {tags}.
tags:
  -
# {low} to {high} words, two paragraphs at most. First the answer, then why, then what to weigh.
# The byline names the sources; a sentence with a figure names whose it is.
answer: |

# For a decision and whatever is contested: two views or more, real alternatives both.
# views:
#   - claim: One sentence.
#     fits_if: You want this, that or the other.
#     source: a key of sources.yaml
# Whom it is for, and whom not: a fragment each.
good_for:
not_for:
# One concrete, cheap thing to do this week.
try_this_week:
# Keys of sources.yaml.
sources:
  -
# Ids of other cards: the names of their files.
related:
  -
# false when the card is about a person's own doubts: then it cannot be posted at somebody.
# The next step, where there is one: ids of a comparison and a quiz.
# comparison:
# quiz:
# What the authors point to; url only where it is the work's own address.
# further_reading:
#   - title: A title
#     author: A name
#     year: 2020
#     url: https://example.org/the-work
share: true
reviewed: {today}
"""
_UTTERANCES_TEMPLATE = """\
# Ways of asking, one a line, as people write them: short, long, with typos, without the card's own words.
# Six at least; twenty are better.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to start, and its id."""
    parser.add_argument("what", choices=("card",), help="what to start")
    parser.add_argument("id", help="its id, which is the file's name: small letters, digits, hyphens")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the stub; never over a file that is there."""
    try:
        TypeAdapter(Id).validate_python(options.id)
    except ValidationError:
        print(f"career-bot new: {options.id!r} must be an id like phd-or-not", file=sys.stderr)
        return 2
    folder = find_content_dir(settings)
    card, asks = folder / "cards" / f"{options.id}.yaml", folder / "utterances" / f"{options.id}.txt"
    try:
        _write_new_file(card, _render_card(folder))
    except FileExistsError:
        print(
            f"career-bot new: {to_relative_path(card)} exists already and is left as it is", file=sys.stderr
        )
        return 1
    print(
        f"{to_relative_path(card)} written: fill in what is empty;"
        " a running bot serves the old content meanwhile"
    )
    try:
        _write_new_file(asks, _UTTERANCES_TEMPLATE)
        print(f"{to_relative_path(asks)} written: add utterances")
    except FileExistsError:
        print(f"{to_relative_path(asks)} existed already and is left as it is")
    print(f"then: career-bot card {to_relative_path(card)}")
    return 0


def _render_card(folder: Path) -> str:
    file = folder / "tags.yaml"
    tags = strict_yaml.parse_yaml(file, file.read_bytes()).data if file.is_file() else None
    low, high = ANSWER_WORD_RANGE
    return _CARD_TEMPLATE.format(
        kinds=" or ".join((", ".join(list(CardKind)[:-1]), list(CardKind)[-1])).capitalize(),
        tags=", ".join(tags) if isinstance(tags, dict) else "the ids in tags.yaml",
        low=low,
        high=high,
        today=utc_now().date().isoformat(),
    )


def _write_new_file(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as new:
        new.write(text)
