"""A form as Slack's modal, and what was filled in."""

from __future__ import annotations

from typing import Any, assert_never

from bot.errors import InvalidActionError
from bot.messaging.action import Action
from bot.messaging.reply import Form, FormField, SelectField, TextAreaField, TextField
from bot.platforms.slack import rich_text
from bot.platforms.slack.blocks import ACTION_ID_PREFIX
from bot.platforms.slack.rich_text import JsonObject

_MAX_INPUT_LENGTH = 3_000
_VALUE_ACTION_ID = "value"


def build_modal(form: Form, private_metadata: str, submit_label: str, close_label: str) -> JsonObject:
    """The modal.

    Args:
        way_back: what travels with it and comes back: `Spot.packed()`.
        send, leave: the words on its two buttons, at most 24 characters.
    """
    return {
        "type": "modal",
        "callback_id": ACTION_ID_PREFIX + form.submit_action.encode(),
        "title": rich_text.build_plain_text(form.title),
        "submit": rich_text.build_plain_text(submit_label),
        "close": rich_text.build_plain_text(close_label),
        "private_metadata": private_metadata,
        "blocks": [_build_input(field) for field in form.fields],
    }


def _build_input(field: FormField) -> JsonObject:
    built: JsonObject = {
        "type": "input",
        "block_id": field.name,
        "label": rich_text.build_plain_text(field.label),
        "optional": not field.is_required,
        "element": _build_element(field),
    }
    return {**built, "hint": rich_text.build_plain_text(field.hint)} if field.hint else built


def _build_element(field: FormField) -> JsonObject:
    match field:
        case TextField() | TextAreaField():
            element: JsonObject = {
                "type": "plain_text_input",
                "action_id": _VALUE_ACTION_ID,
                "multiline": isinstance(field, TextAreaField),
                "max_length": min(field.max_length, _MAX_INPUT_LENGTH),
            }
            return {**element, "initial_value": field.initial} if field.initial else element
        case SelectField():
            options = [
                {"text": rich_text.build_plain_text(words), "value": value} for value, words in field.options
            ]
            chosen = [option for option in options if option["value"] == field.initial]
            element = {"type": "static_select", "action_id": _VALUE_ACTION_ID, "options": options}
            return {**element, "initial_option": chosen[0]} if chosen else element
        case _:
            assert_never(field)


def parse_modal_inputs(view: Any) -> tuple[Action, dict[str, str]]:
    """What a submitted modal asks for, and what stands in its fields.

    Raises:
        BadAction: when the modal is not one of this bot's.
    """
    try:
        callback = str(view["callback_id"])
        inputs = {
            str(name): _parse_input_value(element[_VALUE_ACTION_ID])
            for name, element in view["state"]["values"].items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidActionError("a submitted modal without its fields") from error
    if not callback.startswith(ACTION_ID_PREFIX):
        raise InvalidActionError("a submitted modal of something else")
    return Action.decode(callback.removeprefix(ACTION_ID_PREFIX)), inputs


def _parse_input_value(element: Any) -> str:
    """An input's value; a field left empty is null."""
    picked = element.get("selected_option")
    return str((picked["value"] if picked else element.get("value")) or "")
