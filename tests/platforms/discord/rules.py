"""Discord's published rules for what a bot sends, written down by hand: what its API answers 400 to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ROW, BUTTON, SELECT, TEXT_INPUT, TEXT, SEPARATOR, LABEL = 1, 2, 3, 4, 10, 14, 18
TOP_LEVEL = {ROW, TEXT, SEPARATOR}
COMPONENTS_V2 = 1 << 15


def faults_of_message(components: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in a Components V2 message."""
    parts = list(walk(components))
    faults = [f"{part['type']} stands at the top" for part in components if part["type"] not in TOP_LEVEL]
    faults += [] if 1 <= len(parts) <= 40 else [f"{len(parts)} components"]
    letters = sum(len(part["content"]) for part in parts if part["type"] == TEXT)
    faults += [f"{letters} characters"] if letters > 4_000 else []
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    faults += [f"{one!r} stands twice" for one in set(ids) if ids.count(one) > 1]
    for part in parts:
        faults += list(_faults_of_part(part))
    return faults


def faults_of_modal(modal: dict[str, Any]) -> list[str]:
    """What Discord would refuse in a modal."""
    faults = list(_length("title", modal["title"], 1, 45))
    faults += _length("custom_id", modal["custom_id"], 1, 100)
    faults += [] if 1 <= len(modal["components"]) <= 5 else [f"{len(modal['components'])} fields"]
    for label in modal["components"]:
        if label["type"] != LABEL:
            faults.append(f"{label['type']} stands in a modal")
            continue
        faults += _length("label", label["label"], 1, 45)
        faults += _length("description", label.get("description") or "-", 1, 100)
        faults += list(_faults_of_part(label["component"]))
    ids = [label["component"]["custom_id"] for label in modal["components"]]
    return faults + ([] if len(ids) == len(set(ids)) else ["an id stands twice"])


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, nested ones too."""
    for part in components:
        yield part
        yield from walk(part.get("components", []))


def _faults_of_part(part: dict[str, Any]) -> Iterator[str]:
    match part["type"]:
        case 1:
            children = [child["type"] for child in part["components"]]
            if children != [SELECT] and not (set(children) == {BUTTON} and len(children) <= 5):
                yield f"a row holds {children}"
        case 2:
            yield from _length("a button's label", part["label"], 1, 80)
            yield from _length("custom_id", part["custom_id"], 1, 100)
            if part["style"] not in (1, 2, 3, 4):
                yield f"style {part['style']}"
        case 3:
            yield from _faults_of_select(part)
        case 4:
            yield from _length("custom_id", part["custom_id"], 1, 100)
            if part.get("max_length") and not 1 <= part["max_length"] <= 4_000:
                yield f"max_length {part['max_length']}"
            if len(part.get("value") or "") > (part.get("max_length") or 4_000):
                yield "the first value does not fit"
        case 10:
            yield from _length("text", part["content"], 1, 4_000)


def _faults_of_select(part: dict[str, Any]) -> Iterator[str]:
    yield from _length("custom_id", part["custom_id"], 1, 100)
    yield from _length("placeholder", part.get("placeholder") or "-", 1, 150)
    if not 1 <= len(part["options"]) <= 25:
        yield f"{len(part['options'])} options"
    values = [option["value"] for option in part["options"]]
    if len(values) != len(set(values)):
        yield "a value stands twice"
    for option in part["options"]:
        yield from _length("an option's label", option["label"], 1, 100)
        yield from _length("an option's value", option["value"], 1, 100)


def _length(what: str, text: str, lowest: int, highest: int) -> Iterator[str]:
    if not lowest <= len(text) <= highest:
        yield f"{what} has {len(text)} characters: {text[:60]!r}"
