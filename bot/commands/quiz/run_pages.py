"""The pages of a run: its start, a question, and the page of who stopped."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.quiz.quiz_session import QuizSession, encode_session_action
from bot.content.content import short_hash
from bot.content.quiz_models import QuizQuestion
from bot.domain.quiz import NO_ANSWERS, NOT_ASKED, SKIPPED, QuizRun, decode_result_code, score_run
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, ButtonStyle, Heading, Note, Paragraph
from bot.messaging.reply import Audience, Placement, PrivateThread, PublicThread, Reply, SameConversation
from bot.messaging.request import Request
from bot.messaging.spans import Strong, build_spans


def render_start(
    session: QuizSession, request: Request, context: Context, *, replace_original: bool = False
) -> Reply:
    """Title, how many questions, how long; a new run gets its thread here."""
    texts, assessment = context.strings, session.quiz
    count = texts("quiz.count", n=len(assessment.questions), minutes=assessment.minutes)
    blocks: list[Block] = [
        Heading(assessment.title),
        Paragraph(assessment.about),
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
        assessment.title,
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
    """What the earlier run came to, by today's rules, before the new one begins."""
    if not session.earlier_code or session.is_public:
        return
    kept = decode_result_code(session.quiz_id, session.earlier_code)
    assert isinstance(kept, str), "a code is read before it is carried"
    before = score_run(QuizRun.replay(session.quiz, kept))
    if before.result_id is not None:
        yield Paragraph(context.strings("quiz.earlier", result=session.quiz.results[before.result_id].name))


def render_question(session: QuizSession, request: Request, context: Context) -> Reply:
    """The next question, in place of the last; its buttons carry the run after each answer."""
    run, texts = session.run, context.strings
    asked = run.next_question
    assert asked is not None, "a finished run has a result, not a question"
    progress = texts("quiz.progress", n=run.get_question_number(asked), total=run.max_question_count)
    answers = tuple(
        Button(
            option.label,
            encode_session_action(
                session.with_run(run.with_answer(asked, option.code)), "answer", request, context
            ),
        )
        for option in asked.options
    )
    blocks: list[Block] = [
        Note(build_spans(session.quiz.short, " - ", progress)),
        *render_change_note(session, context),
        *_render_previous_answer(session, context),
        Paragraph((Strong(asked.ask),)),
        Buttons(answers),
        Buttons(_build_navigation_buttons(session, asked, request, context)),
    ]
    if session.is_public:
        blocks.append(Buttons((build_take_button(session.quiz_id, context),)))
    summary = f"{session.quiz.short} - {texts.get_text('quiz.progress', n=run.get_question_number(asked), total=run.max_question_count)}"
    return Reply(tuple(blocks), summary, choose_audience(session), replace_original=True, is_sensitive=True)


def _render_previous_answer(session: QuizSession, context: Context) -> Iterator[Block]:
    """The last answer, so that a slip is seen; in public only that there was one."""
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
    """Back, Skip, Stop: always these three, always in this order, in a row of their own."""
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
    """Nothing is lost by stopping: the button still knows."""
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
    """Said once after an author changed the quiz under a run."""
    if session.has_quiz_changed:
        yield Note(context.strings("quiz.changed", n=len(session.lost_answers)))


def build_restart_button(session: QuizSession, request: Request, context: Context) -> Button:
    """From the beginning."""
    afresh = session.with_run(QuizRun.replay(session.quiz, NO_ANSWERS))
    return Button(
        context.strings.get_text("quiz.again.label"), encode_session_action(afresh, "start", request, context)
    )


def build_take_button(quiz_id: str, context: Context) -> Button:
    """A run of one's own, for whoever presses."""
    return Button(context.strings.get_text("quiz.too.label"), Action("quiz.take", (short_hash(quiz_id),)))


def choose_audience(session: QuizSession) -> Audience:
    """Who reads the run."""
    return Audience.EVERYONE if session.is_public else Audience.ASKER


def _build_other_quizzes_button(context: Context) -> Button:
    return Button(context.strings.get_text("quiz.others.label"), Action("quiz"))
