"""Where Slack's servers would stand: Web API, response_urls and Socket Mode on loopback; can misbehave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]
FaultHandler = Callable[[web.Request], Any]

_DEADLINE = 5.0  # seconds that a test waits for what must come


@dataclass
class ApiCall:
    """One request that the bot made: `chat.postMessage` or `response_url`."""

    method: str
    payload: Json


@dataclass
class FakeSlack:
    """A workspace with one channel, one app, and any number of people.

    Attributes:
        channels: what Slack tells of a channel that is not just one the app is in; None for a hidden one.
        calls: what the bot called, in the order of arrival.
        scopes: what the bot's token may do, as Slack's answers tell it.
        trouble: what happens instead of an answer, by method: a status with headers, "drop", "hang", an
            error's name, or a number of seconds after which it comes all the same.
    """

    url: str = ""
    calls: list[ApiCall] = field(default_factory=list)
    faults: dict[str, list[Any]] = field(default_factory=dict)
    scopes: str = ""
    users: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Json | None] = field(default_factory=dict)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acks: dict[str, Json] = field(default_factory=dict)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _message_count: int = 0

    @property
    def response_url(self) -> str:
        """Where the bot may answer later."""
        return f"{self.url}/response/abc"

    def list_payloads(self, *methods: str) -> list[Json]:
        """The payloads of the calls of these methods."""
        return [call.payload for call in self.calls if call.method in methods]

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something has come."""
        async with asyncio.timeout(_DEADLINE), self._changed:
            await self._changed.wait_for(condition)

    async def wait_for_call(self, method: str, number: int = 1) -> Json:
        """Wait for the n-th call of a method."""
        await self.wait_until(lambda: len(self.list_payloads(method)) >= number)
        return self.list_payloads(method)[number - 1]

    async def send_envelope(self, envelope: Json) -> None:
        """Send an envelope to the newest socket."""
        await self.wait_until(lambda: bool(self.sockets))
        await self.sockets[-1].send_json(envelope)

    async def wait_for_ack(self, envelope_id: str) -> Json:
        """Wait for an envelope's ack."""
        await self.wait_until(lambda: envelope_id in self.acks)
        return self.acks[envelope_id]

    def routes(self) -> list[web.AbstractRouteDef]:
        """Slack's own addresses."""
        return [
            web.route("*", "/api/{method}", self._handle_api),
            web.post("/response/{name}", self._handle_response_url),
            web.get("/socket", self._handle_socket),
        ]

    async def _record_call(self, call: ApiCall) -> None:
        async with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    async def _handle_api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            payload = await request.json()
        else:
            payload = {**request.query, **await request.post()}
        await self._record_call(ApiCall(method, payload))
        if (trouble := await self._apply_fault(method, request)) is not None:
            return trouble
        headers = {"X-OAuth-Scopes": self.scopes} if self.scopes else {}
        return web.json_response({"ok": True, **self._build_response(method, payload)}, headers=headers)

    async def _handle_response_url(self, request: web.Request) -> web.StreamResponse:
        await self._record_call(ApiCall("response_url", await request.json()))
        return await self._apply_fault("response_url", request) or web.Response(text="ok")

    async def _apply_fault(self, method: str, request: web.Request) -> web.StreamResponse | None:
        planned = self.faults.get(method)
        if not planned:
            return None
        what = planned[0] if len(planned) == 1 and planned[0] == "hang" else planned.pop(0)
        match what:
            case None:
                return None
            case float():
                await asyncio.sleep(what)
                return None
            case "hang":
                await self.release.wait()
                return web.Response(status=503)
            case "drop":
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            case str():
                return web.json_response({"ok": False, "error": what})
            case (status, headers):
                return web.Response(
                    status=status, headers=headers, text="<html>no</html>", content_type="text/html"
                )
            case _:
                raise AssertionError(what)

    def _build_response(self, method: str, payload: Json) -> Json:
        match method:
            case "chat.postMessage":
                self._message_count += 1
                channel = str(payload["channel"])
                channel = f"D{channel[1:]}" if channel.startswith("U") else channel
                return {"channel": channel, "ts": f"1800000000.{self._message_count:06}"}
            case "chat.getPermalink":
                return {
                    "permalink": f"https://work.example/archives/{payload['channel']}/p{payload['message_ts']}"
                }
            case "users.info":
                return {"user": {"id": payload["user"], **self.users.get(str(payload["user"]), {})}}
            case "conversations.info":
                known = self.channels.get(payload["channel"], {})
                if known is None:
                    return {"ok": False, "error": "channel_not_found"}
                return {
                    "channel": {"id": payload["channel"], "is_archived": False, "is_member": True, **known}
                }
            case "apps.connections.open":
                return {"url": self.url.replace("http", "ws") + "/socket"}
            case "auth.test":
                return {
                    "team_id": "T1",
                    "user_id": "UBOT",
                    "bot_id": "BBOT",
                    "team": "Work",
                    "user": "career-bot",
                }
            case _:
                return {}

    async def _handle_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async with self._changed:
            self.sockets.append(socket)
            self._changed.notify_all()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                async with self._changed:
                    self.acks[ack["envelope_id"]] = ack
                    self._changed.notify_all()
        return socket


@asynccontextmanager
async def run_fake_slack(port: int = 0) -> AsyncIterator[FakeSlack]:
    """Slack, from here to the end of the block."""
    slack = FakeSlack()
    app = web.Application(client_max_size=1 << 22)
    app.add_routes(slack.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        slack.release.set()
        for socket in slack.sockets:
            await socket.close()
        await runner.cleanup()
