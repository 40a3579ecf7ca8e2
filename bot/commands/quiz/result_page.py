"""The result page: the result and its certainty, what would change it, the changes since an earlier run."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.card_view import build_card_button, format_source
from bot.commands.command import Context
from bot.commands.quiz.quiz_session import QuizSession, encode_session_action
from bot.commands.quiz.result_comparison import build_changes_button, render_changes
from bot.commands.quiz.run_pages import (
    build_restart_button,
    build_take_button,
    choose_audience,
    render_change_note,
)
from bot.content.quiz_models import Quiz, QuizResult
from bot.domain.quiz import (
    NearestResult,
    QuizScore,
    encode_result_code,
    find_nearest_result,
    list_decisive_questions,
    score_run,
)
from bot.messaging.blocks import (
    Bar,
    Bars,
    Block,
    Bullets,
    Button,
    Buttons,
    Facts,
    Heading,
    Note,
    Paragraph,
)
from bot.messaging.reply import Audience, Reply
from bot.messaging.request import Request
from bot.messaging.spans import Code, Spans, build_spans

_MUCH_POINTS, _SOME_POINTS = 67, 34  # points of 100 from which a bar is called that


def render_result(
    session: QuizSession, request: Request, context: Context, *, replace_original: bool = True
) -> Reply:
    """Return the last page of a run; in public only the shareable part, with a button for the full result."""
    score = score_run(session.run)
    if score.result_id is None:
        return _render_no_result(session, request, context)
    if session.is_public:
        blocks = (
            *_render_shareable_result(session, score, find_nearest_result(session.run, score), context),
            Note(context.strings("quiz.whole", name=request.user.name)),
            Buttons(
                (
                    Button(
                        context.strings.get_text("quiz.mine.label"),
                        encode_session_action(session, "mine", request, context),
                    ),
                    build_take_button(session.quiz_id, context),
                )
            ),
            Buttons(_build_end_buttons(session, request, context)),
        )
    else:
        blocks = _render_full_result(session, score, request, context)
    return Reply(
        tuple(blocks),
        session.quiz.title,
        choose_audience(session),
        replace_original=replace_original,
        is_sensitive=True,
    )


def share_result(session: QuizSession, request: Request, context: Context) -> Reply:
    """Return the result without any answer, for everyone in the channel."""
    score = score_run(session.run)
    blocks = (
        *_render_shareable_result(session, score, find_nearest_result(session.run, score), context),
        Note(context.strings("card.shared_by", name=request.user.name)),
        Buttons((build_take_button(session.quiz_id, context),)),
    )
    return Reply(blocks, session.quiz.title, Audience.EVERYONE)


def _render_no_result(session: QuizSession, request: Request, context: Context) -> Reply:
    """Return the page for a person who skipped every question: no result."""
    blocks = (
        Paragraph(context.strings("quiz.nothing")),
        Buttons(_build_end_buttons(session, request, context)),
    )
    return Reply(
        blocks, session.quiz.title, choose_audience(session), replace_original=True, is_sensitive=True
    )


def _render_full_result(
    session: QuizSession, score: QuizScore, request: Request, context: Context
) -> tuple[Block, ...]:
    texts, quiz = context.strings, session.quiz
    assert score.result_id is not None
    near = find_nearest_result(session.run, score)
    share = Button(
        texts.get_text("quiz.share.label"), encode_session_action(session, "share", request, context)
    )
    if session.earlier_code:
        compare = build_changes_button(session, request, context)
    else:
        compare = Button(
            texts.get_text("quiz.since.label"), encode_session_action(session, "since", request, context)
        )
    card_ids = dict.fromkeys(card for result_id in score.result_ids for card in quiz.results[result_id].cards)
    cards = tuple(build_card_button(card, context) for card in card_ids)
    return (
        *render_change_note(session, context),
        *_render_shareable_result(session, score, near, context),
        *render_changes(session, score, context),
        *_render_decisive_answers(session, score, context),
        *_render_nearest_result(session, near, context),
        Paragraph(texts("quiz.code", code=Code(encode_result_code(session.quiz_id, session.run.answers)))),
        Buttons(cards),
        Buttons((share, compare, *_build_end_buttons(session, request, context))),
    )


def _build_end_buttons(session: QuizSession, request: Request, context: Context) -> tuple[Button, Button]:
    back = encode_session_action(
        session.with_run(session.run.without_last_answer()), "back", request, context
    )
    return Button(context.strings.get_text("quiz.back.label"), back), build_restart_button(
        session, request, context
    )


def _render_shareable_result(
    session: QuizSession, score: QuizScore, nearest: NearestResult | None, context: Context
) -> Iterator[Block]:
    """Yield what may be shared: the result, its certainty, the bars, what to try and what it does not mean."""
    texts, quiz = context.strings, session.quiz
    assert score.result_id is not None
    result = quiz.results[score.result_id]
    names = tuple(quiz.dimensions.values())
    flips = nearest is not None and len(nearest.changes) == 1
    is_near = score.margin < quiz.near_tie and not score.equal_result_ids
    result_names = " / ".join(quiz.results[result_id].name for result_id in score.result_ids)
    heading = "quiz.heading_near" if is_near else "quiz.heading"
    yield Heading(texts.get_text(heading, quiz=quiz.short, result=result_names))
    if nearest is not None and flips and not score.equal_result_ids:
        yield Paragraph(texts("quiz.near", other=quiz.results[nearest.result_id].name))
    elif is_near:
        yield Paragraph(texts("quiz.close", n=score.margin))
    for result_id in score.result_ids:
        yield Paragraph(quiz.results[result_id].says)
    yield Bars(tuple(Bar(name, points, 100) for name, points in zip(names, score.points, strict=True)))
    yield Paragraph(
        build_spans(
            "; ".join(
                f"{name}: {_format_strength(points, context)}"
                for name, points in zip(names, score.points, strict=True)
            ),
            ".",
        )
    )
    yield Facts(tuple(_iter_facts(quiz, result, context)))
    yield Note(
        build_spans(texts("source.label"), " ", format_source(context.content.sources[quiz.source]), ".")
    )


def _iter_facts(quiz: Quiz, result: QuizResult, context: Context) -> Iterator[tuple[str, Spans]]:
    """Yield what to try, what the quiz does not measure, and what the source says about others."""
    yield context.strings.get_text("quiz.experiment"), result.experiment
    yield context.strings.get_text("quiz.not_measured"), quiz.does_not_measure
    if quiz.context is not None:
        yield context.strings.get_text("quiz.context"), quiz.context


def _format_strength(points: int, context: Context) -> str:
    size = "much" if points >= _MUCH_POINTS else "some" if points >= _SOME_POINTS else "little"
    return context.strings.get_text(f"quiz.{size}")


def _render_decisive_answers(session: QuizSession, score: QuizScore, context: Context) -> Iterator[Block]:
    run, texts = session.run, context.strings
    asked = {question.id: question for question in run.asked_questions}
    items: list[Spans] = []
    for question_id in list_decisive_questions(run, score):
        question = asked[question_id]
        option = run.find_selected_option(question)
        assert option is not None
        items.append(
            texts("quiz.said", n=run.get_question_number(question), ask=question.ask, answer=option.label)
        )
    yield Paragraph(texts("quiz.weighed", n=len(items)))
    yield Bullets(tuple(items))


def _render_nearest_result(
    session: QuizSession, nearest: NearestResult | None, context: Context
) -> Iterator[Block]:
    run, texts = session.run, context.strings
    if nearest is None:
        yield Paragraph(texts("quiz.firm"))
        return
    other = session.quiz.results[nearest.result_id].name
    yield Paragraph(texts("quiz.nearest", n=len(nearest.changes), other=other))
    items: list[Spans] = []
    for change in nearest.changes:
        taken = run.find_selected_option(change.question)
        number, answer = run.get_question_number(change.question), change.option.label
        if taken is None:
            items.append(texts("quiz.instead_of_skip", n=number, answer=answer))
        else:
            items.append(texts("quiz.instead", n=number, answer=answer, taken=taken.label))
    yield Bullets(tuple(items))
