"""The result: what it came to and how surely, what would have changed it, what moved since an earlier run."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.quiz.moved import moved_blocks, moved_button
from bot.commands.quiz.pages import again, audience, changed, too
from bot.commands.quiz.state import Sitting, written
from bot.commands.showing import named, opens_button
from bot.domain.assess import Nearest, Score, encode, nearest, score, weighed_most
from bot.library.assessment import Assessment, Verdict
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

_MUCH, _SOME = 67, 34  # points of 100 from which a bar is said so


def result(sitting: Sitting, request: Request, context: Context, *, replace: bool = True) -> Reply:
    """The last page of a run; in public only what may be shared, with the whole one press away."""
    found = score(sitting.run)
    if found.result is None:
        return _nothing(sitting, request, context)
    if sitting.public:
        blocks = (
            *_told(sitting, found, nearest(sitting.run, found), context),
            Note(context.texts("quiz.whole", name=request.user.name)),
            Buttons(
                (
                    Button(
                        context.texts.words("quiz.mine.label"), written(sitting, "mine", request, context)
                    ),
                    too(sitting.quiz, context),
                )
            ),
            Buttons(_after(sitting, request, context)),
        )
    else:
        blocks = _whole(sitting, found, request, context)
    return Reply(
        tuple(blocks),
        sitting.assessment.title,
        audience(sitting),
        replace_original=replace,
        is_sensitive=True,
    )


def shared(sitting: Sitting, request: Request, context: Context) -> Reply:
    """The result alone, never an answer, for everyone in the channel."""
    found = score(sitting.run)
    blocks = (
        *_told(sitting, found, nearest(sitting.run, found), context),
        Note(context.texts("card.shared_by", name=request.user.name)),
        Buttons((too(sitting.quiz, context),)),
    )
    return Reply(blocks, sitting.assessment.title, Audience.EVERYONE)


def _nothing(sitting: Sitting, request: Request, context: Context) -> Reply:
    """Who skipped everything is told so, not given a result."""
    blocks = (
        Paragraph(context.texts("quiz.nothing")),
        Buttons(_after(sitting, request, context)),
    )
    return Reply(
        blocks, sitting.assessment.title, audience(sitting), replace_original=True, is_sensitive=True
    )


def _whole(sitting: Sitting, found: Score, request: Request, context: Context) -> tuple[Block, ...]:
    texts, assessment = context.texts, sitting.assessment
    assert found.result is not None
    near = nearest(sitting.run, found)
    share = Button(texts.words("quiz.share.label"), written(sitting, "share", request, context))
    if sitting.since:
        compare = moved_button(sitting, request, context)
    else:
        compare = Button(texts.words("quiz.since.label"), written(sitting, "since", request, context))
    cards = tuple(opens_button(card, context) for card in assessment.results[found.result].cards)
    return (
        *changed(sitting, context),
        *_told(sitting, found, near, context),
        *moved_blocks(sitting, found, context),
        *_weighed(sitting, found, context),
        *_nearest(sitting, near, context),
        Paragraph(texts("quiz.code", code=Code(encode(sitting.quiz, sitting.run.kept)))),
        Buttons(cards),
        Buttons((share, compare, *_after(sitting, request, context))),
    )


def _after(sitting: Sitting, request: Request, context: Context) -> tuple[Button, Button]:
    back = written(sitting.at(sitting.run.back()), "back", request, context)
    return Button(context.texts.words("quiz.back.label"), back), again(sitting, request, context)


def _told(sitting: Sitting, found: Score, near: Nearest | None, context: Context) -> Iterator[Block]:
    """What may be shared: the result and how sure it is, bars and words, what to do and what not to think."""
    texts, assessment = context.texts, sitting.assessment
    assert found.result is not None
    verdict = assessment.results[found.result]
    names = tuple(assessment.dimensions.values())
    flips = near is not None and len(near.changes) == 1
    sure = "quiz.heading_near" if flips or found.margin < assessment.near_tie else "quiz.heading"
    yield Heading(texts.words(sure, quiz=assessment.short, result=verdict.name))
    if near is not None and flips:
        yield Paragraph(texts("quiz.near", other=assessment.results[near.result].name))
    elif found.margin < assessment.near_tie:
        yield Paragraph(texts("quiz.close", n=found.margin))
    yield Paragraph(verdict.says)
    yield Bars(tuple(Bar(name, points, 100) for name, points in zip(names, found.points, strict=True)))
    yield Paragraph(
        build_spans(
            "; ".join(
                f"{name}: {_word(points, context)}" for name, points in zip(names, found.points, strict=True)
            ),
            ".",
        )
    )
    yield Facts(tuple(_facts(assessment, verdict, context)))
    yield Note(
        build_spans(texts("source.label"), " ", named(context.library.sources[assessment.source]), ".")
    )


def _facts(assessment: Assessment, verdict: Verdict, context: Context) -> Iterator[tuple[str, Spans]]:
    """What to try, what not to think, and what the source says of others."""
    yield context.texts.words("quiz.experiment"), verdict.experiment
    yield context.texts.words("quiz.not_measured"), assessment.does_not_measure
    if assessment.context is not None:
        yield context.texts.words("quiz.context"), assessment.context


def _word(points: int, context: Context) -> str:
    size = "much" if points >= _MUCH else "some" if points >= _SOME else "little"
    return context.texts.words(f"quiz.{size}")


def _weighed(sitting: Sitting, found: Score, context: Context) -> Iterator[Block]:
    run, texts = sitting.run, context.texts
    asked = {question.id: question for question in run.asked}
    items: list[Spans] = []
    for question_id in weighed_most(run, found):
        question = asked[question_id]
        option = run.option(question)
        assert option is not None
        items.append(texts("quiz.said", n=run.number(question), ask=question.ask, answer=option.label))
    yield Paragraph(texts("quiz.weighed", n=len(items)))
    yield Bullets(tuple(items))


def _nearest(sitting: Sitting, near: Nearest | None, context: Context) -> Iterator[Block]:
    run, texts = sitting.run, context.texts
    if near is None:
        yield Paragraph(texts("quiz.firm"))
        return
    other = sitting.assessment.results[near.result].name
    yield Paragraph(texts("quiz.nearest", n=len(near.changes), other=other))
    items: list[Spans] = []
    for change in near.changes:
        taken = run.option(change.question)
        number, answer = run.number(change.question), change.option.label
        if taken is None:
            items.append(texts("quiz.instead_of_skip", n=number, answer=answer))
        else:
            items.append(texts("quiz.instead", n=number, answer=answer, taken=taken.label))
    yield Bullets(tuple(items))
