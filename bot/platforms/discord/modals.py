"""A form as a modal, and a submitted modal as inputs. Its id is the action, so no restart loses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

import discord
from discord import ui

from bot.dialogue.reply import Area, Field, Form, Line, Pick
from bot.platforms.discord.items import BUTTON


def modal(form: Form) -> ui.Modal:
    """The form as the modal that discord.py sends and forgets; `on_interaction` takes what comes back."""
    shown = ui.Modal(title=form.title, custom_id=BUTTON + form.submit.encode())
    for field in form.fields:
        shown.add_item(
            ui.Label(text=field.label, description=field.hint or None, component=_component(field))
        )
    shown.stop()
    return shown


def filled(interaction: discord.Interaction[Any]) -> Mapping[str, str]:
    """What was typed and picked, under the fields' names."""
    data: Any = interaction.data or {}
    return dict(_values(data.get("components", ())))


def _component(field: Field) -> ui.Item[Any]:
    match field:
        case Line():
            return _typed(field, discord.TextStyle.short)
        case Area():
            return _typed(field, discord.TextStyle.paragraph)
        case Pick():
            options = [
                discord.SelectOption(label=label, value=value, default=value == field.initial)
                for value, label in field.options
            ]
            return ui.Select(custom_id=field.name, options=options, required=field.required)
        case _:
            assert_never(field)


def _typed(field: Line | Area, style: discord.TextStyle) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=field.name,
        style=style,
        default=field.initial or None,
        required=field.required,
        max_length=field.most,
    )


def _values(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The inputs, in whatever a client wraps them: labels now, rows before."""
    for component in components:
        if "component" in component:
            yield from _values((component["component"],))
        elif "components" in component:
            yield from _values(component["components"])
        elif "values" in component:
            yield str(component["custom_id"]), next(iter(component["values"]), "")
        elif "value" in component:
            yield str(component["custom_id"]), str(component["value"] or "")
