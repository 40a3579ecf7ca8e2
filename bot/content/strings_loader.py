"""Load strings.yaml: every sentence of the code must be there, and only with names that the code fills in."""

from __future__ import annotations

from typing import Any

from bot.content.did_you_mean import suggest
from bot.content.strict_yaml import YamlDocument, format_value
from bot.content.string_keys import STRING_KEYS
from bot.content.strings import Plural, Strings, find_placeholders
from bot.errors import ContentProblem, MarkupError
from bot.messaging import markup
from bot.messaging.spans import Spans


def parse_strings(document: YamlDocument) -> tuple[Strings, list[ContentProblem]]:
    """The sentences and what is wrong with them."""
    problems: list[ContentProblem] = []
    sentences: dict[str, Spans | Plural] = {}
    data = document.data if isinstance(document.data, dict) else {}
    for key, value in data.items():
        if key not in STRING_KEYS:
            problems.append(
                document.build_problem((key,), f"unknown key {key!r}{suggest(str(key), STRING_KEYS)}")
            )
        elif (sentence := _parse_string(document, key, value, problems)) is not None:
            sentences[key] = sentence
    if document.data is not None:
        problems += [
            document.build_problem((), f"the sentence {key!r} is missing")
            for key in STRING_KEYS
            if key not in data
        ]
    return Strings(sentences), problems


def _parse_string(
    document: YamlDocument, key: str, value: Any, problems: list[ContentProblem]
) -> Spans | Plural | None:
    if not isinstance(value, dict):
        return _parse_spans(document, (key,), key, value, problems)
    if set(value) == {"one", "other"} and "n" in STRING_KEYS[key]:
        one, other = (
            _parse_spans(document, (key, form), key, value[form], problems) for form in ("one", "other")
        )
        return Plural(one, other) if one and other else None
    problems.append(
        document.build_problem((key,), "is one sentence, or `one:` and `other:` where the code gives {n}")
    )
    return None


def _parse_spans(
    document: YamlDocument, key_path: tuple[str, ...], key: str, value: Any, problems: list[ContentProblem]
) -> Spans | None:
    if not isinstance(value, str):
        problems.append(
            document.build_problem(key_path, f"must be text, got {format_value(value)}; put it in quotes")
        )
        return None
    if unknown := find_placeholders(value) - set(STRING_KEYS[key]):
        known = ", ".join(f"{{{name}}}" for name in STRING_KEYS[key]) or "none"
        message = f"wants {{{'}, {'.join(sorted(unknown))}}}, the code gives {known}"
        problems.append(document.build_problem(key_path, message))
        return None
    try:
        return markup.parse_single_paragraph(value)
    except MarkupError as error:
        problems.append(document.build_problem(key_path, str(error)))
        return None
