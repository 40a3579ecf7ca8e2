"""Every reply that content alone makes: cards and comparisons, and each page of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain, combinations
from pathlib import Path

from bot.cli.parity import find_missing_words
from bot.commands.command import Context
from bot.commands.compare_input import ComparisonView
from bot.commands.quiz.quiz_session import QuizSession, encode_session_action
from bot.content.content import Content, short_hash
from bot.content.quiz_models import QUESTION_CODES
from bot.domain.quiz import encode_result_code, strip_hyphen
from bot.domain.quiz.reachability import count_result_paths
from bot.errors import ContentProblem, LimitExceededError
from bot.messaging.action import Action
from bot.messaging.reply import Form, Reply
from bot.messaging.request import Origin, Request, User

Renderer = Callable[[Reply], object]
_USER = User("author", "an author with a rather long name", is_admin=False)
_ORIGIN = Origin("check", "check", "check")


def run_action(context: Context, action: Action, now: datetime) -> Reply | Form:
    """What the command makes of an action, with nothing caught.

    Raises:
        DoesNotFit: when the reply breaks a bound.
        Refusal: when the command refuses.
    """
    command = next(one for one in context.commands if one.name == action.command)
    handler = command.find_handler(action.verb)
    assert handler is not None, f"no page stands behind {action.encode()}"
    return handler(build_request(action, now), context)


def build_request(action: Action, now: datetime) -> Request:
    """The press of an action by the reader of these pages."""
    return Request(_USER, _ORIGIN, action, now, dedupe_key="check")


def find_limit_problems(
    context: Context, folder: Path, renderers: Mapping[str, Renderer], now: datetime
) -> Iterator[ContentProblem]:
    """What does not fit a platform: a problem at the file that the reply shows, the first of each file."""
    for file, actions in chain(iter_content_actions(context.content), iter_quiz_actions(context, now)):
        try:
            for action in actions:
                _check_limits(run_action(context, action, now), renderers)
        except LimitExceededError as error:
            yield ContentProblem(folder / file, 1, 1, "", f"does not fit: {error}")


def _check_limits(answer: Reply | Form, renderers: Mapping[str, Renderer]) -> None:
    for name, render in renderers.items():
        if isinstance(answer, Reply):
            try:
                payload = render(answer)
            except LimitExceededError as error:
                raise LimitExceededError(f"{name}: {error}") from error
            if missing := find_missing_words(answer, payload):
                raise LimitExceededError(f"{name} does not say: {' '.join(missing[:8])}")


def iter_content_actions(content: Content) -> Iterator[tuple[str, list[Action]]]:
    """By content file the actions that show what stands in it."""
    for card_id, card in content.cards.items():
        verbs = ("show", "share", "keep") if card.share else ("show", "keep")
        yield f"cards/{card_id}.yaml", [Action(f"card.{verb}", (short_hash(card_id),)) for verb in verbs]
    for comparison_id in content.comparisons:
        sides = [side.encode_args(side.part_id) for side in _iter_views(comparison_id, content)]
        yield (
            f"comparisons/{comparison_id}.yaml",
            [
                Action(f"compare.{verb}", args)
                for args in sides
                for verb in ("show", "theme", "share", "keep")
            ],
        )
    yield "tags.yaml", [Action("browse"), *(Action("browse.tag", (tag,)) for tag in content.tags)]
    yield (
        "strings.yaml",
        [Action("help"), Action("privacy"), Action("compare"), Action("quiz"), Action("ask")],
    )


def iter_quiz_actions(context: Context, now: datetime) -> Iterator[tuple[str, list[Action]]]:
    """By assessment every page on a way to each of its results, played in private and where others read."""
    for quiz, assessment in context.content.quizzes.items():
        actions: list[Action] = []
        for kept in count_result_paths(assessment).example_by_result.values():
            for public in (False, True):
                actions += _iter_run_actions(
                    QuizSession.create(quiz, context, is_public=public), kept, context, now
                )
        yield f"quizzes/{quiz}.yaml", actions


def _iter_run_actions(
    session: QuizSession, answers: str, context: Context, now: datetime
) -> Iterator[Action]:
    """The presses of one run, and what can be pressed when it is done."""

    def build_action(verb: str, at_session: QuizSession) -> Action:
        return encode_session_action(at_session, verb, build_request(Action("quiz"), now), context)

    yield build_action("start", session)
    while (question := session.run.next_question) is not None:
        yield build_action("answer", session)
        session = session.with_run(
            session.run.with_answer(question, answers[QUESTION_CODES.index(question.code)])
        )
    yield build_action("stop", session)
    yield build_action("answer", session)
    if session.is_public:
        yield build_action("mine", session)
        return
    earlier = QuizSession(
        session.quiz_id, session.run, earlier_code=strip_hyphen(encode_result_code(session.quiz_id, answers))
    )
    yield from (
        build_action("share", session),
        build_action("since", session),
        build_action("start", earlier),
    )
    yield from (build_action("answer", earlier), build_action("moved", earlier))


def _iter_views(comparison_id: str, content: Content) -> Iterator[ComparisonView]:
    """The whole comparison and each part of it, and every two options side by side."""
    comparison = content.comparisons[comparison_id]
    options = tuple(comparison.options)
    for part in (None, *(theme.id for theme in comparison.themes), *(t.id for t in comparison.topics)):
        yield ComparisonView(comparison_id, options, part)
    for two in combinations(options, 2):
        yield ComparisonView(comparison_id, two, None)
