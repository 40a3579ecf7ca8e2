"""The pages of a quiz run: the start, a question, and the page after stopping."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.quiz.quiz_input import TakeQuizArgs
from bot.commands.quiz.quiz_session import QuizSession, encode_session_action
from bot.content.quiz_models import QuizQuestion
from bot.domain.quiz import NO_ANSWERS, NOT_ASKED, SKIPPED, QuizRun, decode_result_code, score_run
from bot.domain.quiz.option_order import order_options
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, ButtonStyle, Heading, Note, Paragraph
from bot.messaging.reply import Audience, Placement, PrivateThread, PublicThread, Reply, SameConversation
from bot.messaging.request import Request
from bot.messaging.spans import Strong, build_spans


def render_start(
    session: QuizSession, request: Request, context: Context, *, replace_original: bool = False
) -> Reply:
    """Return the first page: title, number of questions, duration; a new run gets its thread here."""
    texts, quiz = context.strings, session.quiz
    count = texts("quiz.count", n=len(quiz.questions), minutes=quiz.minutes)
    blocks: list[Block] = [
        Heading(quiz.title),
        Paragraph(quiz.about),
        Paragraph(count),
        Note(texts("quiz.public", name=request.user.name) if session.is_public else texts("quiz.private")),
        *_render_earlier_result(session, context),
    ]
    begin = Button(
        texts.get_text("quiz.begin.label"),
        encode_session_action(session, "begin", request, context),
        ButtonStyle.PRIMARY,
    )
    blocks.append(
        Buttons(
            (
                begin,
                build_take_button(session.quiz_id, context)
                if session.is_public
                else _build_other_quizzes_button(context),
            )
        )
    )
    return Reply(
        tuple(blocks),
        quiz.title,
        choose_audience(session),
        _choose_placement(session, replace_original),
        replace_original,
        is_sensitive=True,
    )


def _choose_placement(session: QuizSession, replace_original: bool) -> Placement:
    if replace_original:
        return SameConversation()
    return PublicThread(session.quiz.short) if session.is_public else PrivateThread(session.quiz.short)


def _render_earlier_result(session: QuizSession, context: Context) -> Iterator[Block]:
    """Yield the result of the earlier run, by the current rules."""
    if not session.earlier_code or session.is_public:
        return
    answers = decode_result_code(session.quiz_id, session.earlier_code)
    assert isinstance(answers, str), "parse_code has checked the code"
    score = score_run(QuizRun.replay(session.quiz, answers))
    if score.result_id is not None:
        yield Paragraph(context.strings("quiz.earlier", result=session.quiz.results[score.result_id].name))


def render_question(session: QuizSession, request: Request, context: Context) -> Reply:
    """Return the next question, replacing the last; each button has the state after its answer."""
    run, texts = session.run, context.strings
    question = run.next_question
    assert question is not None, "a finished run has a result, not a question"
    progress = texts("quiz.progress", n=run.get_question_number(question), total=run.max_question_count)
    answers = tuple(
        Button(
            option.label,
            encode_session_action(
                session.with_run(run.with_answer(question, option.code)), "answer", request, context
            ),
        )
        for option in order_options(question, session.seed)
    )
    blocks: list[Block] = [
        Note(build_spans(session.quiz.short, " - ", progress)),
        *render_change_note(session, context),
        *_render_previous_answer(session, context),
        Paragraph((Strong(question.ask),)),
        Buttons(answers),
        Buttons(_build_navigation_buttons(session, question, request, context)),
    ]
    if session.is_public:
        blocks.append(Buttons((build_take_button(session.quiz_id, context),)))
    plain_progress = texts.get_text(
        "quiz.progress", n=run.get_question_number(question), total=run.max_question_count
    )
    summary = f"{session.quiz.short} - {plain_progress}"
    return Reply(tuple(blocks), summary, choose_audience(session), replace_original=True, is_sensitive=True)


def _render_previous_answer(session: QuizSession, context: Context) -> Iterator[Block]:
    """Yield the last answer, so that a slip is noticed; in public only that there was one."""
    run, texts = session.run, context.strings
    if run.previous_question is None:
        return
    option = run.find_selected_option(run.previous_question)
    if session.is_public:
        yield Note(texts("quiz.noted", n=run.get_question_number(run.previous_question)))
    elif option is None:
        yield Note(texts("quiz.skipped", n=run.get_question_number(run.previous_question)))
    else:
        yield Note(
            texts("quiz.answered", n=run.get_question_number(run.previous_question), answer=option.label)
        )


def _build_navigation_buttons(
    session: QuizSession, question: QuizQuestion, request: Request, context: Context
) -> tuple[Button, ...]:
    """Return Back, Skip and Stop: always these three, in this order, in their own row."""
    run, texts = session.run, context.strings
    verb = "start" if run.previous_question is None else "back"
    skipped = session.with_run(run.with_answer(question, SKIPPED))
    return (
        Button(
            texts.get_text("quiz.back.label"),
            encode_session_action(session.with_run(run.without_last_answer()), verb, request, context),
        ),
        Button(texts.get_text("quiz.skip.label"), encode_session_action(skipped, "skip", request, context)),
        Button(
            texts.get_text("quiz.stop.label"),
            encode_session_action(session, "stop", request, context),
            ButtonStyle.DANGER,
        ),
    )


def render_stopped(session: QuizSession, request: Request, context: Context) -> Reply:
    """Return the page after stopping; its button continues where the person was."""
    texts = context.strings
    buttons = [
        Button(
            texts.get_text("quiz.go.label"),
            encode_session_action(session, "go", request, context),
            ButtonStyle.PRIMARY,
        )
    ]
    if set(session.run.answers) != {NOT_ASKED}:
        buttons.append(build_restart_button(session, request, context))
    buttons.append(
        build_take_button(session.quiz_id, context)
        if session.is_public
        else _build_other_quizzes_button(context)
    )
    blocks = (Paragraph(texts("quiz.stopped")), Buttons(tuple(buttons)))
    return Reply(
        blocks, session.quiz.title, choose_audience(session), replace_original=True, is_sensitive=True
    )


def render_change_note(session: QuizSession, context: Context) -> Iterator[Block]:
    """Yield a note, once, when an author changed the quiz during the run."""
    if session.has_quiz_changed:
        yield Note(context.strings("quiz.changed", n=len(session.lost_answers)))


def build_restart_button(session: QuizSession, request: Request, context: Context) -> Button:
    """Return the button that starts over."""
    restarted = session.with_run(QuizRun.replay(session.quiz, NO_ANSWERS))
    return Button(
        context.strings.get_text("quiz.again.label"),
        encode_session_action(restarted, "start", request, context),
    )


def build_take_button(quiz_id: str, context: Context) -> Button:
    """Return a button that starts a run for the person who presses it."""
    return Button(
        context.strings.get_text("quiz.too.label"),
        Action("quiz.take", TakeQuizArgs.from_id(quiz_id).encode()),
    )


def choose_audience(session: QuizSession) -> Audience:
    """Return who may read the run."""
    return Audience.EVERYONE if session.is_public else Audience.ASKER


def _build_other_quizzes_button(context: Context) -> Button:
    return Button(context.strings.get_text("quiz.others.label"), Action("quiz"))
