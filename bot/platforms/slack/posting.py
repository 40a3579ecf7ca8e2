"""Brings an answer where it belongs."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, assert_never

from bot.dialogue.blocks import Paragraph
from bot.dialogue.reply import Audience, Direct, Form, Here, PrivateThread, Reply, Thread
from bot.dialogue.spans import Link, spans
from bot.errors import NotSent, Refusal
from bot.platforms.invitation import invitation
from bot.platforms.slack.calls import LIMIT, Calls
from bot.platforms.slack.message import message, opening
from bot.platforms.slack.modal import modal
from bot.platforms.slack.opened import Opened
from bot.platforms.slack.payloads import Arrived
from bot.platforms.slack.spot import Spot
from bot.platforms.slack.ways import RESPOND, Way, named, private_ways, public_ways, to_messages
from bot.service import Service

log = logging.getLogger(__name__)

_MOMENT = 0.6  # seconds
_OUTSIDE = {"not_in_channel", "channel_not_found", "restricted_action", "is_archived"}


class Posting:
    """One call for most answers, tried by the next way only when the last certainly failed.

    Its methods raise `NotSent` when Slack did not take the answer, and `Refusal` when a person can mend that.
    """

    def __init__(self, calls: Calls, service: Service, opened: Opened) -> None:
        self._calls = calls
        self._service = service
        self._opened = opened

    async def bring(self, answer: Reply | Form, arrived: Arrived) -> None:
        """Bring an answer; `arrived.request` is the understood one."""
        if isinstance(answer, Form):
            await self._open(answer, arrived)
            return
        spot, key = arrived.spot, arrived.request.key
        match answer.place:
            case Here():
                everyone = answer.audience is Audience.EVERYONE
                await self._first(
                    public_ways(answer, spot, key) if everyone else private_ways(answer, spot, key), spot
                )
            case Thread(name):
                await self._in_thread(answer, spot, name)
            case PrivateThread(name):
                await self._in_private_thread(answer, arrived, name)
            case Direct():
                await self._send(to_messages(answer, spot, key), spot)
                if not spot.own:
                    await self.tell("place.sent", arrived)
            case _:
                assert_never(answer.place)

    async def privately(self, reply: Reply, arrived: Arrived) -> None:
        """Bring a reply to the asker's eyes alone, whatever its place."""
        await self._first(private_ways(reply, arrived.spot, arrived.request.key), arrived.spot)

    async def last_word(self, reply: Reply, arrived: Arrived) -> None:
        """Say that something failed, by any private way that still works, each for a moment only.

        A way whose answer was lost may have worked; the sentence twice is better than none.
        """
        failed: NotSent | None = None
        for way in private_ways(reply, arrived.spot, arrived.request.key):
            try:
                await self._send(way, arrived.spot, _MOMENT)
                return
            except NotSent as error:
                failed = error
        assert failed is not None, "every spot has a way"
        raise failed

    async def tell(self, phrase: str, arrived: Arrived, link: Link | None = None) -> None:
        """Say one sentence to the asker alone."""
        texts = self._service.context.texts
        run = spans(texts(phrase), *((" ", link) if link else ()))
        await self.privately(Reply((Paragraph(run),), texts.words(phrase)), arrived)

    async def _open(self, form: Form, arrived: Arrived) -> None:
        spot, texts = arrived.spot, self._service.context.texts
        if spot.trigger is None:
            await self.privately(invitation(form, arrived.request, self._service), arrived)
            return
        send, leave = texts.words("form.send.label"), texts.words("form.leave.label")
        view = modal(form, spot.packed(), send, leave)
        await self._calls.api("views.open", {"trigger_id": spot.trigger, "view": view})

    async def _in_thread(self, reply: Reply, spot: Spot, name: str) -> None:
        """A public thread: the one it was asked in, else one under the mention, else a new one."""
        try:
            thread = spot.thread or spot.root or str((await self._post(spot.channel, opening(name)))["ts"])
            self._opened.add(spot.channel, thread)
            await self._post(spot.channel, {"thread_ts": thread, **message(reply)})
        except NotSent as error:
            if error.reason in _OUTSIDE:
                raise Refusal("slack.outside") from error
            raise

    async def _in_private_thread(self, reply: Reply, arrived: Arrived, name: str) -> None:
        """A thread in the person's own messages; whoever asked elsewhere is told the way, alone."""
        spot = arrived.spot
        body = message(reply, named(arrived.request.key))
        if spot.own and spot.thread:
            await self._post(spot.channel, {"thread_ts": spot.thread, **body})
            return
        opened = await self._post(spot.channel if spot.own else spot.user, opening(name))
        channel, ts = str(opened.get("channel") or spot.user), str(opened["ts"])
        self._opened.add(channel, ts)
        self._opened.add_own(channel)
        await self._post(channel, {"thread_ts": ts, **body})
        if not spot.own:
            await self.tell("place.private_thread", arrived, await self._link(channel, ts))

    async def _link(self, channel: str, ts: str) -> Link | None:
        """The way to a message; the sentence does without when Slack does not tell it."""
        try:
            found = await self._calls.api("chat.getPermalink", {"channel": channel, "message_ts": ts})
        except NotSent as error:
            log.warning("chat.getPermalink: %s", error.reason)
            return None
        url = str(found.get("permalink") or "")
        label = self._service.context.texts.words("place.open.label")
        return Link(label, url) if url.startswith(("http://", "https://")) else None

    async def _post(self, channel: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._calls.api("chat.postMessage", {"channel": channel, **body})

    async def _first(self, ways: Iterable[Way], spot: Spot) -> None:
        """Take the first way that works; no further one once the reply may have arrived."""
        failed: NotSent | None = None
        for way in ways:
            try:
                await self._send(way, spot)
                return
            except NotSent as error:
                log.info("%s: %s", way.method, error.reason)
                if error.maybe:
                    raise
                failed = error
        assert failed is not None, "every spot has a way"
        raise failed

    async def _send(self, way: Way, spot: Spot, limit: float = LIMIT) -> None:
        if way.method == RESPOND:
            assert spot.response_url is not None
            await self._calls.respond(spot.response_url, way.payload, limit)
        else:
            sent = await self._calls.api(way.method, way.payload, limit)
            if way.payload.get("channel") == spot.user:
                self._opened.add_own(str(sent.get("channel")))
