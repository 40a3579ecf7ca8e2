"""`/career quiz [name] [here] [since:<code>]`: an assessment whose state travels in its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from rapidfuzz import fuzz

from bot.commands.command import Answer, Command, Context, Inputs, Kind, Option
from bot.commands.quiz.moved import code_form, moved_answers, readable
from bot.commands.quiz.pages import question, start, stopped, too
from bot.commands.quiz.result import result, shared
from bot.commands.quiz.state import Sitting, opened, showing
from bot.domain.assess import Unreadable, decode
from bot.errors import InvalidActionError, UserFacingError
from bot.library.library import mark
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Choice, Heading, Menu, Paragraph
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.messaging.request import Request

_NEAR = 80.0  # rapidfuzz ratio: "reserch gap"
_HERE = "here"
_SINCE = "since:"

Page = Callable[[Sitting, Request, Context], Reply | Form]


def _answer(request: Request, context: Context) -> Reply:
    wanted, code = request.inputs.get("name", "").strip(), request.inputs.get("since", "").strip()
    names = _named(wanted, context) if wanted else _of_code(code, context)
    if wanted and not names:
        raise UserFacingError("quiz.unknown", wanted=wanted[:60])
    public = bool(request.inputs.get("here")) and not request.origin.is_direct
    if len(names) != 1:
        return _picker(names or list(context.library.assessments), context, public=public)
    since = readable(names[0], code, context) if code else ""
    return start(Sitting.new(names[0], context, since=since, public=public), request, context)


def _picker(names: list[str], context: Context, *, public: bool) -> Reply:
    texts, where = context.texts, (_HERE,) if public else ()
    if not names:
        return Reply((Paragraph(texts("quiz.none")),), texts.words("quiz.none"))
    choices = tuple(
        Choice(context.library.assessments[name].short, Action("quiz.take", (mark(name), *where)))
        for name in names
    )
    blocks = (
        Heading(texts.words("quiz.pick_heading")),
        Paragraph(texts("quiz.pick")),
        Menu(texts.words("quiz.pick.label"), choices),
    )
    return Reply(blocks, texts.words("quiz.pick_heading"))


def _take(request: Request, context: Context) -> Reply:
    """A run of one's own: from the menu, or *Take it yourself*."""
    match request.action.args:
        case (marked, *where) if where in ([], [_HERE]):
            quiz = context.library.assessment_marked(marked)
        case _:
            raise InvalidActionError("quiz.take carries an assessment, and perhaps that it runs here")
    if quiz is None:
        raise UserFacingError("quiz.gone")
    public = bool(where) and not request.origin.is_direct
    return start(Sitting.new(quiz, context, public=public), request, context)


def _typed(_request: Request, context: Context) -> Reply:
    """What is typed into a run's thread is no answer. Says nothing of the run, so anybody may read it."""
    texts = context.texts
    blocks = (Paragraph(texts("quiz.press_above")),)
    return Reply(blocks, texts.words("quiz.press_above_summary"), Audience.EVERYONE)


def _onward(sitting: Sitting, request: Request, context: Context) -> Reply:
    """The next question, or the result after the last."""
    page = result if sitting.run.next is None else question
    return page(sitting, request, context)


def _restart(sitting: Sitting, request: Request, context: Context) -> Reply:
    return start(sitting, request, context, replace=True)


def _mine(sitting: Sitting, request: Request, context: Context) -> Reply:
    """The whole of a public run's result, for its owner alone."""
    return result(replace(sitting, public=False), request, context, replace=False)


def _compared(sitting: Sitting, request: Request, context: Context) -> Reply:
    code = readable(sitting.quiz, request.inputs.get("code", "").strip(), context)
    return result(replace(sitting, since=code), request, context, replace=False)


# What a message shows, told by a button that only such a message has.
_SHOWS: tuple[tuple[str, Page], ...] = (
    ("stop", question),
    ("go", stopped),
    ("share", result),
    ("mine", result),
)


