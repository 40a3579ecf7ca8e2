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

from bot.platforms.answering import LIMIT, Answering
from bot.platforms.once import Once, Remember
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.wire import Access
from bot.server import Server
from bot.service import Edition, Service
from tests.platforms.slack import payloads
from tests.platforms.slack.probes import Probes
from tests.platforms.slack.stand_in import StandIn, stand_in

Json = dict[str, Any]


@dataclass
class Workspace:
    """A bot behind its HTTP door, and the Slack it talks to."""

    slack: StandIn
    bot: Slack
    url: str
    http: ClientSession

    async def post(self, payload: Json, **headers: str) -> tuple[int, Any]:
        """Send a payload as Slack does; the status and what the ack says."""
        body, kind = payloads.on_wire(payload)
        return await self.raw(body, kind, **headers)

    async def raw(self, body: bytes, kind: str = "application/json", **headers: str) -> tuple[int, Any]:
        """Send any bytes, signed."""
        now = str(int(datetime.now(UTC).timestamp()))
        signed = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": payloads.signature(body, now),
        }
        async with self.http.post(
            f"{self.url}/slack/events", data=body, headers={**signed, **headers}
        ) as answer:
            said = await answer.text()
            return answer.status, json.loads(said) if said.startswith("{") else said

    async def straight(self, payload: Json) -> str:
        """Hand a payload to the app as Socket Mode does; what the ack says. For thousands."""
        answer = await self.bot.app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        assert answer.status == 200
        return answer.body

    async def say(self, text: str, **more: str) -> Json:
        """Type `/career <text>`; what the ack says."""
        status, ack = await self.post(payloads.command(text, self.slack.response_url, **more))
        assert status == 200
        return ack or {}

    async def click(self, action_id: str, **how: Any) -> None:
        """Press something."""
        status, ack = await self.post(payloads.click(action_id, self.slack.response_url, **how))
        assert (status, ack) == (200, ""), "the ack of a click carries nothing"

    async def settled(self) -> None:
        """Wait until the bot has nothing in flight."""
        await self.bot.finish()


@asynccontextmanager
async def working(
    service: Service,
    slack: StandIn,
    app_token: str | None = None,
    remember: Remember | None = None,
    limit: float = LIMIT,
) -> AsyncIterator[Workspace]:
    """A bot on this Slack."""
    answering = Answering(service, limit)
    access = Access("any token", app_token, payloads.SECRET, f"{slack.url}/api/")
    bot = Slack(access, service, answering, Once(remember), lambda: datetime.now(UTC))
    server = Server("127.0.0.1", 0)
    server.mount(bot.routes())
    url = await server.start()
    async with ClientSession() as http:
        yield Workspace(slack, bot, url, http)
    await server.stop()
    await bot.close()
    answering.close()


@pytest.fixture
async def work(service: Service) -> AsyncIterator[Workspace]:
    """A bot that Slack reaches over HTTP."""
    async with stand_in() as slack, working(service, slack) as workspace:
        yield workspace


def words(blocks: Any) -> str:
    """Every text that stands in blocks, addresses of links included."""
    if isinstance(blocks, dict):
        own = [blocks[key] for key in ("text", "url") if isinstance(blocks.get(key), str)]
        return " ".join([*own, *(words(value) for value in blocks.values())])
    if isinstance(blocks, list):
        return " ".join(map(words, blocks))
    return ""


def pressable(blocks: list[Json]) -> dict[str, Json]:
    """What can be pressed by the words on it: an action_id, and the value when it is a menu's line."""
    found: dict[str, Json] = {}
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["type"] == "button":
                found[element["text"]["text"]] = {"action_id": element["action_id"]}
            for option in element.get("options", []):
                found[option["text"]["text"]] = {
                    "action_id": element["action_id"], "picked": option["value"],
                }  # fmt: skip
    return found


@pytest.fixture
def probes(tmp_path: Path, service: Service) -> Iterator[Probes]:
    """A service with a few commands more; what stalls in it is let go at the end."""
    probes = Probes(tmp_path, Edition(service.context.library, service.context.search))
    yield probes
    probes.release.set()


@pytest.fixture
async def probed(probes: Probes) -> AsyncIterator[Workspace]:
    """A bot with a few commands more, whose stalled ones are given up after a fifth of a second."""
    async with stand_in() as slack, working(probes.service, slack, limit=0.2) as workspace:
        yield workspace
