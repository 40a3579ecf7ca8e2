"""A form as a modal, and a submitted modal as inputs. Its id is the action, so no restart loses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

import discord
from discord import ui

from bot.messaging.reply import Form, FormField, SelectField, TextAreaField, TextField
from bot.platforms.discord.dynamic_items import ACTION_ID_PREFIX


def build_modal(form: Form) -> ui.Modal:
    """The form as the modal that discord.py sends and forgets; `on_interaction` takes what comes back."""
    shown = ui.Modal(title=form.title, custom_id=ACTION_ID_PREFIX + form.submit_action.encode())
    for field in form.fields:
        shown.add_item(
            ui.Label(text=field.label, description=field.hint or None, component=_build_component(field))
        )
    shown.stop()
    return shown


def parse_modal_inputs(interaction: discord.Interaction[Any]) -> Mapping[str, str]:
    """What was typed and picked, under the fields' names."""
    data: Any = interaction.data or {}
    return dict(_iter_values(data.get("components", ())))


def _build_component(field: FormField) -> ui.Item[Any]:
    match field:
        case TextField():
            return _build_text_input(field, discord.TextStyle.short)
        case TextAreaField():
            return _build_text_input(field, discord.TextStyle.paragraph)
        case SelectField():
            options = [
                discord.SelectOption(label=label, value=value, default=value == field.initial)
                for value, label in field.options
            ]
            return ui.Select(custom_id=field.name, options=options, required=field.is_required)
        case _:
            assert_never(field)


def _build_text_input(field: TextField | TextAreaField, style: discord.TextStyle) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=field.name,
        style=style,
        default=field.initial or None,
        required=field.is_required,
        max_length=field.max_length,
    )


def _iter_values(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The inputs, in whatever a client wraps them: labels now, rows before."""
    for component in components:
        if "component" in component:
            yield from _iter_values((component["component"],))
        elif "components" in component:
            yield from _iter_values(component["components"])
        elif "values" in component:
            yield str(component["custom_id"]), next(iter(component["values"]), "")
        elif "value" in component:
            yield str(component["custom_id"]), str(component["value"] or "")
