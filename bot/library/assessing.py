"""What holds inside one assessment and towards the rest of the content, beyond each field's own rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from bot.errors import ContentProblem
from bot.library.assessment import Assessment, Question, Verdict
from bot.library.nodes import Document


def assessment_problems(
    assessment: Assessment, document: Document, sources: Collection[str] | None, cards: Collection[str]
) -> Iterator[ContentProblem]:
    """Every name that leads nowhere and everything that could never be answered or won.

    Args:
        sources: every source's id; None when nobody can say.
    """
    if sources is not None and assessment.source not in sources:
        yield document.problem(("source",), f"{assessment.source!r} is not in sources.yaml")
    for name, verdict in assessment.results.items():
        yield from _verdict(name, verdict, assessment, document, cards)
    led = Counter(verdict.leads for verdict in assessment.results.values())
    for dimension in assessment.dimensions:
        if led[dimension] != 1:
            message = f"{led[dimension] or 'no'} results say `leads: {dimension}`; it needs one"
            yield document.problem(("dimensions", dimension), message)
    slots: dict[str, str] = {}
    earlier: dict[str, Question] = {}
    for index, question in enumerate(assessment.questions):
        where = ("questions", index)
        if (other := slots.setdefault(question.slot, question.id)) != question.id:
            yield document.problem((*where, "slot"), f"is the slot of {other!r} too")
        if question.id in earlier:
            yield document.problem((*where, "id"), f"the question {question.id!r} stands twice")
        yield from _question(question, index, assessment, document)
        yield from _shown_if(question, index, earlier, document)
        earlier[question.id] = question


def _verdict(
    name: str, verdict: Verdict, assessment: Assessment, document: Document, cards: Collection[str]
) -> Iterator[ContentProblem]:
    where = ("results", name)
    named = (("leads", verdict.leads), *(("between", one) for one in verdict.between or ()))
    for key, dimension in named:
        if dimension is not None and dimension not in assessment.dimensions:
            yield document.problem((*where, key), f"{dimension!r} is not a dimension of this assessment")
    if verdict.between is not None and verdict.between[0] == verdict.between[1]:
        yield document.problem((*where, "between"), "names one dimension twice")
    for index, card in enumerate(verdict.cards):
        if card not in cards:
            yield document.problem((*where, "cards", index), f"there is no card {card!r}")
    if verdict.cards[0] == verdict.cards[1]:
        yield document.problem((*where, "cards"), "names one card twice")


def _question(
    question: Question, index: int, assessment: Assessment, document: Document
) -> Iterator[ContentProblem]:
    where = ("questions", index)
    for key in ("id", "letter", "label"):
        values = [str(getattr(option, key)).casefold() for option in question.options]
        for place, value in enumerate(values):
            if value in values[:place]:
                message = f"{value!r} stands twice in this question"
                yield document.problem((*where, "options", place, key), message)
    for place, option in enumerate(question.options):
        for dimension in option.weighs:
            if dimension not in assessment.dimensions:
                here = (*where, "options", place, "weighs", dimension)
                yield document.problem(here, "is not a dimension of this assessment")
    if all(option.weighs == question.options[0].weighs for option in question.options):
        yield document.problem((*where, "options"), "all weigh the same, so the question decides nothing")


def _shown_if(
    question: Question, index: int, earlier: dict[str, Question], document: Document
) -> Iterator[ContentProblem]:
    for parent, wanted in question.show_if.items():
        where = ("questions", index, "show_if", parent)
        if parent not in earlier:
            yield document.problem(where, f"there is no earlier question {parent!r}")
            continue
        known = {option.id for option in earlier[parent].options}
        for option in wanted:
            if option not in known:
                yield document.problem(where, f"{parent!r} has no option {option!r}")
        if known <= set(wanted):
            yield document.problem(where, "names every option, so it is no condition")
