"""Every reply that content alone makes: cards and comparisons, and each page of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain, combinations
from pathlib import Path

from bot.cli.parity import unsaid
from bot.commands.command import Context
from bot.commands.compare import Side
from bot.commands.quiz.state import Sitting, written
from bot.domain.assess import bare, encode
from bot.domain.assess.proof import ways
from bot.errors import ContentProblem, LimitExceededError
from bot.library.assessment import SLOTS
from bot.library.library import Library, mark
from bot.messaging.action import Action
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Origin, Request, User

Render = Callable[[Reply], object]
_READER = User("author", "an author with a rather long name", is_admin=False)
_DESK = Origin("check", "check", "check")


def answer(context: Context, action: Action, now: datetime) -> Reply | Form:
    """What the command makes of an action, with nothing caught.

    Raises:
        DoesNotFit: when the reply breaks a bound.
        Refusal: when the command refuses.
    """
    command = next(one for one in context.commands if one.name == action.command)
    handler = command.handler(action.verb)
    assert handler is not None, f"no page stands behind {action.encode()}"
    return handler(pressed(action, now), context)


def pressed(action: Action, now: datetime) -> Request:
    """The press of an action by the reader of these pages."""
    return Request(_READER, _DESK, action, now, dedupe_key="check")


def misfits(
    context: Context, folder: Path, renderers: Mapping[str, Render], now: datetime
) -> Iterator[ContentProblem]:
    """What does not fit a platform: a problem at the file that the reply shows, the first of each file."""
    for file, actions in chain(pages(context.library), runs(context, now)):
        try:
            for action in actions:
                _fits(answer(context, action, now), renderers)
        except LimitExceededError as error:
            yield ContentProblem(folder / file, 1, 1, "", f"does not fit: {error}")


def _fits(shown: Reply | Form, renderers: Mapping[str, Render]) -> None:
    for name, render in renderers.items():
        if isinstance(shown, Reply):
            try:
                payload = render(shown)
            except LimitExceededError as error:
                raise LimitExceededError(f"{name}: {error}") from error
            if missing := unsaid(shown, payload):
                raise LimitExceededError(f"{name} does not say: {' '.join(missing[:8])}")


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
    yield "texts.yaml", [Action("help"), Action("privacy"), Action("compare"), Action("quiz"), Action("ask")]


def runs(context: Context, now: datetime) -> Iterator[tuple[str, list[Action]]]:
    """By assessment every page on a way to each of its results, played in private and where others read."""
    for quiz, assessment in context.library.assessments.items():
        actions: list[Action] = []
        for kept in ways(assessment).examples.values():
            for public in (False, True):
                actions += _run(Sitting.new(quiz, context, public=public), kept, context, now)
        yield f"assessments/{quiz}.yaml", actions


def _run(sitting: Sitting, kept: str, context: Context, now: datetime) -> Iterator[Action]:
    """The presses of one run, and what can be pressed when it is done."""

    def press(verb: str, at: Sitting) -> Action:
        return written(at, verb, pressed(Action("quiz"), now), context)

    yield press("start", sitting)
    while (question := sitting.run.next) is not None:
        yield press("answer", sitting)
        sitting = sitting.at(sitting.run.put(question, kept[SLOTS.index(question.slot)]))
    yield press("stop", sitting)
    yield press("answer", sitting)
    if sitting.public:
        yield press("mine", sitting)
        return
    earlier = Sitting(sitting.quiz, sitting.run, since=bare(encode(sitting.quiz, kept)))
    yield from (press("share", sitting), press("since", sitting), press("start", earlier))
    yield from (press("answer", earlier), press("moved", earlier))


def _sides(comparison_id: str, library: Library) -> Iterator[Side]:
    """The whole comparison and each part of it, and every two options side by side."""
    comparison = library.comparisons[comparison_id]
    options = tuple(comparison.options)
    for part in (None, *(theme.id for theme in comparison.themes), *(t.id for t in comparison.topics)):
        yield Side(comparison_id, options, part)
    for two in combinations(options, 2):
        yield Side(comparison_id, two, None)
