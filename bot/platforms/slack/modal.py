"""A form as Slack's modal, and what was filled in."""

from __future__ import annotations

from typing import Any, assert_never

from bot.dialogue.action import Action
from bot.dialogue.reply import Area, Field, Form, Line, Pick
from bot.errors import BadAction
from bot.platforms.slack import rich
from bot.platforms.slack.blocks import PRESS
from bot.platforms.slack.rich import Json

_LONGEST_INPUT = 3_000
_VALUE = "value"


def modal(form: Form, way_back: str, send: str, leave: str) -> Json:
    """The modal.

    Args:
        way_back: what travels with it and comes back: `Spot.packed()`.
        send, leave: the words on its two buttons, at most 24 characters.
    """
    return {
        "type": "modal",
        "callback_id": PRESS + form.submit.encode(),
        "title": rich.label(form.title),
        "submit": rich.label(send),
        "close": rich.label(leave),
        "private_metadata": way_back,
        "blocks": [_input(field) for field in form.fields],
    }


def _input(field: Field) -> Json:
    built: Json = {
        "type": "input",
        "block_id": field.name,
        "label": rich.label(field.label),
        "optional": not field.required,
        "element": _element(field),
    }
    return {**built, "hint": rich.label(field.hint)} if field.hint else built


def _element(field: Field) -> Json:
    match field:
        case Line() | Area():
            element: Json = {
                "type": "plain_text_input",
                "action_id": _VALUE,
                "multiline": isinstance(field, Area),
                "max_length": min(field.most, _LONGEST_INPUT),
            }
            return {**element, "initial_value": field.initial} if field.initial else element
        case Pick():
            options = [{"text": rich.label(words), "value": value} for value, words in field.options]
            chosen = [option for option in options if option["value"] == field.initial]
            element = {"type": "static_select", "action_id": _VALUE, "options": options}
            return {**element, "initial_option": chosen[0]} if chosen else element
        case _:
            assert_never(field)


def filled(view: Any) -> tuple[Action, dict[str, str]]:
    """What a submitted modal asks for, and what stands in its fields.

    Raises:
        BadAction: when the modal is not one of this bot's.
    """
    try:
        callback = str(view["callback_id"])
        inputs = {str(name): _typed(element[_VALUE]) for name, element in view["state"]["values"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise BadAction("a submitted modal without its fields") from error
    if not callback.startswith(PRESS):
        raise BadAction("a submitted modal of something else")
    return Action.decode(callback.removeprefix(PRESS)), inputs


def _typed(element: Any) -> str:
    """An input's value; a field left empty is null."""
    picked = element.get("selected_option")
    return str((picked["value"] if picked else element.get("value")) or "")
