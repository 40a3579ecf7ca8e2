"""A reply or form as plain data, for `say --json`, the web preview and the tests."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from bot.messaging.action import Action
from bot.messaging.reply import Form, Reply


def to_json_dict(answer: Reply | Form) -> dict[str, Any]:
    """Return dicts, lists, strings and numbers; each part names its type, actions are encoded."""
    built = _to_json_value(answer)
    assert isinstance(built, dict)
    return built


def _to_json_value(value: Any) -> Any:
    if isinstance(value, Action):
        return value.encode()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        parts = {field.name: _to_json_value(getattr(value, field.name)) for field in fields(value)}
        return {"type": type(value).__name__.lower(), **parts}
    if isinstance(value, tuple):
        return [_to_json_value(part) for part in value]
    return value
