"""`career-bot doctor` and `career-bot manifest`: every fault with the step that mends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.cli.doctor import _told
from bot.cli.manifest import run
from bot.platforms.slack.manifest import SCOPES
from bot.settings import Settings
from tests.platforms.slack.stand_in import StandIn, stand_in

Told = tuple[int, str]


@asynccontextmanager
async def discord(application: dict[str, Any], status: int = 200) -> AsyncIterator[int]:
    """Where Discord's REST API and gateway would stand; its port."""

    async def known(_request: web.Request) -> web.Response:
        return web.json_response(application, status=status)

    async def commands(_request: web.Request) -> web.Response:
        return web.json_response([{"name": name} for name in application.get("commands", [])])

    async def gateway(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        await socket.close()
        return socket

    app = web.Application()
    app.router.add_get("/api/v10/applications/@me", known)
    app.router.add_get("/api/v10/applications/7/commands", commands)
    app.router.add_get("/", gateway)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


class Doctor:
    """A machine with settings, looked at."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.environ = {"CAREER_BOT_DATA": str(data), "CAREER_BOT_SECRET": "s"}
        self._capsys = capsys

    async def told(self, **environ: str) -> Told:
        """The exit status and what was printed."""
        status = await _told(Settings.from_env({**self.environ, **environ}))
        return status, self._capsys.readouterr().out

    async def on_slack(self, slack: StandIn, **environ: str) -> Told:
        """The same, on this Slack over HTTP."""
        given = {"SLACK_SIGNING_SECRET": "s"} if "SLACK_APP_TOKEN" not in environ else {}
        api = f"{slack.url}/api/"
        return await self.told(SLACK_BOT_TOKEN="t", SLACK_API_URL=api, **given, **environ)

    async def on_discord(self, port: int) -> Told:
        """The same, on this Discord."""
        api, gateway = f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}"
        return await self.told(DISCORD_TOKEN="t", DISCORD_API_URL=api, DISCORD_GATEWAY_URL=gateway)


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    return Doctor(tmp_path, capsys)


async def test_a_fresh_machine_has_nothing_to_mend(doctor: Doctor) -> None:
    status, said = await doctor.told()
    assert status == 0
    assert "80 cards" in said


async def test_a_whole_slack_has_nothing_to_mend(doctor: Doctor) -> None:
    async with stand_in() as slack:
        slack.scopes = ",".join(SCOPES)
        status, said = await doctor.on_slack(slack, SLACK_APP_TOKEN="a")
        assert status == 0, said
        assert "career-bot in Work" in said
        assert "Socket Mode opens" in said


async def test_each_fault_of_slack_names_its_mend(doctor: Doctor) -> None:
    async with stand_in() as slack:
        slack.trouble["auth.test"] = ["invalid_auth"]
        status, said = await doctor.on_slack(slack)
        assert status == 1
        assert "FAULT SLACK_BOT_TOKEN" in said
        assert "Bot User OAuth Token" in said

        slack.scopes = "commands,chat:write"
        status, said = await doctor.on_slack(slack)
        assert status == 1
        assert "missing app_mentions:read (for being named in a channel)" in said
        assert "career-bot manifest slack" in said

        slack.trouble["apps.connections.open"] = ["invalid_auth"]
        status, said = await doctor.on_slack(slack, SLACK_APP_TOKEN="a")
        assert status == 1
        assert "connections:write" in said


async def test_a_slack_or_discord_that_is_away_is_told_apart_from_a_bad_token(doctor: Doctor) -> None:
    nowhere = "http://127.0.0.1:1"
    status, said = await doctor.told(
        SLACK_BOT_TOKEN="t", SLACK_SIGNING_SECRET="s", SLACK_API_URL=nowhere,
        DISCORD_TOKEN="t", DISCORD_API_URL=nowhere,
    )  # fmt: skip
    assert status == 1
    assert "check SLACK_API_URL" in said
    assert "check DISCORD_API_URL" in said


async def test_a_whole_discord_has_nothing_to_mend(doctor: Doctor) -> None:
    async with discord({"id": "7", "name": "careers", "commands": ["career"]}) as port:
        status, said = await doctor.on_discord(port)
        assert status == 0, said
        assert "careers; no privileged intent is needed" in said


async def test_each_fault_of_discord_names_its_mend(doctor: Doctor) -> None:
    endpoint = {"id": "7", "name": "careers", "interactions_endpoint_url": "https://elsewhere.example"}
    async with discord(endpoint) as port:
        status, said = await doctor.on_discord(port)
        assert status == 1
        assert "empty the field Interactions Endpoint URL" in said
        assert "career-bot discord sync" in said
    async with discord({"message": "401: Unauthorized"}, status=401) as port:
        status, said = await doctor.on_discord(port)
        assert status == 1
        assert "Reset Token" in said


async def test_broken_content_and_a_database_that_is_away_are_named(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, said = await doctor.told(
        CAREER_BOT_CONTENT=str(tmp_path / "empty"), DATABASE_URL="postgresql://u:p@127.0.0.1:1/none"
    )
    assert status == 1
    assert "career-bot check names them all" in said
    assert "FAULT database" in said


def test_the_invite_link_asks_discord_for_the_application(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def served() -> None:
        async with discord({"id": "7", "name": "careers"}) as port:
            settings = Settings.from_env(
                {"DISCORD_TOKEN": "t", "DISCORD_API_URL": f"http://127.0.0.1:{port}/api/v10"}
            )
            options: Any = type("Options", (), {"platform": "discord", "url": None, "application": None})
            assert await asyncio.to_thread(run, options, settings) == 0

    asyncio.run(served())
    assert "client_id=7" in capsys.readouterr().out
