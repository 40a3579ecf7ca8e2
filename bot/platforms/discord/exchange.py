"""One interaction and its way back: the first response, which decides who sees it, and what may follow."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, assert_never

import discord

from bot.dialogue.reply import Audience, Direct, Form, Here, PrivateThread, Reply, Thread
from bot.dialogue.request import Request
from bot.platforms.discord.calls import ANSWERED, awake, post, repeated
from bot.platforms.discord.modals import modal
from bot.platforms.discord.parse import is_direct
from bot.platforms.discord.private import started
from bot.platforms.discord.render import layout
from bot.platforms.discord.sentences import Sentences
from bot.platforms.discord.threads import opened

log = logging.getLogger(__name__)


class Exchange:
    """Gives one answer to one interaction.

    Nothing here sends to a channel what is the asker's alone: such a reply goes out with the interaction,
    where Discord shows it to nobody else, or into a private place.
    """

    def __init__(self, interaction: discord.Interaction[Any], say: Sentences) -> None:
        self._interaction = interaction
        self._say = say
        self._direct = is_direct(interaction)
        self._responded = False
        self._thinking = False

    async def defer(self) -> None:
        """Say in time that the answer is coming. A click leaves its message as it is meanwhile."""
        if self._interaction.message is None:
            await self.defer_privately()
        else:
            await self._first(self._interaction.response.defer)

    async def defer_privately(self) -> None:
        """Say that the answer is coming in a message that only the asker sees, whatever comes of it."""
        if not self._responded:
            response = self._interaction.response
            await self._first(lambda: response.defer(ephemeral=not self._direct, thinking=True))
            self._thinking = True

    async def give(self, answer: Reply | Form, request: Request) -> None:
        """Bring the answer where it belongs."""
        if isinstance(answer, Form):
            await self._open(answer, request)
            return
        match answer.place:
            case Here() if (channel := self._shared_from(answer)) is not None:
                await self._to_channel(answer, channel, request)
            case Here():
                await self.show(answer)
            case _ if self._direct:  # the conversation is private, and has no threads
                await self.show(answer)
            case Direct():
                await self._to_messages(answer, request)
            case Thread(name):
                await self._to_thread(answer, name, request)
            case PrivateThread():
                await self._to_private_thread(answer, request)
            case _:
                assert_never(answer.place)

    async def show(self, reply: Reply) -> None:
        """Show a reply with the interaction itself."""
        view, everyone = layout(reply), reply.audience is Audience.EVERYONE
        private = not everyone and not self._direct
        response, followup = self._interaction.response, self._interaction.followup
        if reply.replace and self._may_replace(everyone=everyone):
            await self._replace(view)
        elif not self._responded:
            await self._first(lambda: response.send_message(view=view, ephemeral=private))
        elif self._thinking and everyone and not self._direct:
            await self._edit(layout(self._say.reply("discord.posted")))
            await followup.send(view=view)
        elif self._thinking:
            await self._edit(view)
        else:
            await followup.send(view=view, ephemeral=private)

    async def move(self, message: discord.Message, view: discord.ui.LayoutView) -> None:
        """Show, to this person alone, what stood in a message, and take it away there."""
        await self._edit(view)
        await repeated(message.delete)

    async def _open(self, form: Form, request: Request) -> None:
        """Show a form. It must be the first response; when that went to a deferral, one press opens it."""
        if self._responded:
            await self.show(self._say.opens(form, request))
        else:
            await self._first(lambda: self._interaction.response.send_modal(modal(form)))

    async def _to_messages(self, reply: Reply, request: Request) -> None:
        await self.defer_privately()
        try:
            await post(self._interaction.user, layout(reply), request.key)
        except discord.Forbidden:  # 50007: the person takes no messages from this server or from the bot
            await self.show(self._say.reply("discord.direct.refused"))
        else:
            await self.show(self._say.reply("discord.direct.sent"))

    async def _to_channel(self, reply: Reply, channel: discord.TextChannel, request: Request) -> None:
        await self.defer_privately()
        try:
            await post(channel, layout(reply), request.key)
        except discord.Forbidden:
            await self.show(self._say.reply("discord.channel.refused"))
        else:
            await self._edit(self._say.beside("discord.channel.posted", channel.mention))

    async def _to_thread(self, reply: Reply, name: str, request: Request) -> None:
        await self.defer_privately()
        thread = await opened(self._interaction.channel, name, private=False)
        if thread is None:
            await self.show(self._say.reply("discord.thread.refused"))
            return
        await post(thread, layout(reply), request.key)
        await self._edit(self._say.beside("discord.thread.opened", thread.mention))

    async def _to_private_thread(self, reply: Reply, request: Request) -> None:
        await self.defer_privately()
        interaction = self._interaction
        thread = await started(interaction.channel, interaction.user, reply, key=request.key, say=self._say)
        if thread is None:
            await self.show(reply)  # to the asker alone, and edited in place from then on
        else:
            await self._edit(self._say.beside("discord.private.opened", thread.mention))

    def _shared_from(self, reply: Reply) -> discord.TextChannel | None:
        """The channel around a private thread: what is shared in the thread itself nobody would read."""
        thread = self._interaction.channel
        if reply.audience is not Audience.EVERYONE or reply.replace:
            return None
        if not isinstance(thread, discord.Thread) or not thread.is_private():
            return None
        return thread.parent if isinstance(thread.parent, discord.TextChannel) else None

    def _may_replace(self, *, everyone: bool) -> bool:
        """Whether the clicked message may become the reply: never the asker's own where others read."""
        message, channel = self._interaction.message, self._interaction.channel
        if message is None:
            return False
        unseen = message.flags.ephemeral or self._direct
        return everyone or unseen or (isinstance(channel, discord.Thread) and channel.is_private())

    async def _replace(self, view: discord.ui.LayoutView) -> None:
        if self._responded:
            await self._edit(view)
        else:
            await self._first(lambda: self._interaction.response.edit_message(view=view))

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
        self._responded = True

    async def _edit(self, view: discord.ui.LayoutView) -> None:
        await awake(lambda: self._interaction.edit_original_response(view=view), self._interaction.channel)
