"""`/career quiz [name] [here] [since:<code>]`: a quiz whose state is stored in its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.commands.command import Command, CommandOption, Context, Handler, OptionKind
from bot.commands.inputs import InputHandler, with_args
from bot.commands.invalid_value import MAX_VALUE_SHOWN, render_invalid_value
from bot.commands.quiz.quiz_input import QuizInput, TakeQuizArgs
from bot.commands.quiz.quiz_session import (
    QuizSession,
    decode_session,
    decode_state_args,
    iter_visible_actions,
)
from bot.commands.quiz.result_comparison import build_code_form, parse_code, render_changed_answers
from bot.commands.quiz.result_page import render_result, share_result
from bot.commands.quiz.run_pages import build_take_button, render_question, render_start, render_stopped
from bot.domain.quiz.option_order import choose_seed
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Choice, Heading, Menu, Paragraph
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.messaging.request import Request

SessionPage = Callable[[QuizSession, Request, Context], Reply | Form]


def _open_quiz(request: Request, command_input: QuizInput, context: Context) -> Reply:
    quiz_ids, code = command_input.quiz_ids, command_input.earlier_code
    is_public = command_input.is_public and not request.origin.is_direct
    if command_input.name and not quiz_ids:
        return _render_unknown_quiz(command_input.name, context, is_public=is_public)
    if len(quiz_ids) != 1:
        return _render_picker(quiz_ids or tuple(context.content.quizzes), context, is_public=is_public)
    earlier_code = parse_code(quiz_ids[0], code, context) if code else ""
    session = QuizSession.create(
        quiz_ids[0], context, earlier_code=earlier_code, is_public=is_public, seed=choose_seed()
    )
    return render_start(session, request, context)


def _render_unknown_quiz(name: str, context: Context, *, is_public: bool) -> Reply:
    sentence = context.strings("quiz.unknown", prefix=context.prefix, wanted=name[:MAX_VALUE_SHOWN])
    menu = _build_quiz_menu(tuple(context.content.quizzes), context, is_public=is_public)
    return render_invalid_value(sentence, menu, f"quiz {name}", context)


def _render_picker(quiz_ids: tuple[str, ...], context: Context, *, is_public: bool) -> Reply:
    texts = context.strings
    if not quiz_ids:
        return Reply((Paragraph(texts("quiz.none")),), texts.get_text("quiz.none"))
    blocks = (
        Heading(texts.get_text("quiz.pick_heading")),
        Paragraph(texts("quiz.pick")),
        _build_quiz_menu(quiz_ids, context, is_public=is_public),
    )
    return Reply(blocks, texts.get_text("quiz.pick_heading"))


def _build_quiz_menu(quiz_ids: tuple[str, ...], context: Context, *, is_public: bool) -> Menu:
    choices = tuple(
        Choice(
            context.content.quizzes[quiz_id].short,
            Action("quiz.take", TakeQuizArgs.from_id(quiz_id, is_public=is_public).encode()),
        )
        for quiz_id in quiz_ids
    )
    return Menu(context.strings.get_text("quiz.pick.label"), choices)


def _start_own_run(request: Request, args: TakeQuizArgs, context: Context) -> Reply:
    """Start a run of one's own: from the menu, or with *Take this quiz*."""
    quiz_id = context.content.find_quiz_by_hash(args.quiz_hash)
    if quiz_id is None:
        raise UserFacingError("quiz.gone")
    is_public = args.is_public and not request.origin.is_direct
    session = QuizSession.create(quiz_id, context, is_public=is_public, seed=choose_seed())
    return render_start(session, request, context)


def _explain_buttons(_request: Request, context: Context) -> Reply:
    """Say that a quiz is answered by its buttons. Nothing about the run, so anybody may read it."""
    texts = context.strings
    blocks = (Paragraph(texts("quiz.press_above")),)
    return Reply(blocks, texts.get_text("quiz.press_above_summary"), Audience.EVERYONE)


def _show_next_page(session: QuizSession, request: Request, context: Context) -> Reply:
    """Show the next question, or the result after the last one."""
    page = render_result if session.run.next_question is None else render_question
    return page(session, request, context)


