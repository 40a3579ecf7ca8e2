"""One interaction's way back to the person: a first response, then edits and follow-ups."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.platforms.discord.calls import ANSWERED, awake
from bot.platforms.discord.parse import is_direct

log = logging.getLogger(__name__)


class Way:
    """Knows what was sent already, so that each thing goes out in the one way that is still open.

    Attributes:
        responded: whether the first response is given; a form can only be that.
    """

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        self._direct = is_direct(interaction)
        self._waiting = False
        self.responded = False

    async def defer(self) -> None:
        """Say in time that the answer is coming. A click leaves its message as it is meanwhile."""
        if self._interaction.message is None:
            await self.defer_privately()
        elif not self.responded:
            await self._first(self._interaction.response.defer)

    async def defer_privately(self) -> None:
        """Say that the answer is coming in a message that only the asker sees, whatever comes of it."""
        if not self.responded:
            response = self._interaction.response
            await self._first(lambda: response.defer(ephemeral=not self._direct, thinking=True))
            self._waiting = True

    async def show(self, view: ui.LayoutView) -> None:
        """Show it to the asker alone; in direct messages it stays in the conversation."""
        response, followup = self._interaction.response, self._interaction.followup
        if not self.responded:
            await self._first(lambda: response.send_message(view=view, ephemeral=not self._direct))
        elif self._waiting:
            await self._edit(view)
            self._waiting = False
        else:
            await followup.send(view=view, ephemeral=not self._direct)

    async def publish(self, view: ui.LayoutView, meanwhile: ui.LayoutView) -> None:
        """Show it to everyone there.

        Args:
            meanwhile: what the private message says that was promised before; no message can turn public.
        """
        if not self.responded:
            await self._first(lambda: self._interaction.response.send_message(view=view))
        elif self._waiting and self._direct:
            await self.show(view)
        else:
            if self._waiting:
                await self.show(meanwhile)
            await self._interaction.followup.send(view=view)

    async def replace(self, view: ui.LayoutView) -> None:
        """Put it in the place of the message that was clicked."""
        if self.responded:
            await self._edit(view)
        else:
            await self._first(lambda: self._interaction.response.edit_message(view=view))

    async def open(self, modal: ui.Modal) -> None:
        """Open a form; only as the first response."""
        await self._first(lambda: self._interaction.response.send_modal(modal))

    async def _first(self, call: Callable[[], Awaitable[object]]) -> None:
        """The first response. Given twice, because an answer of Discord's was lost, it is given."""
        try:
            await awake(call, self._interaction.channel)
        except discord.HTTPException as error:
            if error.code != ANSWERED:
                raise
            log.info("interaction %s has its response already", self._interaction.id)
        except (TypeError, KeyError):  # discord.py cannot read an answer without a body; the response stands
            if not self._interaction.response.is_done():
                raise
        self.responded = True

    async def _edit(self, view: ui.LayoutView) -> None:
        await awake(lambda: self._interaction.edit_original_response(view=view), self._interaction.channel)
