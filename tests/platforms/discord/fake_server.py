"""Where Discord's servers would stand: a gateway and as much of the REST API as the bot calls.

It can close a connection, replay events after a resume, answer 429, 503 or nothing at all after having done
what it was asked; it remembers nonces as Discord does.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSCloseCode, web

GUILD, CHANNEL, BOT, ANN = "1000", "1001", "2000", "3000"
_DEADLINE = 15.0  # seconds that anything expected may take on a busy machine
EPHEMERAL, _LOADING, _V2 = 1 << 6, 1 << 7, 1 << 15
VIEW_CHANNEL, SEND_MESSAGES = 1 << 10, 1 << 11


@dataclass
class InjectedFault:
    """What happens to the next call that fits: an answer in place of the real one, or none after it.

    Attributes:
        scope: of a 429: `user` (one channel's bucket), `global`, or `network` for what stands before Discord.
    """

    method: str
    path: str
    status: int = 200
    code: int = 0
    retry_after: float = 0.0
    drops_response: bool = False
    scope: str = "user"


@dataclass
class FakeInteraction:
    """One interaction and what came back."""

    id: str
    token: str
    type: int
    source_message: dict[str, Any] | None
    response: dict[str, Any] | None = None
    message: dict[str, Any] | None = None
    followups: list[dict[str, Any]] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        """What the first response carries."""
        assert self.response is not None
        return dict(self.response.get("data") or {})

    @property
    def is_ephemeral(self) -> bool:
        """Whether only the asker sees the answer."""
        return bool(int(self.data.get("flags", 0)) & EPHEMERAL)


class FakeDiscord:
    """One application on one server. `api` and `gateway` are its addresses once it runs."""

    def __init__(self) -> None:
        self.api_url = ""
        self.gateway_url = ""
        self.sockets: list[web.WebSocketResponse] = []
        self.identify_payloads: list[dict[str, Any]] = []
        self.resume_payloads: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str, Any]] = []
        self.faults: list[InjectedFault] = []
        self.commands: list[Any] = []
        self.messages: dict[str, dict[str, Any]] = {}
        self.interactions: dict[str, FakeInteraction] = {}
        self.rejects_token = False
        self.close_code: int | None = None
        self.refused_count = 0
        self._message_ids_by_nonce: dict[str, str] = {}
        self._sent_frames: list[dict[str, Any]] = []
        self._ids = count(10_000)
        self._changed = asyncio.Condition()

    # what a person there does

    async def send_slash_command(
        self, path: str, *, overrides: dict[str, Any] | None = None, **options: str
    ) -> FakeInteraction:
        """Type `/career path` with its options."""
        leaf: Any = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
        for depth, name in enumerate(reversed(path.split())):
            leaf = [{"name": name, "type": 1 if depth == 0 else 2, "options": leaf}]
        data = {"id": "7", "name": "career", "type": 1, "options": leaf}
        return await self.send_interaction(2, data, overrides=overrides)

    async def click_button(self, message: dict[str, Any], custom_id: str) -> FakeInteraction:
        """Press a button of a message."""
        return await self.send_interaction(3, {"custom_id": custom_id, "component_type": 2}, message=message)

    async def submit_modal(self, modal: dict[str, Any], **values: str) -> FakeInteraction:
        """Fill in a modal."""
        filled = [
            {"type": 18, "id": 1, "component": {"type": 4, "custom_id": name, "value": value}}
            for name, value in values.items()
        ]
        return await self.send_interaction(5, {"custom_id": modal["custom_id"], "components": filled})

    async def send_interaction(
        self,
        kind: int,
        data: dict[str, Any],
        *,
        message: dict[str, Any] | None = None,
        overrides: dict[str, Any] | None = None,
        wait: bool = True,
    ) -> FakeInteraction:
        """Send an interaction and wait for its first response."""
        number = str(next(self._ids))
        asked = FakeInteraction(number, f"token-{number}", kind, message)
        self.interactions[asked.token] = asked
        event = {
            "id": number, "application_id": BOT, "type": kind, "token": asked.token, "version": 1,
            "data": data, "locale": "en-GB", "entitlements": [], "attachment_size_limit": 1,
            "authorizing_integration_owners": {"0": GUILD}, "context": 0,
            "app_permissions": str(VIEW_CHANNEL | SEND_MESSAGES),
            "guild_id": GUILD, "channel": build_channel(), "channel_id": CHANNEL, "guild_locale": "en-GB",
            "member": {**build_member(), "permissions": "0"}, **(overrides or {}),
        }  # fmt: skip
        if message is not None:
            event["message"] = message
        await self.dispatch_event("INTERACTION_CREATE", event)
        if wait:
            await self.wait_until(lambda: asked.response is not None)
        return asked

    async def send_mention(
        self, content: str, message_id: str | None = None, channel_id: str = CHANNEL, guild_id: str = GUILD
    ) -> dict[str, Any]:
        """Write a message that names the bot."""
        written = self._store_message(
            channel_id, {"content": content}, author=build_user(ANN, "ann"), message_id=message_id
        )
        event = {**written, "guild_id": guild_id, "member": build_member()}
        event["mentions"] = [{**build_user(BOT, "bot"), "member": build_member()}]
        await self.dispatch_event("MESSAGE_CREATE", event)
        return written

    # what the gateway does

    async def dispatch_event(self, event: str, data: dict[str, Any]) -> None:
        """Dispatch an event to whoever is connected."""
        frame = {"op": 0, "t": event, "s": len(self._sent_frames) + 1, "d": data}
        self._sent_frames.append(frame)
        await self.wait_until(lambda: bool(self.sockets))
        await self.sockets[-1].send_json(frame)

    async def close_connection(self, code: int = 4000) -> None:
        """Close the connection on the bot."""
        await self.sockets.pop().close(code=code)

    async def wait_until(self, condition: Callable[[], bool], deadline: float = _DEADLINE) -> None:
        """Wait for something to have happened here."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(condition), deadline)

    def result_message(self, interaction: FakeInteraction) -> dict[str, Any]:
        """The message that an interaction ended in."""
        assert interaction.message is not None
        return interaction.message

    def list_bot_messages(self, channel_id: str = CHANNEL) -> list[dict[str, Any]]:
        """The bot's own messages in a channel."""
        return [
            one
            for one in self.messages.values()
            if one["channel_id"] == channel_id and one["author"]["id"] == BOT
        ]

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _handle_gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.close_code is not None:
            await socket.close(code=self.close_code)
            self.refused_count += 1
            await self._notify()
            return socket
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}})
        async for frame in socket:
            told = json.loads(frame.data)
            if told["op"] == 1:
                await socket.send_json({"op": 11})
            elif told["op"] == 2:
                self.identify_payloads.append(told["d"])
                await self._send_ready(socket)
            elif told["op"] == 6:
                self.resume_payloads.append(told["d"])
                for missed in self._sent_frames[told["d"]["seq"] - 1 :]:  # one that came already, too
                    await socket.send_json(missed)
                self._sent_frames.append({"op": 0, "t": "RESUMED", "s": len(self._sent_frames) + 1, "d": {}})
                await socket.send_json(self._sent_frames[-1])
                self.sockets.append(socket)
            await self._notify()
        if socket in self.sockets:
            self.sockets.remove(socket)
            await self._notify()
        return socket

    async def _send_ready(self, socket: web.WebSocketResponse) -> None:
        ready = {
            "v": 10, "user": build_user(BOT, "bot"), "guilds": [{"id": GUILD, "unavailable": True}],
            "session_id": "s", "resume_gateway_url": "wss://gateway.invalid",
            "application": {"id": BOT, "flags": 0},
        }  # fmt: skip
        for event, data in (("READY", ready), ("GUILD_CREATE", build_guild())):
            self._sent_frames.append({"op": 0, "t": event, "s": len(self._sent_frames) + 1, "d": data})
            await socket.send_json(self._sent_frames[-1])
        self.sockets.append(socket)

    # what the REST API does

    async def _handle_rest(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api/v10")
        body = await request.json() if request.can_read_body else None
        self.calls.append((request.method, path, body))
        fault = self._take_fault(request.method, path)
        if fault is not None and not fault.drops_response:
            await self._notify()
            return _build_error_response(fault)
        answer = self._dispatch_rest(request.method, path, body)
        await self._notify()
        if fault is not None:
            assert request.transport is not None
            request.transport.abort()
        return answer

    def _take_fault(self, method: str, path: str) -> InjectedFault | None:
        for fault in self.faults:
            if fault.method == method and re.fullmatch(fault.path, path):
                self.faults.remove(fault)
                return fault
        return None

    def _dispatch_rest(self, method: str, path: str, body: Any) -> web.Response:
        match method, path.strip("/").split("/"):
            case "GET", ["users", "@me"]:
                return (
                    _build_error_response(InjectedFault("", "", 401))
                    if self.rejects_token
                    else _build_json_response(build_user(BOT, "bot"))
                )
            case "GET", ["users", number]:
                return _build_json_response(build_user(number, "ann"))
            case "GET", ["oauth2", "applications", "@me"]:
                return _build_json_response(build_application())
            case "PUT", ["applications", _, "commands"]:
                self.commands.append(body)
                return _build_json_response(
                    [{**one, "id": "7", "application_id": BOT, "version": "1"} for one in body]
                )
            case "POST", ["interactions", _, token, "callback"]:
                return self._create_response(self.interactions[token], body)
            case "PATCH", ["webhooks", _, token, "messages", "@original"]:
                return self._edit_original(self.interactions[token], body)
            case "POST", ["webhooks", _, token]:
                return self._create_followup(self.interactions[token], body)
            case "POST", ["channels", place, "messages"]:
                return self._create_message(place, body)
            case "POST", ["users", "@me", "channels"]:
                return _build_json_response({"id": "5000", "type": 1, "recipients": [build_user(ANN, "ann")]})
            case "POST", ["channels", _, "messages", number, "threads"]:
                return _build_json_response({**build_thread(number), "name": body["name"]})
            case _:
                return _build_error_response(InjectedFault("", "", 404, 10003))

    def _create_response(self, interaction: FakeInteraction, body: dict[str, Any]) -> web.Response:
        if interaction.response is not None:
            return _build_error_response(InjectedFault("", "", 400, 40060))
        interaction.response = body
        data = body.get("data") or {}
        if body["type"] == 7 and interaction.source_message is not None:
            interaction.message = {**interaction.source_message, **data}
        elif body["type"] == 4:
            interaction.message = self._store_message(CHANNEL, data)
        elif body["type"] == 5:
            interaction.message = self._store_message(
                CHANNEL, {"flags": int(data.get("flags", 0)) | _LOADING}
            )
        elif body["type"] == 6:
            interaction.message = interaction.source_message
        told: dict[str, Any] = {"interaction": {"id": interaction.id, "type": interaction.type}}
        if interaction.message is not None and body["type"] in (4, 7):
            told["interaction"]["response_message_id"] = interaction.message["id"]
            told["resource"] = {"type": body["type"], "message": interaction.message}
        return _build_json_response(told)

    def _edit_original(self, interaction: FakeInteraction, body: dict[str, Any]) -> web.Response:
        if interaction.message is None:
            return _build_error_response(InjectedFault("", "", 404, 10008))
        kept = int(interaction.message["flags"]) & ~_LOADING
        interaction.message = {**interaction.message, **body, "flags": kept | int(body.get("flags", 0)) | _V2}
        return _build_json_response(interaction.message)

    def _create_followup(self, interaction: FakeInteraction, body: dict[str, Any]) -> web.Response:
        if interaction.response is None:
            return _build_error_response(InjectedFault("", "", 404, 10015))
        interaction.followups.append(body)
        return _build_json_response(self._store_message(CHANNEL, body))

    def _create_message(self, channel_id: str, body: dict[str, Any]) -> web.Response:
        nonce = body.get("nonce")
        if nonce in self._message_ids_by_nonce:
            return _build_json_response(self.messages[self._message_ids_by_nonce[nonce]])
        written = self._store_message(channel_id, body)
        if nonce is not None:
            self._message_ids_by_nonce[nonce] = written["id"]
        return _build_json_response(written)

    def _store_message(
        self,
        channel_id: str,
        body: dict[str, Any],
        *,
        author: dict[str, Any] | None = None,
        message_id: str | None = None,
    ) -> dict[str, Any]:
        written = {
            "id": message_id or str(next(self._ids)), "channel_id": channel_id,
            "author": author or build_user(BOT, "bot"),
            "content": "", "timestamp": "2026-11-24T12:00:00+00:00", "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "pinned": False, "type": 0, "components": [], "flags": 0, **body,
        }  # fmt: skip
        self.messages[written["id"]] = written
        return written


@asynccontextmanager
async def run_fake_discord(port: int = 0) -> AsyncIterator[FakeDiscord]:
    """A stub that listens on loopback."""
    stub = FakeDiscord()
    app = web.Application()
    app.router.add_get("/gateway", stub._handle_gateway)
    app.router.add_get("/gateway/", stub._handle_gateway)
    app.router.add_route("*", "/api/v10/{rest:.*}", stub._handle_rest)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    _, taken = runner.addresses[0][:2]
    stub.api_url, stub.gateway_url = f"http://127.0.0.1:{taken}/api/v10", f"ws://127.0.0.1:{taken}/gateway"
    try:
        yield stub
    finally:
        for socket in stub.sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await runner.cleanup()


def build_user(user_id: str, name: str) -> dict[str, Any]:
    """A user."""
    return {
        "id": user_id, "username": name, "global_name": None, "discriminator": "0", "avatar": None,
        "bot": user_id == BOT,
    }  # fmt: skip


def build_member() -> dict[str, Any]:
    """Ann on the server."""
    return {
        "user": build_user(ANN, "ann"), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False,
        "mute": False, "flags": 0, "nick": None, "avatar": None,
    }  # fmt: skip


def build_channel() -> dict[str, Any]:
    """The server's one channel."""
    return {
        "id": CHANNEL, "type": 0, "guild_id": GUILD, "name": "hall", "position": 0,
        "permission_overwrites": [], "nsfw": False, "parent_id": None, "rate_limit_per_user": 0,
        "topic": None, "last_message_id": None,
    }  # fmt: skip


def build_thread(thread_id: str) -> dict[str, Any]:
    """A thread of the channel."""
    return {
        "id": thread_id, "type": 11, "guild_id": GUILD, "parent_id": CHANNEL, "owner_id": BOT, "name": "t",
        "message_count": 0, "member_count": 1, "rate_limit_per_user": 0, "flags": 0,
        "thread_metadata": {
            "archived": False, "auto_archive_duration": 1440, "locked": False,
            "archive_timestamp": "2026-11-24T12:00:00+00:00",
        },
    }  # fmt: skip


def build_guild() -> dict[str, Any]:
    """The server."""
    return {
        "id": GUILD, "name": "Data people", "icon": None, "splash": None, "discovery_splash": None,
        "owner_id": "1", "afk_channel_id": None, "afk_timeout": 60, "verification_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "roles": [], "emojis": [],
        "stickers": [], "features": [], "mfa_level": 0, "system_channel_id": None, "system_channel_flags": 0,
        "rules_channel_id": None, "description": None, "banner": None, "premium_tier": 0,
        "preferred_locale": "en-GB", "public_updates_channel_id": None, "nsfw_level": 0,
        "premium_progress_bar_enabled": False, "channels": [build_channel()], "threads": [], "members": [],
        "presences": [], "voice_states": [], "stage_instances": [], "guild_scheduled_events": [],
        "member_count": 2, "large": False, "joined_at": "2026-01-01T00:00:00+00:00", "unavailable": False,
    }  # fmt: skip


def build_application() -> dict[str, Any]:
    """The application."""
    return {
        "id": BOT, "name": "career-bot", "icon": None, "description": "", "summary": "", "verify_key": "",
        "bot_public": True, "bot_require_code_grant": False, "flags": 0, "owner": build_user("1", "owner"),
    }  # fmt: skip


def _build_json_response(body: Any) -> web.Response:
    # discord.py reads JSON only under exactly this type, without a charset
    return web.Response(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def _build_error_response(fault: InjectedFault) -> web.Response:
    if fault.status == 204:
        return web.Response(status=204)
    everything = fault.scope == "global"
    body = {"code": fault.code, "message": "planted", "retry_after": fault.retry_after, "global": everything}
    headers = {"Content-Type": "application/json", "Via": "1.1 stub"}
    if fault.status == 429:
        headers |= {"Retry-After": f"{fault.retry_after:g}", "X-RateLimit-Scope": fault.scope}
    if everything:
        headers["X-RateLimit-Global"] = "true"
    if fault.scope == "network":  # what stands before Discord speaks no JSON
        del headers["Via"]
    return web.Response(status=fault.status, body=json.dumps(body).encode(), headers=headers)
