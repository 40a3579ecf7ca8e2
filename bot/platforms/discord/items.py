"""What can be pressed. Each is a `DynamicItem`: its id says everything, so it works after any restart.

discord.py keeps plain components in memory for ever and forgets them when it stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Self

import discord
from discord import ui

from bot.dialogue.blocks import Button, Menu, Style

BUTTON = "bot:"
"""Begins a button's and a form's id; the action follows."""

_MENU = "pick:"
_ONLY_ME = "me:"
_BUTTONS = re.compile(BUTTON + ".+", re.DOTALL)
_MENUS = re.compile(_MENU + r"\d+")
_MOVES = re.compile(_ONLY_ME + r"\d+")
_STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.DANGER: discord.ButtonStyle.danger,
}


class Press(ui.DynamicItem[ui.Button[Any]], template=_BUTTONS):
    """A button whose id holds its action."""

    @classmethod
    async def from_custom_id(cls, _interaction: Any, item: Any, _match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the click to the client's `on_click`."""
        interaction.client.dispatch("click", interaction)


class Picks(ui.DynamicItem[ui.Select[Any]], template=_MENUS):
    """A menu whose values hold the actions."""

    @classmethod
    async def from_custom_id(cls, _interaction: Any, item: Any, _match: re.Match[str], /) -> Self:
        """The menu that was used."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the pick to the client's `on_click`."""
        interaction.client.dispatch("click", interaction)


class OnlyMe(ui.DynamicItem[ui.Button[Any]], template=_MOVES):
    """Moves what stands in a private thread to a message that only its owner sees; the id names the owner."""

    @classmethod
    async def from_custom_id(cls, _interaction: Any, item: Any, _match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the click to the client's `on_only_me`."""
        interaction.client.dispatch("only_me", interaction)


ITEMS = (Press, Picks, OnlyMe)


def button(block: Button) -> ui.Item[Any]:
    """A button of a reply."""
    return Press(
        ui.Button(label=block.label, custom_id=BUTTON + block.action.encode(), style=_STYLES[block.style])
    )


def menu(block: Menu, number: int) -> ui.Item[Any]:
    """A menu of a reply; `number` tells it from the others in the message."""
    options = [
        discord.SelectOption(label=choice.label, value=choice.action.encode()) for choice in block.choices
    ]
    return Picks(ui.Select(custom_id=f"{_MENU}{number}", placeholder=block.prompt, options=options))


def only_me(label: str, owner: str) -> ui.Item[Any]:
    """The way out of a private thread for its owner."""
    return OnlyMe(ui.Button(label=label, custom_id=_ONLY_ME + owner))


def owner_of(custom_id: str) -> str:
    """Whose `OnlyMe` this is."""
    return custom_id.removeprefix(_ONLY_ME)


def heard(interaction: discord.Interaction[Any]) -> bool:
    """Whether discord.py hands a click to one of the items above; what it drops would stay unanswered.

    It looks for the component in the message that came along, which must say that it is Components V2.
    """
    custom_id, message = interaction.custom_id or "", interaction.message
    return (
        message is not None
        and message.flags.components_v2
        and any(template.fullmatch(custom_id) for template in (_BUTTONS, _MENUS, _MOVES))
        and custom_id in _ids(message.components)
    )


def _ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if (custom_id := getattr(component, "custom_id", None)) is not None:
            yield custom_id
        yield from _ids(getattr(component, "children", ()))
