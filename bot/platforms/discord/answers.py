"""`answer()`: where every listener ends. One answer to everything, whatever goes wrong, and only one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import discord

from bot.dialogue.action import Action
from bot.dialogue.reply import Form, Reply
from bot.dialogue.request import Request
from bot.platforms.answering import Answering
from bot.platforms.discord import messages
from bot.platforms.discord.calls import awake, came_late, post, repeated
from bot.platforms.discord.channels import access
from bot.platforms.discord.exchange import Exchange
from bot.platforms.discord.items import owner_of
from bot.platforms.discord.parse import PLATFORM, UNREADABLE, request_of, request_of_message
from bot.platforms.discord.private import current, moved
from bot.platforms.discord.render import layout
from bot.platforms.discord.sentences import Sentences
from bot.platforms.once import Once
from bot.service import Service, reference_of

log = logging.getLogger(__name__)

_GRACE = 5.0  # seconds; a command takes two at most, the rest is Discord's

PATIENCE = 1.0
"""Seconds that an answer may take before Discord is told that it is coming."""


class Answers:
    """Turns what arrives into requests and brings the answers back.

    Args:
        now: the clock, aware, UTC.
        patience: seconds that a first response waits for the answer itself.
    """

    def __init__(
        self,
        service: Service,
        answering: Answering,
        once: Once,
        now: Callable[[], datetime],
        patience: float,
    ) -> None:
        self._service = service
        self._answering = answering
        self._once = once
        self.now = now
        self._patience = patience
        self._say = Sentences(service)
        self._in_flight: set[asyncio.Future[None]] = set()
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def interaction(
        self, interaction: discord.Interaction[Any], action: Action, inputs: Mapping[str, str]
    ) -> None:
        """Answer a slash command, click, pick or submitted modal."""
        request = request_of(interaction, action, inputs, self.now())
        exchange = Exchange(interaction, self._say)
        if self._once.press(request.key):
            await self._answered(request, exchange, lambda: self._respond(request, exchange, interaction))

    async def only_me(self, interaction: discord.Interaction[Any]) -> None:
        """Move a check from its private thread to a message that only its owner sees."""
        request = request_of(interaction, UNREADABLE, {}, self.now())
        exchange = Exchange(interaction, self._say)
        if self._once.press(request.key):
            await self._answered(request, exchange, lambda: self._move(exchange, interaction))

    async def message(
        self, client: discord.Client, message: discord.Message, line: str, *, opened: bool
    ) -> None:
        """Answer a mention or a direct message, or what was typed beside a run in its thread."""
        request = request_of_message(message, line, self.now(), opened=opened)
        if not await self._once.message(request.key):
            return
        async with self.watched():
            try:
                answer = await self._answer(request, client)
                await messages.give(message, answer, request, self._say)
            except discord.Forbidden as error:
                log.warning("may not write in %s: %s", message.channel.id, error)
            except Exception:
                reference = reference_of(request)
                log.exception("reference %s: a message was not answered", reference)
                await self._fail(
                    reference,
                    lambda: post(message.channel, layout(self._service.failure(reference)), reference),
                )

    async def uninstalled(self, guild: str) -> None:
        """Erase what is kept of a server."""
        await self._answering.uninstalled(PLATFORM, guild)

    async def finish(self) -> None:
        """Wait for what is on its way, for some seconds at most."""
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=_GRACE)

    async def _respond(
        self, request: Request, exchange: Exchange, interaction: discord.Interaction[Any]
    ) -> None:
        message = interaction.message
        number = message.id if message is not None else interaction.id
        async with self._turn((number, interaction.user.id), exchange):
            if message is not None and self._doubled(request, message):
                await exchange.way.defer()  # a double click does nothing, and Discord is told so
                return
            answering = asyncio.ensure_future(self._answer(request, interaction.client, interaction))
            done, _ = await asyncio.wait((answering,), timeout=self._patience)
            if not done:
                await exchange.way.defer()
            await exchange.give(await answering, request)

    async def _answer(
        self, request: Request, client: discord.Client, interaction: discord.Interaction[Any] | None = None
    ) -> Reply | Form:
        """The answer; a channel that it would let messages into is looked at first."""
        request, command = self._service.understand(request)
        outlet = command.posts(request) if command is not None else None
        if outlet is not None:
            request = replace(request, access=await access(client, outlet, interaction))
        return await self._answering.answer(request)

    def _doubled(self, request: Request, message: discord.Message) -> bool:
        where = f"{request.origin.platform}:{message.id}:{request.user.id}"
        return not request.inputs and self._once.double(where, request.action.encode())

    async def _move(self, exchange: Exchange, interaction: discord.Interaction[Any]) -> None:
        line = interaction.message
        if owner_of(interaction.custom_id or "") != str(interaction.user.id) or line is None:
            await exchange.show(self._say.reply("service.bad_action"))
            return
        await exchange.way.defer_privately()
        message = await current(line)
        if message is None:
            await exchange.show(self._say.reply("discord.private.gone"))
            return
        await exchange.way.show(moved(message))
        await repeated(message.delete)
        told = layout(self._say.reply("discord.private.moved"))
        nobody = discord.AllowedMentions.none()  # an edit does not take the client's own
        await awake(lambda: line.edit(view=told, allowed_mentions=nobody), line.channel)

    async def _answered(
        self, request: Request, exchange: Exchange, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Do the work; whatever goes wrong becomes a private sentence with a reference."""
        async with self.watched():
            reference = reference_of(request)
            try:
                await work()
            except Exception as error:
                if came_late(error):
                    log.warning("reference %s: came after Discord's three seconds", reference)
                    return
                log.exception("reference %s: %s was not answered", reference, request.action.name)
                await self._fail(reference, lambda: exchange.show(self._service.failure(reference)))

    async def _fail(self, reference: str, say: Callable[[], Awaitable[object]]) -> None:
        try:
            await say()
        except Exception:
            log.exception("reference %s: nor could that be said", reference)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """What `finish` waits for."""
        over = asyncio.get_running_loop().create_future()
        self._in_flight.add(over)
        try:
            yield
        finally:
            self._in_flight.discard(over)
            over.set_result(None)

    @asynccontextmanager
    async def _turn(self, whose: tuple[int, int], exchange: Exchange) -> AsyncIterator[None]:
        """One person's presses on one message keep their order; Discord is told when one must wait."""
        lock = self._locks.setdefault(whose, asyncio.Lock())
        try:
            async with asyncio.timeout(self._patience):
                await lock.acquire()
        except TimeoutError:
            await exchange.way.defer()
            await lock.acquire()
        try:
            yield
        finally:
            lock.release()
