"""Reads texts.yaml: every sentence the code says must be there, with no name that the code does not give."""

from __future__ import annotations

from typing import Any

from bot.errors import ContentProblem, MarkupError
from bot.library.nodes import Document, as_written
from bot.library.phrases import PHRASES
from bot.library.texts import Plural, Texts, names_in
from bot.messaging import markup
from bot.messaging.spans import Spans


def read_texts(document: Document) -> tuple[Texts, list[ContentProblem]]:
    """The sentences and what is wrong with them."""
    problems: list[ContentProblem] = []
    sentences: dict[str, Spans | Plural] = {}
    data = document.data if isinstance(document.data, dict) else {}
    for key, value in data.items():
        if key not in PHRASES:
            problems.append(
                document.problem((key,), "is not a sentence that the bot says; check its spelling")
            )
        elif (sentence := _sentence(document, key, value, problems)) is not None:
            sentences[key] = sentence
    if document.data is not None:
        problems += [
            document.problem((), f"the sentence {key!r} is missing") for key in PHRASES if key not in data
        ]
    return Texts(sentences), problems


def _sentence(
    document: Document, key: str, value: Any, problems: list[ContentProblem]
) -> Spans | Plural | None:
    if not isinstance(value, dict):
        return _spans(document, (key,), key, value, problems)
    if set(value) == {"one", "other"} and "n" in PHRASES[key]:
        one, other = (_spans(document, (key, form), key, value[form], problems) for form in ("one", "other"))
        return Plural(one, other) if one and other else None
    problems.append(
        document.problem((key,), "is one sentence, or `one:` and `other:` where the code gives {n}")
    )
    return None


def _spans(
    document: Document, where: tuple[str, ...], key: str, value: Any, problems: list[ContentProblem]
) -> Spans | None:
    if not isinstance(value, str):
        problems.append(document.problem(where, f"is text, not {as_written(value)}; put it in quotes"))
        return None
    if unknown := names_in(value) - set(PHRASES[key]):
        known = ", ".join(f"{{{name}}}" for name in PHRASES[key]) or "none"
        message = f"wants {{{'}, {'.join(sorted(unknown))}}}, the code gives {known}"
        problems.append(document.problem(where, message))
        return None
    try:
        return markup.parse_single_paragraph(value)
    except MarkupError as error:
        problems.append(document.problem(where, str(error)))
        return None