def _restart_quiz(session: QuizSession, request: Request, context: Context) -> Reply:
    return render_start(session, request, context, replace_original=True)


def _show_own_result(session: QuizSession, request: Request, context: Context) -> Reply:
    """Show the full result of a public run, for its owner alone."""
    return render_result(replace(session, is_public=False), request, context, replace_original=False)


def _compare_with_code(session: QuizSession, request: Request, context: Context) -> Reply:
    code = parse_code(session.quiz_id, request.inputs.get("code", "").strip(), context)
    return render_result(replace(session, earlier_code=code), request, context, replace_original=False)


# Which page a message shows, recognised by a button that only this page has.
_PAGE_BY_VISIBLE_VERB: tuple[tuple[str, SessionPage], ...] = (
    ("stop", render_question),
    ("go", render_stopped),
    ("share", render_result),
    ("mine", render_result),
)


def _require_owner(page: SessionPage, *, is_form: bool = False) -> Handler:
    """Return a handler that shows a page to the owner of the pressed button's run, and refuses others.

    The refusal is private. A press on a button that the message no longer has came too late: the answer is
    what the message shows now.

    Args:
        is_form: whether it answers a submitted form, which is on no message.
    """

    def handle(request: Request, context: Context) -> Reply | Form:
        session = decode_session(request, context)
        if session is None:
            return _render_not_owner(request, context)
        if not is_form and request.visible_actions and request.action.encode() not in request.visible_actions:
            return _render_visible_page(request, context) or page(session, request, context)
        return page(session, request, context)

    return handle


def _render_visible_page(request: Request, context: Context) -> Reply | Form | None:
    """Return the page that the clicked message shows now; None when its buttons don't say."""
    for action in iter_visible_actions(request):
        for verb, page in _PAGE_BY_VISIBLE_VERB:
            if action.name == f"quiz.{verb}":
                session = decode_session(replace(request, action=action), context)
                return page(session, request, context) if session is not None else None
    return None


def _render_not_owner(request: Request, context: Context) -> Reply:
    """Return the same sentence for every invalid press, so that probing reveals nothing."""
    texts = context.strings
    args = decode_state_args(request)
    quiz_id = context.content.find_quiz_by_hash(args.quiz_hash) if args is not None else None
    own = (
        Button(texts.get_text("quiz.label"), Action("quiz"))
        if quiz_id is None
        else build_take_button(quiz_id, context)
    )
    return Reply(
        (Paragraph(texts("quiz.not_yours")), Buttons((own,))),
        texts.get_text("service.refused_summary"),
        outcome=ReplyOutcome.REFUSED,
        is_sensitive=True,
    )


def _suggest_quizzes(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    typed = typed.strip().casefold()
    return [
        (quiz.title[:100], quiz_id)
        for quiz_id, quiz in context.content.quizzes.items()
        if typed in f"{quiz_id} {quiz.title}".casefold()
    ]


QUIZ = Command(
    name="quiz",
    handler=InputHandler(QuizInput, _open_quiz),
    options=(
        CommandOption("name", suggest=_suggest_quizzes, hint_key="quiz.name.hint"),
        CommandOption("here", hint_key="quiz.here.hint", kind=OptionKind.SWITCH),
        CommandOption("since", hint_key="quiz.code.hint"),
    ),
    button_handlers={
        "take": with_args(TakeQuizArgs, _start_own_run),
        "typed": _explain_buttons,
        "start": _require_owner(_restart_quiz),
        "begin": _require_owner(_show_next_page),
        "answer": _require_owner(_show_next_page),
        "skip": _require_owner(_show_next_page),
        "back": _require_owner(_show_next_page),
        "go": _require_owner(_show_next_page),
        "stop": _require_owner(render_stopped),
        "share": _require_owner(share_result),
        "mine": _require_owner(_show_own_result),
        "since": _require_owner(build_code_form),
        "compare": _require_owner(_compare_with_code, is_form=True),
        "moved": _require_owner(lambda session, _request, context: render_changed_answers(session, context)),
    },
    is_on_menu=True,
)
