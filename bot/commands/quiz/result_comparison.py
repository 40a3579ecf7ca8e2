"""The comparison with an earlier run, which a result code stores."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.quiz.quiz_session import QuizSession, encode_session_action
from bot.domain.quiz import (
    InvalidCodeReason,
    QuizScore,
    ResultChanges,
    compare_runs,
    decode_result_code,
    strip_hyphen,
)
from bot.errors import UserFacingError
from bot.messaging.blocks import Block, Bullets, Button, Facts, Heading, Paragraph
from bot.messaging.reply import Form, Reply, TextField
from bot.messaging.request import Request
from bot.messaging.spans import Spans, build_spans

_MAX_CODE_LENGTH = 20


def build_code_form(session: QuizSession, request: Request, context: Context) -> Form:
    """Return the form that asks for the result code of an earlier run."""
    texts = context.strings
    field = TextField(
        "code",
        texts.get_text("quiz.code.label"),
        texts.get_text("quiz.code.hint"),
        max_length=_MAX_CODE_LENGTH,
    )
    return Form(
        texts.get_text("quiz.since.title"),
        (field,),
        encode_session_action(session, "compare", request, context),
    )


def parse_code(quiz_id: str, code: str, context: Context) -> str:
    """Return the code as buttons store it.

    Raises:
        UserFacingError: when it is invalid, saying why and what to do.
    """
    decoded = decode_result_code(quiz_id, code)
    if not isinstance(decoded, InvalidCodeReason):
        return strip_hyphen(code)
    placeholders = {"code": code[:30]}
    if decoded is InvalidCodeReason.LENGTH:
        raise UserFacingError("quiz.code.length", **placeholders)
    others = [
        quiz.short
        for other_id, quiz in context.content.quizzes.items()
        if other_id != quiz_id and not isinstance(decode_result_code(other_id, code), InvalidCodeReason)
    ]
    if others:
        raise UserFacingError("quiz.code.other_quiz", other=others[0], **placeholders)
    raise UserFacingError(f"quiz.code.{decoded.value}", **placeholders)


def build_changes_button(session: QuizSession, request: Request, context: Context) -> Button:
    """Return the button that shows which answers changed."""
    return Button(
        context.strings.get_text("quiz.moved.label"),
        encode_session_action(session, "moved", request, context),
    )


def render_changes(session: QuizSession, score: QuizScore, context: Context) -> Iterator[Block]:
    """Yield result and points of both runs and the answers that a changed quiz dropped, if any."""
    if not session.earlier_code:
        return
    texts, change = context.strings, _compare_with_earlier_run(session)
    was, now = (
        _format_result_name(session, change.earlier_score, context),
        _format_result_name(session, score, context),
    )
    key = "quiz.moved_same" if change.earlier_score.result_id == score.result_id else "quiz.moved"
    yield Paragraph(texts(key, was=was, now=now))
    names = session.quiz.dimensions.values()
    yield Facts(
        tuple(
            (name, texts("quiz.then_now", then=then, now=now))
            for name, then, now in zip(names, change.earlier_score.points, score.points, strict=True)
        )
    )
    if change.dropped_answers:
        yield Paragraph(
            texts(
                "quiz.dropped",
                n=len(change.dropped_answers),
                which=_format_dropped_answers(session, change, context),
            )
        )


def render_changed_answers(session: QuizSession, context: Context) -> Reply:
    """Return every answer that changed, one a line."""
    texts, change, run = context.strings, _compare_with_earlier_run(session), session.run
    items: list[Spans] = [
        texts("quiz.answer_moved", ask=question.ask, then=then.label, now=now.label)
        for question, then, now in change.changed_answers
    ]
    for question in change.new_questions:
        option = run.find_selected_option(question)
        assert option is not None
        items.append(texts("quiz.answer_fresh", ask=question.ask, now=option.label))
    if change.dropped_answers:
        which = _format_dropped_answers(session, change, context)
        items.append(texts("quiz.dropped", n=len(change.dropped_answers), which=which))
    title = texts.get_text("quiz.moved_heading", quiz=session.quiz.short)
    body = Bullets(tuple(items)) if items else Paragraph(texts("quiz.unmoved"))
    return Reply((Heading(title), body), title, is_sensitive=True)


def _compare_with_earlier_run(session: QuizSession) -> ResultChanges:
    earlier = decode_result_code(session.quiz_id, session.earlier_code)
    assert isinstance(earlier, str), "parse_code has checked the code"
    return compare_runs(earlier, session.run)


def _format_result_name(session: QuizSession, score: QuizScore, context: Context) -> str:
    if score.result_id is None:
        return context.strings.get_text("quiz.no_result")
    return session.quiz.results[score.result_id].name


def _format_dropped_answers(session: QuizSession, changes: ResultChanges, context: Context) -> Spans:
    """Return the dropped answers by their ids in the committed list of codes."""
    names = []
    for slot, letter in changes.dropped_answers:
        known = context.content.answer_codes.get((session.quiz_id, slot))
        names.append(
            f"{known.question_id}: {known.option_ids.get(letter, letter)}" if known else f"{slot}{letter}"
        )
    return build_spans(", ".join(names))
