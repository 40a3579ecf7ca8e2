"""What holds inside one assessment and towards the rest of the content, beyond each field's own rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from bot.content.did_you_mean import suggest
from bot.content.quiz_models import Quiz, QuizQuestion, QuizResult
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem


def find_quiz_problems(
    quiz: Quiz, document: YamlDocument, sources: Collection[str] | None, cards: Collection[str]
) -> Iterator[ContentProblem]:
    """Every name that leads nowhere and everything that could never be answered or won.

    Args:
        sources: every source's id; None when nobody can say.
    """
    if sources is not None and quiz.source not in sources:
        yield document.build_problem(
            ("source",), f"{quiz.source!r} is not in sources.yaml{suggest(quiz.source, sources)}"
        )
    for name, verdict in quiz.results.items():
        yield from _check_result(name, verdict, quiz, document, cards)
    led = Counter(verdict.dimension for verdict in quiz.results.values())
    for dimension in quiz.dimensions:
        if led[dimension] != 1:
            message = f"{led[dimension] or 'no'} results say `dimension: {dimension}`; it needs one"
            yield document.build_problem(("dimensions", dimension), message)
    slots: dict[str, str] = {}
    earlier: dict[str, QuizQuestion] = {}
    for index, question in enumerate(quiz.questions):
        where = ("questions", index)
        if (other := slots.setdefault(question.code, question.id)) != question.id:
            yield document.build_problem((*where, "code"), f"is the code of {other!r} too")
        if question.id in earlier:
            yield document.build_problem((*where, "id"), f"the question {question.id!r} appears twice")
        yield from _check_question(question, index, quiz, document)
        yield from _check_show_if(question, index, earlier, document)
        earlier[question.id] = question


def _check_result(
    name: str, result: QuizResult, quiz: Quiz, document: YamlDocument, cards: Collection[str]
) -> Iterator[ContentProblem]:
    where = ("results", name)
    named = (("dimension", result.dimension), *(("tie_between", one) for one in result.tie_between or ()))
    for key, dimension in named:
        if dimension is not None and dimension not in quiz.dimensions:
            yield document.build_problem(
                (*where, key),
                f"{dimension!r} is not a dimension of this quiz{suggest(dimension, quiz.dimensions)}",
            )
    if result.tie_between is not None and result.tie_between[0] == result.tie_between[1]:
        yield document.build_problem((*where, "tie_between"), "names one dimension twice")
    for index, card in enumerate(result.cards):
        if card not in cards:
            yield document.build_problem(
                (*where, "cards", index), f"there is no card {card!r}{suggest(card, cards)}"
            )
    if result.cards[0] == result.cards[1]:
        yield document.build_problem((*where, "cards"), "names one card twice")


def _check_question(
    question: QuizQuestion, index: int, quiz: Quiz, document: YamlDocument
) -> Iterator[ContentProblem]:
    where = ("questions", index)
    for key in ("id", "code", "label"):
        values = [str(getattr(option, key)).casefold() for option in question.options]
        for place, value in enumerate(values):
            if value in values[:place]:
                message = f"{value!r} appears twice in this question"
                yield document.build_problem((*where, "options", place, key), message)
    for place, option in enumerate(question.options):
        for dimension in option.scores:
            if dimension not in quiz.dimensions:
                here = (*where, "options", place, "scores", dimension)
                yield document.build_problem(here, "is not a dimension of this quiz")
    if all(option.scores == question.options[0].scores for option in question.options):
        yield document.build_problem(
            (*where, "options"), "all have the same scores, so the question decides nothing"
        )


def _check_show_if(
    question: QuizQuestion, index: int, earlier_questions: dict[str, QuizQuestion], document: YamlDocument
) -> Iterator[ContentProblem]:
    for parent, wanted in question.show_if.items():
        where = ("questions", index, "show_if", parent)
        if parent not in earlier_questions:
            yield document.build_problem(
                where, f"there is no earlier question {parent!r}{suggest(parent, earlier_questions)}"
            )
            continue
        known = {option.id for option in earlier_questions[parent].options}
        for option in wanted:
            if option not in known:
                yield document.build_problem(
                    where, f"{parent!r} has no option {option!r}{suggest(option, known)}"
                )
        if known <= set(wanted):
            yield document.build_problem(where, "names every option, so it is no condition")
