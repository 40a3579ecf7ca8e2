"""`/career quiz [name] [here] [since:<code>]`: an assessment whose state travels in its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from rapidfuzz import fuzz

from bot.commands.command import Command, CommandOption, Context, Handler, Inputs, OptionKind
from bot.commands.quiz.quiz_session import QuizSession, decode_session, iter_visible_actions
from bot.commands.quiz.result_comparison import build_code_form, parse_code, render_changed_answers
from bot.commands.quiz.result_page import render_result, share_result
from bot.commands.quiz.run_pages import build_take_button, render_question, render_start, render_stopped
from bot.content.content import short_hash
from bot.domain.quiz import InvalidCodeReason, decode_result_code
from bot.domain.quiz.option_order import choose_seed
from bot.errors import InvalidActionError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Choice, Heading, Menu, Paragraph
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.messaging.request import Request

_MIN_SIMILARITY = 80.0  # rapidfuzz ratio: "reserch gap"
_HERE_WORD = "here"
_SINCE_PREFIX = "since:"

SessionPage = Callable[[QuizSession, Request, Context], Reply | Form]


def _open_quiz(request: Request, context: Context) -> Reply:
    wanted, code = request.inputs.get("name", "").strip(), request.inputs.get("since", "").strip()
    names = _find_quizzes(wanted, context) if wanted else _find_quizzes_by_code(code, context)
    if wanted and not names:
        raise UserFacingError("quiz.unknown", wanted=wanted[:60])
    public = bool(request.inputs.get("here")) and not request.origin.is_direct
    if len(names) != 1:
        return _render_picker(names or list(context.content.quizzes), context, is_public=public)
    since = parse_code(names[0], code, context) if code else ""
    return render_start(
        QuizSession.create(names[0], context, earlier_code=since, is_public=public, seed=choose_seed()),
        request,
        context,
    )


def _render_picker(quiz_ids: list[str], context: Context, *, is_public: bool) -> Reply:
    texts, where = context.strings, (_HERE_WORD,) if is_public else ()
    if not quiz_ids:
        return Reply((Paragraph(texts("quiz.none")),), texts.get_text("quiz.none"))
    choices = tuple(
        Choice(context.content.quizzes[name].short, Action("quiz.take", (short_hash(name), *where)))
        for name in quiz_ids
    )
    blocks = (
        Heading(texts.get_text("quiz.pick_heading")),
        Paragraph(texts("quiz.pick")),
        Menu(texts.get_text("quiz.pick.label"), choices),
    )
    return Reply(blocks, texts.get_text("quiz.pick_heading"))


def _start_own_run(request: Request, context: Context) -> Reply:
    """A run of one's own: from the menu, or *Take it yourself*."""
    match request.action.args:
        case (marked, *where) if where in ([], [_HERE_WORD]):
            quiz = context.content.find_quiz_by_hash(marked)
        case _:
            raise InvalidActionError("quiz.take carries an assessment, and perhaps that it runs here")
    if quiz is None:
        raise UserFacingError("quiz.gone")
    public = bool(where) and not request.origin.is_direct
    return render_start(
        QuizSession.create(quiz, context, is_public=public, seed=choose_seed()), request, context
    )


def _explain_buttons(_request: Request, context: Context) -> Reply:
    """What is typed into a run's thread is no answer. Says nothing of the run, so anybody may read it."""
    texts = context.strings
    blocks = (Paragraph(texts("quiz.press_above")),)
    return Reply(blocks, texts.get_text("quiz.press_above_summary"), Audience.EVERYONE)


def _show_next_page(session: QuizSession, request: Request, context: Context) -> Reply:
    """The next question, or the result after the last."""
    page = render_result if session.run.next_question is None else render_question
    return page(session, request, context)


def _restart_quiz(session: QuizSession, request: Request, context: Context) -> Reply:
    return render_start(session, request, context, replace_original=True)


def _show_own_result(session: QuizSession, request: Request, context: Context) -> Reply:
    """The whole of a public run's result, for its owner alone."""
    return render_result(replace(session, is_public=False), request, context, replace_original=False)


def _compare_with_code(session: QuizSession, request: Request, context: Context) -> Reply:
    code = parse_code(session.quiz_id, request.inputs.get("code", "").strip(), context)
    return render_result(replace(session, earlier_code=code), request, context, replace_original=False)


