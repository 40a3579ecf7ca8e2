"""One interaction's way back to the person: a first response, then edits and follow-ups."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.platforms.discord.parse import is_direct_interaction
from bot.platforms.discord.retries import ALREADY_RESPONDED, unarchive_and_retry

log = logging.getLogger(__name__)


class InteractionResponder:
    """Knows what was sent already, so that each thing goes out in the one way that is still open.

    Attributes:
        responded: whether the first response is given; a form can only be that.
    """

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        self._is_direct = is_direct_interaction(interaction)
        self._is_deferred = False
        self.has_responded = False

    async def defer(self) -> None:
        """Say in time that the answer is coming. A click leaves its message as it is meanwhile."""
        if self._interaction.message is None:
            await self.defer_privately()
        elif not self.has_responded:
            await self._send_first_response(self._interaction.response.defer)

    async def defer_privately(self) -> None:
        """Say that the answer is coming in a message that only the asker sees, whatever comes of it."""
        if not self.has_responded:
            response = self._interaction.response
            await self._send_first_response(
                lambda: response.defer(ephemeral=not self._is_direct, thinking=True)
            )
            self._is_deferred = True

    async def send_private(self, view: ui.LayoutView) -> None:
        """Show it to the asker alone; in direct messages it stays in the conversation."""
        response, followup = self._interaction.response, self._interaction.followup
        if not self.has_responded:
            await self._send_first_response(
                lambda: response.send_message(view=view, ephemeral=not self._is_direct)
            )
        elif self._is_deferred:
            await self._edit_response(view)
            self._is_deferred = False
        else:
            await followup.send(view=view, ephemeral=not self._is_direct)

    async def send_public(self, view: ui.LayoutView, private_notice: ui.LayoutView) -> None:
        """Show it to everyone there.

        Args:
            meanwhile: what the private message says that was promised before; no message can turn public.
        """
        if not self.has_responded:
            await self._send_first_response(lambda: self._interaction.response.send_message(view=view))
        elif self._is_deferred and self._is_direct:
            await self.send_private(view)
        else:
            if self._is_deferred:
                await self.send_private(private_notice)
            await self._interaction.followup.send(view=view)

    async def replace_original(self, view: ui.LayoutView) -> None:
        """Put it in the place of the message that was clicked."""
        if self.has_responded:
            await self._edit_response(view)
        else:
            await self._send_first_response(lambda: self._interaction.response.edit_message(view=view))

    async def open_modal(self, modal: ui.Modal) -> None:
        """Open a form; only as the first response."""
        await self._send_first_response(lambda: self._interaction.response.send_modal(modal))

    async def _send_first_response(self, call: Callable[[], Awaitable[object]]) -> None:
        """The first response. Given twice, because an answer of Discord's was lost, it is given."""
        try:
            await unarchive_and_retry(call, self._interaction.channel)
        except discord.HTTPException as error:
            if error.code != ALREADY_RESPONDED:
                raise
            log.info("interaction %s has its response already", self._interaction.id)
        except (TypeError, KeyError):  # discord.py cannot read an answer without a body; the response stands
            if not self._interaction.response.is_done():
                raise
        self.has_responded = True

    async def _edit_response(self, view: ui.LayoutView) -> None:
        await unarchive_and_retry(
            lambda: self._interaction.edit_original_response(view=view), self._interaction.channel
        )
