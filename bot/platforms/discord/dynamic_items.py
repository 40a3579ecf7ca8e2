"""What can be pressed. Each is a `DynamicItem`: its id says everything, so it works after any restart.

discord.py keeps plain components in memory for ever and forgets them when it stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Self

import discord
from discord import ui

from bot.messaging.blocks import Button, ButtonStyle, Menu

ACTION_ID_PREFIX = "bot:"
"""Begins a button's and a form's id; the action follows."""

_MENU_ID_PREFIX = "pick:"
_MAKE_PRIVATE_ID_PREFIX = "me:"
_ACTION_ID_PATTERN = re.compile(ACTION_ID_PREFIX + ".+", re.DOTALL)
_MENU_ID_PATTERN = re.compile(_MENU_ID_PREFIX + r"\d+")
_MAKE_PRIVATE_ID_PATTERN = re.compile(_MAKE_PRIVATE_ID_PREFIX + r"\d+")
_BUTTON_STYLES = {
    ButtonStyle.PLAIN: discord.ButtonStyle.secondary,
    ButtonStyle.PRIMARY: discord.ButtonStyle.primary,
    ButtonStyle.DANGER: discord.ButtonStyle.danger,
}


class ActionButton(ui.DynamicItem[ui.Button[Any]], template=_ACTION_ID_PATTERN):
    """A button whose id holds its action."""

    @classmethod
    async def from_custom_id(cls, _interaction: Any, item: Any, _match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the click to the client's `on_click`."""
        interaction.client.dispatch("click", interaction)


class ActionMenu(ui.DynamicItem[ui.Select[Any]], template=_MENU_ID_PATTERN):
    """A menu whose values hold the actions."""

    @classmethod
    async def from_custom_id(cls, _interaction: Any, item: Any, _match: re.Match[str], /) -> Self:
        """The menu that was used."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the pick to the client's `on_click`."""
        interaction.client.dispatch("click", interaction)


class MakePrivateButton(ui.DynamicItem[ui.Button[Any]], template=_MAKE_PRIVATE_ID_PATTERN):
    """Moves what stands in a private thread to a message that only its owner sees; the id names the owner."""

    @classmethod
    async def from_custom_id(cls, _interaction: Any, item: Any, _match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the click to the client's `on_make_private`."""
        interaction.client.dispatch("make_private", interaction)


DYNAMIC_ITEMS = (ActionButton, ActionMenu, MakePrivateButton)


def build_button(block: Button) -> ui.Item[Any]:
    """A button of a reply."""
    return ActionButton(
        ui.Button(
            label=block.label,
            custom_id=ACTION_ID_PREFIX + block.action.encode(),
            style=_BUTTON_STYLES[block.style],
        )
    )


def build_menu(block: Menu, index: int) -> ui.Item[Any]:
    """A menu of a reply; `number` tells it from the others in the message."""
    options = [
        discord.SelectOption(label=choice.label, value=choice.action.encode()) for choice in block.choices
    ]
    return ActionMenu(
        ui.Select(custom_id=f"{_MENU_ID_PREFIX}{index}", placeholder=block.prompt, options=options)
    )


def build_make_private_button(label: str, owner_id: str) -> ui.Item[Any]:
    """The way out of a private thread for its owner."""
    return MakePrivateButton(ui.Button(label=label, custom_id=_MAKE_PRIVATE_ID_PREFIX + owner_id))


def parse_owner_id(custom_id: str) -> str:
    """Whose `OnlyMe` this is."""
    return custom_id.removeprefix(_MAKE_PRIVATE_ID_PREFIX)


def is_dispatched(interaction: discord.Interaction[Any]) -> bool:
    """Whether discord.py hands a click to one of the items above; what it drops would stay unanswered.

    It looks for the component in the message that came along, which must say that it is Components V2.
    """
    custom_id, message = interaction.custom_id or "", interaction.message
    return (
        message is not None
        and message.flags.components_v2
        and any(
            template.fullmatch(custom_id)
            for template in (_ACTION_ID_PATTERN, _MENU_ID_PATTERN, _MAKE_PRIVATE_ID_PATTERN)
        )
        and custom_id in _iter_custom_ids(message.components)
    )


def _iter_custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if (custom_id := getattr(component, "custom_id", None)) is not None:
            yield custom_id
        yield from _iter_custom_ids(getattr(component, "children", ()))
