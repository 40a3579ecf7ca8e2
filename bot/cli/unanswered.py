"""List the questions that no card answered, grouped, each with the command that starts a card for it."""

from __future__ import annotations

import argparse
import re
from itertools import groupby

from bot.app import App
from bot.domain.unanswered_groups import UnansweredGroup, group_terms
from bot.settings import Settings

_MAX_STEMS = 3  # of a group, in the name of a card


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Add nothing: the database is the one that the bot would use."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Print the groups of each tenant; nothing in them comes from fewer than five people."""
    home = App.build(settings).storage
    terms = sorted(home.open_store().unanswered_terms.list_readable_terms(), key=lambda term: term.tenant)
    home.close()
    if not terms:
        print("no unanswered questions of five people or more; fewer are never shown")
    for community, here in groupby(terms, key=lambda term: term.tenant):
        print(f"{community.platform} {community.workspace}")
        for group in group_terms((term.stems, term.person_count) for term in here):
            print(f"  {group.person_count} people: {', '.join(group.stems)}")
            if name := _suggest_card_id(group):
                print(f"    career-bot new card {name}")
    return 0


def _suggest_card_id(group: UnansweredGroup) -> str:
    """Return a card's id made of the commonest stems."""
    return "-".join(filter(None, (re.sub("[^a-z0-9]", "", stem) for stem in group.stems[:_MAX_STEMS])))[:40]
