"""`career-bot doctor` and `career-bot manifest`: every fault with the step that mends it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app import App, utc_now
from bot.cli.doctor import _print_results
from bot.cli.manifest import run
from bot.domain.outbox import DeliveryUnknown, PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.platforms.slack.app_manifest import BOT_SCOPES
from bot.settings import Settings
from tests.platforms.discord.fake_server import (
    BOT,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    build_channel,
    build_guild,
    build_user,
)
from tests.platforms.discord.fake_server import build_application as discord_application
from tests.platforms.slack.fake_server import FakeSlack, run_fake_slack

CommandOutput = tuple[int, str]


@asynccontextmanager
async def run_discord_api(application: dict[str, Any], status: int = 200) -> AsyncIterator[int]:
    """Where Discord's REST API and gateway would stand; its port."""

    async def known(_request: web.Request) -> web.Response:
        return web.json_response(application, status=status)

    async def rest(request: web.Request) -> web.Response:
        """What discord.py asks; it reads JSON only under exactly this type."""
        path = request.path.removeprefix("/api/v10")
        found = {**build_server_responses(), **application.get("rest", {})}.get(path)
        body = {"code": 10003, "message": "planted"} if found is None else found
        code = 403 if found == FORBIDDEN else 404 if body.get("code") in (10003, 10007) else 200
        headers = {"Content-Type": "application/json", "Via": "1.1 stub"}
        return web.Response(body=json.dumps(body).encode(), status=code, headers=headers)

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
    app.router.add_get("/api/v10/{rest:.*}", rest)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


DENY_SEND_OVERWRITE = {"id": BOT, "type": 1, "allow": "0", "deny": str(SEND_MESSAGES)}
FORBIDDEN = {"code": 50001, "message": "Missing Access"}


