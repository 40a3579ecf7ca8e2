"""`answer()`: where every listener ends. One answer to everything, whatever goes wrong, and only one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import discord

from bot.messaging.action import Action
from bot.messaging.request import Request
from bot.platforms.deduplicator import Deduplicator
from bot.platforms.discord.adapter_replies import AdapterReplies
from bot.platforms.discord.dynamic_items import parse_owner_id
from bot.platforms.discord.interaction_port import InteractionReplyPort
from bot.platforms.discord.message_port import MessageReplyPort
from bot.platforms.discord.parse import PLATFORM, UNREADABLE_ACTION, parse_interaction, parse_message
from bot.platforms.discord.private_threads import copy_view, find_current_message
from bot.platforms.discord.render import render_reply
from bot.platforms.discord.retries import (
    call_with_retries,
    unarchive_and_retry,
)
from bot.platforms.pipeline import ReplyPipeline, ReplyPort
from bot.platforms.request_runner import RequestRunner
from bot.service import Service

log = logging.getLogger(__name__)

_DRAIN_SECONDS = 5.0  # seconds; a command takes two at most, the rest is Discord's

DEFER_AFTER_SECONDS = 1.0
"""Seconds that an answer may take before Discord is told that it is coming."""


class DiscordHandler:
    """Turns what arrives into requests and brings the answers back.

    Args:
        now: the clock, aware, UTC.
        patience: seconds that a first response waits for the answer itself.
    """

    def __init__(
        self,
        service: Service,
        request_runner: RequestRunner,
        deduplicator: Deduplicator,
        now: Callable[[], datetime],
        defer_after: float,
    ) -> None:
        self._request_runner = request_runner
        self._deduplicator = deduplicator
        self.now = now
        self._defer_after = defer_after
        self._replies = AdapterReplies(service)
        self._pipeline = ReplyPipeline(service, request_runner)
        self._in_flight: set[asyncio.Future[None]] = set()
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def handle_interaction(
        self, interaction: discord.Interaction[Any], action: Action, inputs: Mapping[str, str]
    ) -> None:
        """Answer a slash command, click, pick or submitted modal."""
        request = parse_interaction(interaction, action, inputs, self.now())
        exchange = InteractionReplyPort(interaction, self._replies)
        if self._deduplicator.check_and_mark(request.dedupe_key):
            await self._run_guarded(request, exchange, lambda: self._respond(request, exchange, interaction))

    async def handle_make_private(self, interaction: discord.Interaction[Any]) -> None:
        """Move a check from its private thread to a message that only its owner sees."""
        request = parse_interaction(interaction, UNREADABLE_ACTION, {}, self.now())
        exchange = InteractionReplyPort(interaction, self._replies)
        if self._deduplicator.check_and_mark(request.dedupe_key):
            await self._run_guarded(request, exchange, lambda: self._move_to_ephemeral(exchange, interaction))

    async def handle_message(
        self, client: discord.Client, message: discord.Message, text: str, *, is_bot_thread: bool
    ) -> None:
        """Answer a mention or a direct message, or what was typed beside a run in its thread."""
        request = parse_message(message, text, self.now(), is_bot_thread=is_bot_thread)
        if not await self._deduplicator.check_and_mark_stored(request.dedupe_key):
            return
        port = MessageReplyPort(message, client, self._replies)
        async with self.track_in_flight():
            await self._pipeline.run(request, port)

    async def handle_uninstall(self, guild_id: str) -> None:
        """Erase what is kept of a server."""
        await self._request_runner.erase_tenant_with_retries(PLATFORM, guild_id)

    async def drain(self) -> None:
        """Wait for what is on its way, for some seconds at most."""
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=_DRAIN_SECONDS)

    async def _respond(
        self, request: Request, router: InteractionReplyPort, interaction: discord.Interaction[Any]
    ) -> None:
        message = interaction.message
        number = message.id if message is not None else interaction.id
        async with self._serialize_clicks((number, interaction.user.id), router):
            if message is not None and self._is_double_click(request, message):
                await router.responder.defer()  # a double click does nothing, and Discord is told so
                return
            answering = asyncio.ensure_future(self._pipeline.answer(request, router))
            done, _ = await asyncio.wait((answering,), timeout=self._defer_after)
            if not done:
                await router.responder.defer()
            parsed, answer = await answering
            await self._pipeline.place(answer, parsed, router)

    def _is_double_click(self, request: Request, message: discord.Message) -> bool:
        where = f"{request.origin.platform}:{message.id}:{request.user.id}"
        return not request.inputs and self._deduplicator.is_double_click(where, request.action.encode())

    async def _move_to_ephemeral(
        self, router: InteractionReplyPort, interaction: discord.Interaction[Any]
    ) -> None:
        line = interaction.message
        if parse_owner_id(interaction.custom_id or "") != str(interaction.user.id) or line is None:
            await router.respond(self._replies.build_reply("service.bad_action"))
            return
        await router.responder.defer_privately()
        message = await find_current_message(line)
        if message is None:
            await router.respond(self._replies.build_reply("discord.private.gone"))
            return
        await router.responder.send_private(copy_view(message))
        await call_with_retries(message.delete)
        moved_view = render_reply(self._replies.build_reply("discord.private.moved"))
        nobody = discord.AllowedMentions.none()  # an edit does not take the client's own
        await unarchive_and_retry(lambda: line.edit(view=moved_view, allowed_mentions=nobody), line.channel)

    async def _run_guarded(
        self, request: Request, port: ReplyPort, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Do some work that `drain` waits for; whatever goes wrong becomes a sentence with a reference."""
        async with self.track_in_flight():
            await self._pipeline.guard(request, port, work)

    @asynccontextmanager
    async def track_in_flight(self) -> AsyncIterator[None]:
        """What `finish` waits for."""
        over = asyncio.get_running_loop().create_future()
        self._in_flight.add(over)
        try:
            yield
        finally:
            self._in_flight.discard(over)
            over.set_result(None)

    @asynccontextmanager
    async def _serialize_clicks(
        self, lock_key: tuple[int, int], router: InteractionReplyPort
    ) -> AsyncIterator[None]:
        """One person's presses on one message keep their order; Discord is told when one must wait."""
        lock = self._locks.setdefault(lock_key, asyncio.Lock())
        try:
            async with asyncio.timeout(self._defer_after):
                await lock.acquire()
        except TimeoutError:
            await router.responder.defer()
            await lock.acquire()
        try:
            yield
        finally:
            lock.release()
