"""Every reply that content alone makes: each card and comparison as it is shown, shared and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import combinations
from pathlib import Path

from bot.commands.command import Context
from bot.commands.compare import Side
from bot.dialogue.action import Action
from bot.dialogue.reply import Form, Reply
from bot.dialogue.request import Origin, Request, User
from bot.errors import DoesNotFit, Problem
from bot.library.library import Library, mark

Render = Callable[[Reply], object]
_READER = User("author", "an author with a rather long name", admin=False)
_DESK = Origin("check", "check", "check")


def answer(context: Context, action: Action, now: datetime) -> Reply | Form:
    """What the command makes of an action, with nothing caught.

    Raises:
        DoesNotFit: when the reply breaks a bound.
        Refusal: when the command refuses.
    """
    command = next(one for one in context.commands if one.name == action.command)
    handler = command.verbs[action.verb] if action.verb else command.answer
    return handler(Request(_READER, _DESK, action, now, key="check"), context)


def misfits(
    context: Context, folder: Path, renderers: Mapping[str, Render], now: datetime
) -> Iterator[Problem]:
    """What does not fit a platform: a problem at the file that the reply shows, the first of each file."""
    for file, actions in pages(context.library):
        try:
            for action in actions:
                _fits(answer(context, action, now), renderers)
        except DoesNotFit as error:
            yield Problem(folder / file, 1, 1, "", f"does not fit: {error}")


def _fits(shown: Reply | Form, renderers: Mapping[str, Render]) -> None:
    for name, render in renderers.items():
        if isinstance(shown, Reply):
            try:
                render(shown)
            except DoesNotFit as error:
                raise DoesNotFit(f"{name}: {error}") from error


def pages(library: Library) -> Iterator[tuple[str, list[Action]]]:
    """By content file the actions that show what stands in it."""
    for card_id, card in library.cards.items():
        verbs = ("show", "share", "keep") if card.share else ("show", "keep")
        yield f"cards/{card_id}.yaml", [Action(f"card.{verb}", (mark(card_id),)) for verb in verbs]
    for comparison_id in library.comparisons:
        sides = [side.args(side.narrowed) for side in _sides(comparison_id, library)]
        yield (
            f"comparisons/{comparison_id}.yaml",
            [
                Action(f"compare.{verb}", args)
                for args in sides
                for verb in ("show", "theme", "share", "keep")
            ],
        )
    yield "tags.yaml", [Action("browse"), *(Action("browse.tag", (tag,)) for tag in library.tags)]
    yield "texts.yaml", [Action("help"), Action("privacy"), Action("compare"), Action("ask")]


def _sides(comparison_id: str, library: Library) -> Iterator[Side]:
    """The whole comparison and each part of it, and every two options side by side."""
    comparison = library.comparisons[comparison_id]
    options = tuple(comparison.options)
    for part in (None, *(theme.id for theme in comparison.themes), *(t.id for t in comparison.topics)):
        yield Side(comparison_id, options, part)
    for two in combinations(options, 2):
        yield Side(comparison_id, two, None)
