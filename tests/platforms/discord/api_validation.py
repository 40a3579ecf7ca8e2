"""Discord's published rules for what a bot sends, written down by hand: what its API answers 400 to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ROW, BUTTON, SELECT, TEXT_INPUT, TEXT, SEPARATOR, LABEL = 1, 2, 3, 4, 10, 14, 18
TOP_LEVEL = {ROW, TEXT, SEPARATOR}
COMPONENTS_V2 = 1 << 15


def find_message_errors(components: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in a Components V2 message."""
    parts = list(iter_components(components))
    faults = [f"{part['type']} stands at the top" for part in components if part["type"] not in TOP_LEVEL]
    faults += [] if 1 <= len(parts) <= 40 else [f"{len(parts)} components"]
    letters = sum(len(part["content"]) for part in parts if part["type"] == TEXT)
    faults += [f"{letters} characters"] if letters > 4_000 else []
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    faults += [f"{one!r} stands twice" for one in set(ids) if ids.count(one) > 1]
    for part in parts:
        faults += list(_find_component_errors(part))
    return faults


def find_modal_errors(modal: dict[str, Any]) -> list[str]:
    """What Discord would refuse in a modal."""
    faults = list(_check_length("title", modal["title"], 1, 45))
    faults += _check_length("custom_id", modal["custom_id"], 1, 100)
    faults += [] if 1 <= len(modal["components"]) <= 5 else [f"{len(modal['components'])} fields"]
    for label in modal["components"]:
        if label["type"] != LABEL:
            faults.append(f"{label['type']} stands in a modal")
            continue
        faults += _check_length("label", label["label"], 1, 45)
        faults += _check_length("description", label.get("description") or "-", 1, 100)
        faults += list(_find_component_errors(label["component"]))
    ids = [label["component"]["custom_id"] for label in modal["components"]]
    return faults + ([] if len(ids) == len(set(ids)) else ["an id stands twice"])


def iter_components(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, nested ones too."""
    for part in components:
        yield part
        yield from iter_components(part.get("components", []))


def _find_component_errors(component: dict[str, Any]) -> Iterator[str]:
    match component["type"]:
        case 1:
            children = [child["type"] for child in component["components"]]
            if children != [SELECT] and not (set(children) == {BUTTON} and len(children) <= 5):
                yield f"a row holds {children}"
        case 2:
            yield from _check_length("a button's label", component["label"], 1, 80)
            yield from _check_length("custom_id", component["custom_id"], 1, 100)
            if component["style"] not in (1, 2, 3, 4):
                yield f"style {component['style']}"
        case 3:
            yield from _find_select_errors(component)
        case 4:
            yield from _check_length("custom_id", component["custom_id"], 1, 100)
            if component.get("max_length") and not 1 <= component["max_length"] <= 4_000:
                yield f"max_length {component['max_length']}"
            if len(component.get("value") or "") > (component.get("max_length") or 4_000):
                yield "the first value does not fit"
        case 10:
            yield from _check_length("text", component["content"], 1, 4_000)


def _find_select_errors(select: dict[str, Any]) -> Iterator[str]:
    yield from _check_length("custom_id", select["custom_id"], 1, 100)
    yield from _check_length("placeholder", select.get("placeholder") or "-", 1, 150)
    if not 1 <= len(select["options"]) <= 25:
        yield f"{len(select['options'])} options"
    values = [option["value"] for option in select["options"]]
    if len(values) != len(set(values)):
        yield "a value stands twice"
    for option in select["options"]:
        yield from _check_length("an option's label", option["label"], 1, 100)
        yield from _check_length("an option's value", option["value"], 1, 100)


def _check_length(label: str, text: str, lowest: int, highest: int) -> Iterator[str]:
    if not lowest <= len(text) <= highest:
        yield f"{label} has {len(text)} characters: {text[:60]!r}"
