"""A bot on a workspace that stands in for Slack."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.http_server import HttpServer
from bot.platforms.deduplicator import Deduplicator, MarkProcessed
from bot.platforms.request_runner import RESPONSE_TIMEOUT, RequestRunner
from bot.platforms.slack.client import SlackCredentials
from bot.platforms.slack.platform import SlackPlatform
from bot.service import ContentSnapshot, Service
from tests.platforms.slack import payloads
from tests.platforms.slack.fake_server import FakeSlack, run_fake_slack
from tests.platforms.slack.probe_commands import ProbeCommands

Json = dict[str, Any]


@dataclass
class SlackHarness:
    """A bot behind its HTTP door, and the Slack it talks to."""

    slack: FakeSlack
    bot: SlackPlatform
    url: str
    http: ClientSession

    async def post_payload(self, payload: Json, **headers: str) -> tuple[int, Any]:
        """Send a payload as Slack does; the status and what the ack says."""
        body, kind = payloads.encode_payload(payload)
        return await self.post_bytes(body, kind, **headers)

    async def post_bytes(
        self, body: bytes, content_type: str = "application/json", **headers: str
    ) -> tuple[int, Any]:
        """Send any bytes, signed."""
        now = str(int(datetime.now(UTC).timestamp()))
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": payloads.sign_body(body, now),
        }
        async with self.http.post(
            f"{self.url}/slack/events", data=body, headers={**signed, **headers}
        ) as answer:
            said = await answer.text()
            return answer.status, json.loads(said) if said.startswith("{") else said

    async def dispatch_payload(self, payload: Json) -> str:
        """Hand a payload to the app as Socket Mode does; what the ack says. For thousands."""
        answer = await self.bot.bolt_app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        assert answer.status == 200
        return answer.body

    async def type_command(self, text: str, **more: str) -> Json:
        """Type `/career <text>`; what the ack says."""
        status, ack = await self.post_payload(
            payloads.build_slash_command(text, self.slack.response_url, **more)
        )
        assert status == 200
        return ack or {}

    async def click(self, action_id: str, **how: Any) -> None:
        """Press something."""
        status, ack = await self.post_payload(payloads.build_click(action_id, self.slack.response_url, **how))
        assert (status, ack) == (200, ""), "the ack of a click carries nothing"

    async def wait_until_idle(self) -> None:
        """Wait until the bot has nothing in flight."""
        await self.bot.drain()


@asynccontextmanager
async def run_harness(
    service: Service,
    slack: FakeSlack,
    app_token: str | None = None,
    remember: MarkProcessed | None = None,
    limit: float = RESPONSE_TIMEOUT,
) -> AsyncIterator[SlackHarness]:
    """A bot on this Slack."""
    answering = RequestRunner(service, limit)
    access = SlackCredentials("any token", app_token, payloads.SECRET, f"{slack.url}/api/")
    bot = SlackPlatform(access, service, answering, Deduplicator(remember), lambda: datetime.now(UTC))
    server = HttpServer("127.0.0.1", 0)
    server.add_routes(bot.routes())
    url = await server.start()
    async with ClientSession() as http:
        yield SlackHarness(slack, bot, url, http)
    await server.stop()
    await bot.close()
    answering.close()


@pytest.fixture
async def harness(service: Service) -> AsyncIterator[SlackHarness]:
    """A bot that Slack reaches over HTTP."""
    async with run_fake_slack() as slack, run_harness(service, slack) as workspace:
        yield workspace


def read_text(blocks: Any) -> str:
    """Every text that stands in blocks, addresses of links included."""
    if isinstance(blocks, dict):
        own = [blocks[key] for key in ("text", "url") if isinstance(blocks.get(key), str)]
        return " ".join([*own, *(read_text(value) for value in blocks.values())])
    if isinstance(blocks, list):
        return " ".join(map(read_text, blocks))
    return ""


def find_controls(blocks: list[Json]) -> dict[str, Json]:
    """What can be pressed by the words on it: an action_id, and the value when it is a menu's line."""
    found: dict[str, Json] = {}
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["type"] == "button":
                found[element["text"]["text"]] = {"action_id": element["action_id"]}
            for option in element.get("options", []):
                found[option["text"]["text"]] = {
                    "action_id": element["action_id"], "selected_value": option["value"],
                }  # fmt: skip
    return found


@pytest.fixture
def probe_commands(tmp_path: Path, service: Service) -> Iterator[ProbeCommands]:
    """A service with a few commands more; what stalls in it is let go at the end."""
    probes = ProbeCommands(tmp_path, ContentSnapshot(service.context.content, service.context.search))
    yield probes
    probes.release.set()


@pytest.fixture
async def probe_harness(probe_commands: ProbeCommands) -> AsyncIterator[SlackHarness]:
    """A bot with a few commands more, whose stalled ones are given up after a fifth of a second."""
    async with run_fake_slack() as slack, run_harness(probe_commands.service, slack, limit=0.2) as workspace:
        yield workspace
