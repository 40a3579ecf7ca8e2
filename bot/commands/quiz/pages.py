"""The pages of a run: its start, a question, and the page of who stopped."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.quiz.state import Sitting, written
from bot.domain.assess import NOT_ASKED, NOTHING, SKIPPED, Run, decode, score
from bot.library.assessment import Question
from bot.library.library import mark
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, ButtonStyle, Heading, Note, Paragraph
from bot.messaging.reply import Audience, Placement, PrivateThread, PublicThread, Reply, SameConversation
from bot.messaging.request import Request
from bot.messaging.spans import Strong, build_spans


def start(sitting: Sitting, request: Request, context: Context, *, replace: bool = False) -> Reply:
    """Title, how many questions, how long; a new run gets its thread here."""
    texts, assessment = context.texts, sitting.assessment
    count = texts("quiz.count", n=len(assessment.questions), minutes=assessment.minutes)
    blocks: list[Block] = [
        Heading(assessment.title),
        Paragraph(assessment.about),
        Paragraph(count),
        Note(texts("quiz.public", name=request.user.name) if sitting.public else texts("quiz.private")),
        *_earlier(sitting, context),
    ]
    begin = Button(
        texts.words("quiz.begin.label"), written(sitting, "begin", request, context), ButtonStyle.PRIMARY
    )
    blocks.append(Buttons((begin, too(sitting.quiz, context) if sitting.public else _others(context))))
    return Reply(
        tuple(blocks),
        assessment.title,
        audience(sitting),
        _place(sitting, replace),
        replace,
        is_sensitive=True,
    )


def _place(sitting: Sitting, replace: bool) -> Placement:
    if replace:
        return SameConversation()
    return (
        PublicThread(sitting.assessment.short) if sitting.public else PrivateThread(sitting.assessment.short)
    )


def _earlier(sitting: Sitting, context: Context) -> Iterator[Block]:
    """What the earlier run came to, by today's rules, before the new one begins."""
    if not sitting.since or sitting.public:
        return
    kept = decode(sitting.quiz, sitting.since)
    assert isinstance(kept, str), "a code is read before it is carried"
    before = score(Run.replay(sitting.assessment, kept))
    if before.result is not None:
        yield Paragraph(context.texts("quiz.earlier", result=sitting.assessment.results[before.result].name))


def question(sitting: Sitting, request: Request, context: Context) -> Reply:
    """The next question, in place of the last; its buttons carry the run after each answer."""
    run, texts = sitting.run, context.texts
    asked = run.next
    assert asked is not None, "a finished run has a result, not a question"
    progress = texts("quiz.progress", n=run.number(asked), total=run.total)
    answers = tuple(
        Button(
            option.label,
            written(sitting.at(run.put(asked, option.letter)), "answer", request, context),
        )
        for option in asked.options
    )
    blocks: list[Block] = [
        Note(build_spans(sitting.assessment.short, " - ", progress)),
        *changed(sitting, context),
        *_last(sitting, context),
        Paragraph((Strong(asked.ask),)),
        Buttons(answers),
        Buttons(_ways(sitting, asked, request, context)),
    ]
    if sitting.public:
        blocks.append(Buttons((too(sitting.quiz, context),)))
    summary = (
        f"{sitting.assessment.short} - {texts.words('quiz.progress', n=run.number(asked), total=run.total)}"
    )
    return Reply(tuple(blocks), summary, audience(sitting), replace_original=True, is_sensitive=True)


def _last(sitting: Sitting, context: Context) -> Iterator[Block]:
    """The last answer, so that a slip is seen; in public only that there was one."""
    run, texts = sitting.run, context.texts
    if run.last is None:
        return
    option = run.option(run.last)
    if sitting.public:
        yield Note(texts("quiz.noted", n=run.number(run.last)))
    elif option is None:
        yield Note(texts("quiz.skipped", n=run.number(run.last)))
    else:
        yield Note(texts("quiz.answered", n=run.number(run.last), answer=option.label))


def _ways(sitting: Sitting, asked: Question, request: Request, context: Context) -> tuple[Button, ...]:
    """Back, Skip, Stop: always these three, always in this order, in a row of their own."""
    run, texts = sitting.run, context.texts
    verb = "start" if run.last is None else "back"
    skipped = sitting.at(run.put(asked, SKIPPED))
    return (
        Button(texts.words("quiz.back.label"), written(sitting.at(run.back()), verb, request, context)),
        Button(texts.words("quiz.skip.label"), written(skipped, "skip", request, context)),
        Button(
            texts.words("quiz.stop.label"), written(sitting, "stop", request, context), ButtonStyle.DANGER
        ),
    )


def stopped(sitting: Sitting, request: Request, context: Context) -> Reply:
    """Nothing is lost by stopping: the button still knows."""
    texts = context.texts
    buttons = [
        Button(texts.words("quiz.go.label"), written(sitting, "go", request, context), ButtonStyle.PRIMARY)
    ]
    if set(sitting.run.kept) != {NOT_ASKED}:
        buttons.append(again(sitting, request, context))
    buttons.append(too(sitting.quiz, context) if sitting.public else _others(context))
    blocks = (Paragraph(texts("quiz.stopped")), Buttons(tuple(buttons)))
    return Reply(
        blocks, sitting.assessment.title, audience(sitting), replace_original=True, is_sensitive=True
    )


def changed(sitting: Sitting, context: Context) -> Iterator[Block]:
    """Said once after an author changed the quiz under a run."""
    if sitting.changed:
        yield Note(context.texts("quiz.changed", n=len(sitting.lost)))


def again(sitting: Sitting, request: Request, context: Context) -> Button:
    """From the beginning."""
    afresh = sitting.at(Run.replay(sitting.assessment, NOTHING))
    return Button(context.texts.words("quiz.again.label"), written(afresh, "start", request, context))


def too(quiz: str, context: Context) -> Button:
    """A run of one's own, for whoever presses."""
    return Button(context.texts.words("quiz.too.label"), Action("quiz.take", (mark(quiz),)))


def audience(sitting: Sitting) -> Audience:
    """Who reads the run."""
    return Audience.EVERYONE if sitting.public else Audience.ASKER


def _others(context: Context) -> Button:
    return Button(context.texts.words("quiz.others.label"), Action("quiz"))
