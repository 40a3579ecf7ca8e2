"""One answer to one interaction, brought to where it belongs."""

from __future__ import annotations

from typing import Any, assert_never

import discord

from bot.dialogue.reply import Audience, Direct, Form, Here, PrivateThread, Reply, Thread
from bot.dialogue.request import Request
from bot.platforms.discord.calls import post
from bot.platforms.discord.modals import modal
from bot.platforms.discord.parse import is_direct
from bot.platforms.discord.private import started
from bot.platforms.discord.render import layout
from bot.platforms.discord.sentences import Sentences
from bot.platforms.discord.threads import opened
from bot.platforms.discord.way import Way


class Exchange:
    """Gives one answer to one interaction.

    Nothing here sends to a channel what is the asker's alone: such a reply goes out with the interaction,
    where Discord shows it to nobody else, or into a private place.
    """

    def __init__(self, interaction: discord.Interaction[Any], say: Sentences) -> None:
        self._interaction = interaction
        self._say = say
        self._direct = is_direct(interaction)
        self.way = Way(interaction)

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
        everyone = reply.audience is Audience.EVERYONE
        if reply.replace and self._may_replace(everyone=everyone):
            await self.way.replace(layout(reply))
        elif everyone:
            await self.way.publish(layout(reply), layout(self._say.reply("discord.posted")))
        else:
            await self.way.show(layout(reply))

    async def _open(self, form: Form, request: Request) -> None:
        """Show a form. It must be the first response; when that was a promise, one press opens it."""
        if self.way.responded:
            await self.show(self._say.opens(form, request))
        else:
            await self.way.open(modal(form))

    async def _to_messages(self, reply: Reply, request: Request) -> None:
        await self.way.defer_privately()
        try:
            await post(self._interaction.user, layout(reply), request.key)
        except discord.Forbidden:  # 50007: the person takes no messages from this server or from the bot
            await self.show(self._say.reply("discord.direct.refused"))
        else:
            await self.show(self._say.reply("discord.direct.sent"))

    async def _to_channel(self, reply: Reply, channel: discord.TextChannel, request: Request) -> None:
        await self.way.defer_privately()
        try:
            await post(channel, layout(reply), request.key)
        except discord.Forbidden:
            await self.show(self._say.reply("discord.channel.refused"))
        else:
            await self.way.show(self._say.beside("discord.channel.posted", channel.mention))

    async def _to_thread(self, reply: Reply, name: str, request: Request) -> None:
        await self.way.defer_privately()
        thread = await opened(self._interaction.channel, name, private=False)
        if thread is None:
            await self.show(self._say.reply("discord.thread.refused"))
            return
        await post(thread, layout(reply), request.key)
        await self.way.show(self._say.beside("discord.thread.opened", thread.mention))

    async def _to_private_thread(self, reply: Reply, request: Request) -> None:
        await self.way.defer_privately()
        interaction = self._interaction
        thread = await started(interaction.channel, interaction.user, reply, key=request.key, say=self._say)
        if thread is None:
            await self.show(reply)  # to the asker alone, and edited in place from then on
        else:
            await self.way.show(self._say.beside("discord.private.opened", thread.mention))

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