def _owned(page: Page, *, form: bool = False) -> Answer:
    """A page for the owner of the run in the pressed button; a private sentence for everyone else.

    A press that the message no longer offers came too late: it is answered with what the message shows.

    Args:
        form: whether it answers a submitted form, which no message offers.
    """

    def answer(request: Request, context: Context) -> Reply | Form:
        sitting = opened(request, context)
        if sitting is None:
            return _not_yours(request, context)
        if not form and request.visible_actions and request.action.encode() not in request.visible_actions:
            return _as_shown(request, context) or page(sitting, request, context)
        return page(sitting, request, context)

    return answer


def _as_shown(request: Request, context: Context) -> Reply | Form | None:
    for action in showing(request):
        for verb, page in _SHOWS:
            if action.name == f"quiz.{verb}":
                sitting = opened(replace(request, action=action), context)
                return page(sitting, request, context) if sitting is not None else None
    return None


def _not_yours(request: Request, context: Context) -> Reply:
    """One sentence for every press that does not check out, so that a probe learns nothing."""
    texts = context.texts
    quiz = context.library.assessment_marked(request.action.args[0]) if request.action.args else None
    own = Button(texts.words("quiz.label"), Action("quiz")) if quiz is None else too(quiz, context)
    return Reply(
        (Paragraph(texts("quiz.not_yours")), Buttons((own,))),
        texts.words("service.refused_summary"),
        outcome=ReplyOutcome.REFUSED,
        is_sensitive=True,
    )


def _named(wanted: str, context: Context) -> list[str]:
    """The assessments that this may mean: the one so named, those with its words, or the nearest."""
    wanted = " ".join(wanted.casefold().replace("-", " ").split())
    names = {
        name: (name.replace("-", " "), one.short.casefold(), one.title.casefold())
        for name, one in context.library.assessments.items()
    }
    exact = [name for name, known in names.items() if wanted in known]
    if exact or not wanted:
        return exact
    words = [name for name, known in names.items() if any(f" {wanted}" in f" {one}" for one in known)]
    if words:
        return words
    near = {name: max(fuzz.ratio(wanted, one) for one in known) for name, known in names.items()}
    best = max(near, key=lambda name: near[name], default=None)
    return [best] if best is not None and near[best] >= _NEAR else []


def _of_code(code: str, context: Context) -> list[str]:
    """The assessments that a code may be from."""
    return [name for name in context.library.assessments if not isinstance(decode(name, code), Unreadable)]


def _read(rest: str, context: Context) -> Inputs | None:
    name, _, code = rest.partition(_SINCE)
    words = f"{name} {code}".split() if not code else name.split()
    here = _HERE in (words + code.split())
    inputs = {"name": " ".join(word for word in name.split() if word != _HERE)}
    inputs["since"] = " ".join(word for word in code.split() if word != _HERE)
    if inputs["name"] and not _named(inputs["name"], context):
        return None
    return inputs | ({"here": _HERE} if here else {})


def _suggest(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    typed = typed.strip().casefold()
    known = context.library.assessments.items()
    return [(one.title[:100], name) for name, one in known if typed in f"{name} {one.title}".casefold()]


QUIZ = Command(
    name="quiz",
    answer=_answer,
    read=_read,
    options=(
        Option("name", suggest=_suggest, about="quiz.name.hint"),
        Option("here", about="quiz.here.hint", kind=Kind.SWITCH),
        Option("since", about="quiz.code.hint"),
    ),
    verbs={
        "take": _take,
        "typed": _typed,
        "start": _owned(_restart),
        "begin": _owned(_onward),
        "answer": _owned(_onward),
        "skip": _owned(_onward),
        "back": _owned(_onward),
        "go": _owned(_onward),
        "stop": _owned(stopped),
        "share": _owned(shared),
        "mine": _owned(_mine),
        "since": _owned(code_form),
        "compare": _owned(_compared, form=True),
        "moved": _owned(lambda sitting, _request, context: moved_answers(sitting, context)),
    },
    on_menu=True,
)
