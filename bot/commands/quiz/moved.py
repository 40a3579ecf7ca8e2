"""What moved since an earlier run, which a result code tells."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.quiz.state import Sitting, written
from bot.domain.assess import Moved, Score, Unreadable, bare, decode, moved
from bot.errors import UserFacingError
from bot.messaging.blocks import Block, Bullets, Button, Facts, Heading, Paragraph
from bot.messaging.reply import Form, Reply, TextField
from bot.messaging.request import Request
from bot.messaging.spans import Spans, build_spans

_LONGEST_CODE = 20


def code_form(sitting: Sitting, request: Request, context: Context) -> Form:
    """Asks for the code of an earlier run."""
    texts = context.texts
    field = TextField(
        "code", texts.words("quiz.code.label"), texts.words("quiz.code.hint"), max_length=_LONGEST_CODE
    )
    return Form(texts.words("quiz.since.title"), (field,), written(sitting, "compare", request, context))


def readable(quiz: str, code: str, context: Context) -> str:
    """The code as it is carried in buttons.

    Raises:
        Refusal: when it cannot be read, saying why and what to do.
    """
    found = decode(quiz, code)
    if not isinstance(found, Unreadable):
        return bare(code)
    names = {"code": code[:30]}
    if found is Unreadable.LENGTH:
        raise UserFacingError("quiz.code.length", **names)
    others = [
        assessment.short
        for name, assessment in context.library.assessments.items()
        if name != quiz and not isinstance(decode(name, code), Unreadable)
    ]
    if others:
        raise UserFacingError("quiz.code.other_quiz", other=others[0], **names)
    raise UserFacingError(f"quiz.code.{found.value}", **names)


def moved_button(sitting: Sitting, request: Request, context: Context) -> Button:
    """Opens which answers moved."""
    return Button(context.texts.words("quiz.moved.label"), written(sitting, "moved", request, context))


def moved_blocks(sitting: Sitting, found: Score, context: Context) -> Iterator[Block]:
    """Result and points, then and now, and what a changed quiz dropped; nothing without an earlier run."""
    if not sitting.since:
        return
    texts, change = context.texts, _moved(sitting)
    was, now = _name(sitting, change.before, context), _name(sitting, found, context)
    key = "quiz.moved_same" if change.before.result == found.result else "quiz.moved"
    yield Paragraph(texts(key, was=was, now=now))
    names = sitting.assessment.dimensions.values()
    yield Facts(
        tuple(
            (name, texts("quiz.then_now", then=then, now=now))
            for name, then, now in zip(names, change.before.points, found.points, strict=True)
        )
    )
    if change.dropped:
        yield Paragraph(
            texts("quiz.dropped", n=len(change.dropped), which=_dropped(sitting, change, context))
        )


def moved_answers(sitting: Sitting, context: Context) -> Reply:
    """Every answer that moved, one a line."""
    texts, change, run = context.texts, _moved(sitting), sitting.run
    items: list[Spans] = [
        texts("quiz.answer_moved", ask=question.ask, then=then.label, now=now.label)
        for question, then, now in change.changed
    ]
    for question in change.fresh:
        option = run.option(question)
        assert option is not None
        items.append(texts("quiz.answer_fresh", ask=question.ask, now=option.label))
    if change.dropped:
        which = _dropped(sitting, change, context)
        items.append(texts("quiz.dropped", n=len(change.dropped), which=which))
    title = texts.words("quiz.moved_heading", quiz=sitting.assessment.short)
    body = Bullets(tuple(items)) if items else Paragraph(texts("quiz.unmoved"))
    return Reply((Heading(title), body), title, is_sensitive=True)


def _moved(sitting: Sitting) -> Moved:
    earlier = decode(sitting.quiz, sitting.since)
    assert isinstance(earlier, str), "a code is read before it is carried"
    return moved(earlier, sitting.run)


def _name(sitting: Sitting, found: Score, context: Context) -> str:
    if found.result is None:
        return context.texts.words("quiz.no_result")
    return sitting.assessment.results[found.result].name


def _dropped(sitting: Sitting, change: Moved, context: Context) -> Spans:
    """The dropped answers by the ids their author gave them, as the committed list knows them."""
    told = []
    for slot, letter in change.dropped:
        known = context.library.letters.get((sitting.quiz, slot))
        told.append(f"{known.question}: {known.options.get(letter, letter)}" if known else f"{slot}{letter}")
    return build_spans(", ".join(told))
