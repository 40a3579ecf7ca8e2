"""What pydantic found, in an author's words: what is wrong, the value, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError

from bot.content.did_you_mean import suggest
from bot.content.models import ContentModel
from bot.content.strict_yaml import KeyPath, format_value

_MESSAGES: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "value_error": lambda error: str(error["ctx"]["error"]),
    "string_type": lambda error: f"must be text, got {format_value(error['input'])}; put it in quotes",
    "string_too_long": lambda e: (
        f"must have at most {e['ctx']['max_length']} characters, got {len(e['input'])}"
    ),
    "string_too_short": lambda _: "is empty",
    "too_long": lambda e: (
        f"must have at most {e['ctx']['max_length']}{_format_unit(e['input'])},"
        f" got {e['ctx']['actual_length']}"
    ),
    "too_short": lambda e: (
        "is empty"
        if e["input"] == ""
        else f"must have at least {e['ctx']['min_length']}, got {e['ctx']['actual_length']}"
    ),
    "tuple_type": lambda error: f"must be a list, got {format_value(error['input'])}",
    "dict_type": lambda error: f"must be a block of keys, got {format_value(error['input'])}",
    "model_type": lambda error: f"must be a block of keys, got {format_value(error['input'])}",
    "bool_type": lambda error: f"must be true or false, got {format_value(error['input'])}",
    "int_type": lambda error: f"must be a whole number, got {format_value(error['input'])}",
    "greater_than_equal": lambda error: f"must be at least {error['ctx']['ge']}, got {error['input']}",
    "less_than_equal": lambda error: f"must be at most {error['ctx']['le']}, got {error['input']}",
    "enum": lambda error: f"must be {error['ctx']['expected']}, got {format_value(error['input'])}",
    "literal_error": lambda error: f"must be {error['ctx']['expected']}, got {format_value(error['input'])}",
    "string_pattern_mismatch": lambda error: (
        f"must be an id of small letters, digits and single hyphens, got {format_value(error['input'])}"
    ),
}


def iter_messages(error: ValidationError, data: Any) -> Iterator[tuple[KeyPath, KeyPath, str]]:
    """Yield each problem: the path of its place, the path to print, and the sentence.

    An unknown key is in its own sentence, so the printed path ends at the block that holds it.

    Args:
        data: what was validated.
    """
    for found in _filter_errors(error):
        path = _build_key_path(found["loc"])
        if found["type"] == "extra_forbidden":
            yield path, path[:-1], f"unknown key {path[-1]!r}{_suggest_key(data, path)}"
        else:
            yield path, path, _MESSAGES.get(found["type"], _default_message)(dict(found))


def _format_unit(value: Any) -> str:
    return " characters" if isinstance(value, str) else ""


def _default_message(error: dict[str, Any]) -> str:
    return str(error["msg"])


def _filter_errors(error: ValidationError) -> list[Any]:
    """Return the errors without the lists that are too short only because their parts are wrong."""
    errors: list[Any] = list(error.errors(include_url=False))
    return [
        candidate
        for candidate in errors
        if candidate["type"] != "too_short"
        or not any(
            other["loc"][: len(candidate["loc"])] == candidate["loc"] and other is not candidate
            for other in errors
        )
    ]


def _build_key_path(location: tuple[int | str, ...]) -> KeyPath:
    """Pydantic's path without the parts that are not the author's."""
    return tuple(part for part in location if part != "[key]")


def _suggest_key(data: Any, path: KeyPath) -> str:
    """Suggest a key of the block that the author was writing.

    Pydantic does not say which model refused the key, so it is the one that shares most keys with the block.
    """
    block = data
    for step in path[:-1]:
        block = block[step]
    models = [set(model.model_fields) for model in _iter_models(ContentModel)]
    fields = max(models, key=lambda names: (len(names & set(block)), -len(names)))
    return suggest(str(path[-1]), fields - set(block))


def _iter_models(model: type[ContentModel]) -> Iterator[type[ContentModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _iter_models(child)