# What a message shows, told by a button that only such a message has.
_PAGE_BY_VISIBLE_VERB: tuple[tuple[str, SessionPage], ...] = (
    ("stop", render_question),
    ("go", render_stopped),
    ("share", render_result),
    ("mine", render_result),
)


def _require_owner(page: SessionPage, *, is_form: bool = False) -> Handler:
    """A page for the owner of the run in the pressed button; a private sentence for everyone else.

    A press that the message no longer offers came too late: it is answered with what the message shows.

    Args:
        form: whether it answers a submitted form, which no message offers.
    """

    def handle(request: Request, context: Context) -> Reply | Form:
        sitting = decode_session(request, context)
        if sitting is None:
            return _render_not_owner(request, context)
        if not is_form and request.visible_actions and request.action.encode() not in request.visible_actions:
            return _render_visible_page(request, context) or page(sitting, request, context)
        return page(sitting, request, context)

    return handle


def _render_visible_page(request: Request, context: Context) -> Reply | Form | None:
    for action in iter_visible_actions(request):
        for verb, page in _PAGE_BY_VISIBLE_VERB:
            if action.name == f"quiz.{verb}":
                sitting = decode_session(replace(request, action=action), context)
                return page(sitting, request, context) if sitting is not None else None
    return None


def _render_not_owner(request: Request, context: Context) -> Reply:
    """One sentence for every press that does not check out, so that a probe learns nothing."""
    texts = context.strings
    quiz = context.content.find_quiz_by_hash(request.action.args[0]) if request.action.args else None
    own = (
        Button(texts.get_text("quiz.label"), Action("quiz"))
        if quiz is None
        else build_take_button(quiz, context)
    )
    return Reply(
        (Paragraph(texts("quiz.not_yours")), Buttons((own,))),
        texts.get_text("service.refused_summary"),
        outcome=ReplyOutcome.REFUSED,
        is_sensitive=True,
    )


def _find_quizzes(query: str, context: Context) -> list[str]:
    """The assessments that this may mean: the one so named, those with its words, or the nearest."""
    query = " ".join(query.casefold().replace("-", " ").split())
    names = {
        name: (name.replace("-", " "), one.short.casefold(), one.title.casefold())
        for name, one in context.content.quizzes.items()
    }
    exact = [name for name, known in names.items() if query in known]
    if exact or not query:
        return exact
    words = [name for name, known in names.items() if any(f" {query}" in f" {one}" for one in known)]
    if words:
        return words
    near = {name: max(fuzz.ratio(query, one) for one in known) for name, known in names.items()}
    best = max(near, key=lambda name: near[name], default=None)
    return [best] if best is not None and near[best] >= _MIN_SIMILARITY else []


def _find_quizzes_by_code(code: str, context: Context) -> list[str]:
    """The assessments that a code may be from."""
    return [
        name
        for name in context.content.quizzes
        if not isinstance(decode_result_code(name, code), InvalidCodeReason)
    ]


def _parse_inputs(rest: str, context: Context) -> Inputs | None:
    name, _, code = rest.partition(_SINCE_PREFIX)
    words = f"{name} {code}".split() if not code else name.split()
    here = _HERE_WORD in (words + code.split())
    inputs = {"name": " ".join(word for word in name.split() if word != _HERE_WORD)}
    inputs["since"] = " ".join(word for word in code.split() if word != _HERE_WORD)
    if inputs["name"] and not _find_quizzes(inputs["name"], context):
        return None
    return inputs | ({"here": _HERE_WORD} if here else {})


def _suggest_quizzes(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    typed = typed.strip().casefold()
    known = context.content.quizzes.items()
    return [(one.title[:100], name) for name, one in known if typed in f"{name} {one.title}".casefold()]


QUIZ = Command(
    name="quiz",
    handler=_open_quiz,
    parse_inputs=_parse_inputs,
    options=(
        CommandOption("name", suggest=_suggest_quizzes, hint_key="quiz.name.hint"),
        CommandOption("here", hint_key="quiz.here.hint", kind=OptionKind.SWITCH),
        CommandOption("since", hint_key="quiz.code.hint"),
    ),
    button_handlers={
        "take": _start_own_run,
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
        "moved": _require_owner(lambda sitting, _request, context: render_changed_answers(sitting, context)),
    },
    is_on_menu=True,
)