def build_server_responses() -> dict[str, Any]:
    """What Discord's REST API tells of one server, where the bot may view and send."""
    everyone = {
        "id": "1000", "name": "@everyone", "permissions": str(VIEW_CHANNEL | SEND_MESSAGES), "position": 0, "color": 0,
        "hoist": False, "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip
    me = {"user": build_user(BOT, "bot"), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
    return {
        "/users/@me": build_user(BOT, "bot"),
        "/oauth2/applications/@me": discord_application(),
        "/guilds/1000": {**build_guild(), "roles": [everyone], "channels": []},
        f"/guilds/1000/members/{BOT}": me,
        "/channels/1001": build_channel(),
    }


class DoctorRunner:
    """A machine with settings, looked at."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.environ = {"CAREER_BOT_DATA_DIR": str(data), "CAREER_BOT_SECRET_KEYS": "s"}
        self._capsys = capsys

    def add_subscriptions(self, *places: str, **changed: Any) -> DoctorRunner:
        """The same machine, whose database has a subscription for each `platform workspace channel`."""
        home = App.build(Settings.from_env(self.environ)).storage
        for place in places:
            platform, workspace, where = place.split()
            one = Subscription(
                Tenant(platform, workspace),
                where,
                False,
                "UADA",
                Schedule("daily", time(9), "Europe/Berlin", date(2026, 11, 22)),
                next_due_at=utc_now() + timedelta(hours=1),
            )
            home.open_store().subscriptions.save(replace(one, **changed), utc_now())
        home.close()
        return self

    async def run(self, **environ: str) -> CommandOutput:
        """The exit status and what was printed."""
        status = await _print_results(Settings.from_env({**self.environ, **environ}))
        return status, self._capsys.readouterr().out

    async def run_with_slack(self, slack: FakeSlack, **environ: str) -> CommandOutput:
        """The same, on this Slack over HTTP."""
        given = {"SLACK_SIGNING_SECRET": "s"} if "SLACK_APP_TOKEN" not in environ else {}
        api = f"{slack.url}/api/"
        return await self.run(SLACK_BOT_TOKEN="t", SLACK_API_URL=api, **given, **environ)

    async def run_with_discord(self, port: int) -> CommandOutput:
        """The same, on this Discord."""
        api, gateway = f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}"
        return await self.run(DISCORD_TOKEN="t", DISCORD_API_URL=api, DISCORD_GATEWAY_URL=gateway)


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> DoctorRunner:
    return DoctorRunner(tmp_path, capsys)


async def test_fresh_machine_has_no_problems(doctor: DoctorRunner) -> None:
    status, said = await doctor.run()
    assert status == 0
    assert "99 cards" in said


async def test_healthy_slack_has_no_problems(doctor: DoctorRunner) -> None:
    async with run_fake_slack() as slack:
        slack.scopes = ",".join(BOT_SCOPES)
        status, said = await doctor.run_with_slack(slack, SLACK_APP_TOKEN="a")
        assert status == 0, said
        assert "career-bot in Work" in said
        assert "Socket Mode opens" in said


async def test_each_slack_problem_prints_its_fix(doctor: DoctorRunner) -> None:
    async with run_fake_slack() as slack:
        slack.faults["auth.test"] = ["invalid_auth"]
        status, said = await doctor.run_with_slack(slack)
        assert status == 1
        assert "FAIL  SLACK_BOT_TOKEN" in said
        assert "Bot User OAuth Token" in said

        slack.scopes = "commands,chat:write"
        status, said = await doctor.run_with_slack(slack)
        assert status == 1
        assert "missing app_mentions:read (for being named in a channel)" in said
        assert "career-bot manifest slack" in said

        slack.faults["apps.connections.open"] = ["invalid_auth"]
        status, said = await doctor.run_with_slack(slack, SLACK_APP_TOKEN="a")
        assert status == 1
        assert "connections:write" in said


async def test_unreachable_platform_differs_from_bad_token(doctor: DoctorRunner) -> None:
    nowhere = "http://127.0.0.1:1"
    status, said = await doctor.run(
        SLACK_BOT_TOKEN="t", SLACK_SIGNING_SECRET="s", SLACK_API_URL=nowhere,
        DISCORD_TOKEN="t", DISCORD_API_URL=nowhere,
    )  # fmt: skip
    assert status == 1
    assert "check SLACK_API_URL" in said
    assert "check DISCORD_API_URL" in said


async def test_healthy_discord_has_no_problems(doctor: DoctorRunner) -> None:
    async with run_discord_api({"id": "7", "name": "careers", "commands": ["career"]}) as port:
        status, said = await doctor.run_with_discord(port)
        assert status == 0, said
        assert "careers; no privileged intent is needed" in said


async def test_each_discord_problem_prints_its_fix(doctor: DoctorRunner) -> None:
    endpoint = {"id": "7", "name": "careers", "interactions_endpoint_url": "https://elsewhere.example"}
    async with run_discord_api(endpoint) as port:
        status, said = await doctor.run_with_discord(port)
        assert status == 1
        assert "empty the field Interactions Endpoint URL" in said
        assert "career-bot discord sync" in said
    async with run_discord_api({"message": "401: Unauthorized"}, status=401) as port:
        status, said = await doctor.run_with_discord(port)
        assert status == 1
        assert "Reset Token" in said


async def test_next_three_tips_and_their_channels_are_printed(doctor: DoctorRunner) -> None:
    doctor.add_subscriptions("slack T1 C1", "slack T1 C2").add_subscriptions("slack T1 U9", is_direct=True)
    doctor.add_subscriptions("slack T1 C9", pause_reason=PauseReason.ASKED, next_due_at=None)
    async with run_fake_slack() as slack:
        slack.scopes = ",".join(BOT_SCOPES)
        status, said = await doctor.run_with_slack(slack)
        assert status == 0, said
        assert len(re.findall(r"next tip +\w{3} \d\d .* \(Europe/Berlin\), slack T1 \w\d: \w", said)) == 3
        assert "tips may be posted in 2 of 2" in said
        assert "1 because somebody asked" in said


async def test_a_channel_where_slack_takes_no_tips_is_a_fault(doctor: DoctorRunner) -> None:
    doctor.add_subscriptions(*(f"slack T1 C{number}" for number in range(1, 5)))
    async with run_fake_slack() as slack:
        slack.channels = {
            "C1": {"is_archived": True, "name": "old-news"},
            "C2": {"is_member": False},
            "C3": None,
        }
        status, said = await doctor.run_with_slack(slack)
        assert status == 1
        assert "tips may be posted in 1 of 4" in said
        assert "#old-news (C1) in T1: it is archived" in said
        assert "or end its tips: /career tips list, pick it, press Off" in said
        assert "C2 in T1: the bot is not in it\n" in said
        assert said.count("-> type /invite @career-bot there") == 2
        slack.faults["conversations.info"] = ["missing_scope"] * 4
        assert (
            "tips may be posted in 0 of 0, 4 could not be looked at"
            in (await doctor.run_with_slack(slack))[1]
        )


async def test_only_some_of_many_channels_are_checked(doctor: DoctorRunner) -> None:
    doctor.add_subscriptions(*(f"slack T1 C{number}" for number in range(30)))
    async with run_fake_slack() as slack:
        slack.scopes = ",".join(BOT_SCOPES)
        said = (await doctor.run_with_slack(slack))[1]
        assert "tips may be posted in 20 of 20, 10 more were not looked at" in said
        assert len(slack.list_payloads("conversations.info")) == 20


async def test_a_channel_where_discord_takes_no_tips_is_a_fault(doctor: DoctorRunner) -> None:
    doctor.add_subscriptions(*(f"discord 1000 {number}" for number in (1001, 1002, 1003, 1004)))
    doctor.add_subscriptions("discord 4000 4001", "discord direct 1001", "discord 1000 general")
    rest = {
        "/channels/1002": {
            **build_channel(),
            "id": "1002",
            "name": "news",
            "permission_overwrites": [DENY_SEND_OVERWRITE],
        },
        "/channels/1003": FORBIDDEN,
        "/channels/1004": {**build_channel(), "id": "1004", "guild_id": "4000"},
    }
    async with run_discord_api({"id": "7", "name": "careers", "commands": ["career"], "rest": rest}) as port:
        status, said = await doctor.run_with_discord(port)
        assert status == 1
        assert "tips may be posted in 1 of 7" in said
        for fault in (
            "#news (1002) in 1000: the bot may not post there",
            "allow its role under Edit Channel, Permissions: Send Messages",
            "allow its role under Edit Channel, Permissions: View Channel",
            "1004 in 1000: its server has no such channel any more",
            "4001 in 4000: the bot is not in that server",
            "1001 in direct: the bot is not in that server",
            "general in 1000: its server has no such channel any more",
        ):
            assert fault in said


async def test_uninstalled_server_differs_from_deleted_channel(doctor: DoctorRunner) -> None:
    doctor.add_subscriptions("discord 1000 1001")
    rest = {f"/guilds/1000/members/{BOT}": {"code": 10007, "message": "Unknown Member"}}
    async with run_discord_api({"id": "7", "name": "careers", "commands": ["career"], "rest": rest}) as port:
        assert "1001 in 1000: the bot is not in that server" in (await doctor.run_with_discord(port))[1]


async def test_paused_and_uncertain_tips_are_listed_with_a_fix(doctor: DoctorRunner) -> None:
    due = utc_now() - timedelta(minutes=1)
    doctor.add_subscriptions("slack T1 C1", next_due_at=due)
    app = App.build(Settings.from_env(doctor.environ))
    (tip,) = app.service.claim_due(frozenset({"slack"}), utc_now())
    assert app.service.begin_sending([tip], utc_now())
    app.service.record_results([(tip, DeliveryUnknown("lost"))], utc_now())
    app.storage.close()
    doctor.add_subscriptions("slack T1 C2", pause_reason=PauseReason.GONE, next_due_at=None)
    doctor.add_subscriptions("slack T1 C3", pause_reason=PauseReason.FORBIDDEN, next_due_at=None)
    async with run_fake_slack() as slack:
        status, said = await doctor.run_with_slack(slack)
        assert status == 1
        assert "slack T1 C2: its place is gone or archived" in said
        assert "-> let the bot in, then say /career tips resume there" in said
        assert "slack T1 C1: posted or not, nobody knows" in said
        assert "presses Post it now or It was posted" in said


async def test_other_checks_run_without_database_or_content(doctor: DoctorRunner) -> None:
    async with run_fake_slack() as slack:
        away = "postgresql://u:p@127.0.0.1:1/none"
        status, said = await doctor.run_with_slack(slack, DATABASE_URL=away)
        assert status == 1
        assert said.count("FAIL  database") == 1
        assert "career-bot in Work" in said


async def test_broken_content_and_a_database_that_is_away_are_named(
    doctor: DoctorRunner, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    status, said = await doctor.run(
        CAREER_BOT_CONTENT_DIR=str(tmp_path / "empty"), DATABASE_URL="postgresql://u:p@127.0.0.1:1/none"
    )
    assert status == 1
    assert "career-bot check lists them all" in said
    assert "FAIL  database" in said


def test_the_invite_link_asks_discord_for_the_application(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def served() -> None:
        async with run_discord_api({"id": "7", "name": "careers"}) as port:
            settings = Settings.from_env(
                {"DISCORD_TOKEN": "t", "DISCORD_API_URL": f"http://127.0.0.1:{port}/api/v10"}
            )
            options: Any = type("Options", (), {"platform": "discord", "url": None, "application": None})
            assert await asyncio.to_thread(run, options, settings) == 0

    asyncio.run(served())
    assert "client_id=7" in capsys.readouterr().out


@pytest.mark.parametrize("optimize", [[], ["-O"]])
def test_a_dead_database_fails_the_check_under_any_optimization(tmp_path: Path, optimize: list[str]) -> None:
    """Opening the database once stood in an assert, which `python -O` strips."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DATABASE_URL": "postgresql://nobody:s3cret@127.0.0.1:1/x",
        "CAREER_BOT_SECRET_KEYS": "a key of the tests",
        "CAREER_BOT_DATA_DIR": str(tmp_path),
        "CAREER_BOT_SEMANTIC_SEARCH": "off",
    }
    ran = subprocess.run(
        [sys.executable, *optimize, "-m", "bot", "doctor"],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "FAIL  database" in ran.stdout
    assert "-> start the database, or correct DATABASE_URL" in ran.stdout
    assert "s3cret" not in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("environ", "fix"),
    [
        (
            {"DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x"},
            "-> set one, such as the output of: openssl rand",
        ),
        ({"DATABASE_URL": "mysql://u:p@127.0.0.1/x", "CAREER_BOT_SECRET_KEYS": "k"}, "-> use postgresql://"),
        ({"CAREER_BOT_DATA_DIR": "/proc/nowhere"}, "-> choose a folder that this program may write"),
    ],
)
async def test_each_database_fault_names_its_own_fix(
    environ: dict[str, str], fix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await _print_results(Settings.from_env({"CAREER_BOT_SEMANTIC_SEARCH": "off", **environ})) == 1
    assert fix in capsys.readouterr().out
