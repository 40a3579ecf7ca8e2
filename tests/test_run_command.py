"""`career-bot run` as one process with both platforms, as outside clients meet it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession

from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.store.key_ring import build_key_ring
from bot.store.store import Store
from tests.platforms.discord.fake_server import FakeDiscord
from tests.platforms.discord.fake_server import run_fake_discord as discord_stub
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import find_controls
from tests.platforms.slack.fake_server import FakeSlack, Json, run_fake_slack
from tests.ports import find_free_port

DEADLINE = 30.0  # seconds for a process to start on a busy machine


class BotProcess:
    """One process, and the HTTP port it listens on."""

    def __init__(self, port: int, http: ClientSession, environ: dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._http = http
        self._environ = {**environ, "CAREER_BOT_PORT": str(port)}
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it lives."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=self._environ, cwd=Path(__file__).parent.parent,
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await self.wait_until("/healthz", alive=True)

    async def wait_until(self, path: str, **said: bool) -> int:
        """Wait until an address says so; its status then."""
        async with asyncio.timeout(DEADLINE):
            while True:
                try:
                    async with self._http.get(self.url + path) as answer:
                        if said.items() <= (await answer.json()).items():
                            return answer.status
                except ClientConnectionError:
                    pass
                await asyncio.sleep(0.02)  # between two looks at a process that tells nothing by itself

    async def fetch(self, path: str) -> Any:
        """What an address says now."""
        async with self._http.get(self.url + path) as answer:
            return await answer.json()

    async def post_payload(self, payload: Json) -> Any:
        """Send what Slack sends; the ack."""
        body, kind = payloads.encode_payload(payload)
        now = str(int(datetime.now(UTC).timestamp()))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": payloads.sign_body(body, now),
        }
        async with self._http.post(f"{self.url}/slack/events", data=body, headers=headers) as answer:
            assert answer.status == 200
            said = await answer.text()
            return await answer.json() if said.startswith("{") else said

    async def stop(self, signal_number: signal.Signals) -> int:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(signal_number)
        return await asyncio.wait_for(self.process.wait(), 10)


@asynccontextmanager
async def run_machine(data_dir: Path, **environ: str) -> AsyncIterator[BotProcess]:
    """A machine with settings; what still runs on it at the end is killed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_"))}
    async with ClientSession() as http:
        running = BotProcess(
            find_free_port(), http, {**kept, "CAREER_BOT_DATA_DIR": str(data_dir), **environ}
        )
        try:
            yield running
        finally:
            if running.process is not None and running.process.returncode is None:
                running.process.kill()
                await running.process.wait()


def build_slack_env(url: str) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": payloads.SECRET, "SLACK_API_URL": f"{url}/api/"}


def build_discord_env(discord: FakeDiscord) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": "t",
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


async def test_both_in_one_process_and_losing_one_does_not_stop_the_other(tmp_path: Path) -> None:
    async with (
        run_fake_slack() as slack,
        discord_stub() as stub,
        run_machine(tmp_path, **build_slack_env(slack.url), **build_discord_env(stub)) as bot,
    ):
        await bot.start()
        assert await bot.wait_until("/readyz", Slack=True, Discord=True) == 200
        assert (await stub.send_slash_command("privacy")).is_ephemeral
        stub.close_code = 4004  # Discord no longer knows the token
        await stub.close_connection(4004)
        assert await bot.wait_until("/readyz", Slack=True, Discord=False) == 200
        ack = await bot.post_payload(payloads.build_slash_command("privacy", slack.response_url))
        assert ack["response_type"] == "ephemeral"
        assert await bot.stop(signal.SIGTERM) == 0


async def test_buttons_and_forms_work_after_a_kill(tmp_path: Path) -> None:
    async with run_fake_slack() as slack, run_machine(tmp_path, **build_slack_env(slack.url)) as bot:
        await bot.start()
        ack = await bot.post_payload(
            payloads.build_slash_command("compare big-tech academia", slack.response_url)
        )
        await bot.post_payload(payloads.build_slash_command("ask", slack.response_url))
        view = (await slack.wait_for_call("views.open"))["view"]
        await bot.post_payload(payloads.build_mention("help", ts="1700.0"))
        await slack.wait_for_call(
            "chat.postMessage"
        )  # from now on the database is open, however busy the machine
        await bot.post_payload(payloads.build_mention("help", ts="1700.1"))
        await slack.wait_for_call("chat.postMessage", 2)

        await bot.stop(signal.SIGKILL)
        await bot.start()

        press = find_controls(ack["blocks"])["Collaboration and roles"]
        await bot.post_payload(payloads.build_click(press["action_id"], slack.response_url))
        assert (await slack.wait_for_call("response_url"))["replace_original"] is True
        await bot.post_payload(payloads.build_submission(view, {"question": "should I do a phd?"}))
        assert "PhD" in (await slack.wait_for_call("response_url", 2))["text"]
        await bot.post_payload(payloads.build_mention("help", ts="1700.2"))
        await slack.wait_for_call("chat.postMessage", 3)  # and here it is open again
        await bot.post_payload(
            payloads.build_mention("help", ts="1700.1")
        )  # Slack's last retry comes after five minutes
        await bot.post_payload(payloads.build_mention("help", ts="1700.3"))
        await slack.wait_for_call("chat.postMessage", 4)
        answered = [shown["thread_ts"] for shown in slack.list_payloads("chat.postMessage")]
        assert answered == ["1700.0", "1700.1", "1700.2", "1700.3"]


async def test_stop_finishes_in_flight_work(tmp_path: Path) -> None:
    async with run_fake_slack() as slack, run_machine(tmp_path, **build_slack_env(slack.url)) as bot:
        await bot.start()
        slack.faults["chat.postMessage"] = ["hang"]
        await bot.post_payload(payloads.build_mention("help"))
        await slack.wait_for_call("chat.postMessage")
        ending = asyncio.create_task(bot.stop(signal.SIGTERM))
        told = await slack.wait_for_call("chat.postEphemeral")  # Slack hangs, so the person gets a sentence
        assert told["user"] == "U1"
        assert await ending == 0


@pytest.mark.slow
async def test_stop_ends_in_time_whatever_hangs(tmp_path: Path) -> None:
    """A tip that Slack does not take and a request that never ends: containers are killed soon after."""
    with closing(Store.open(tmp_path, None, build_key_ring(("a secret of the tests",)))) as store:
        now = datetime.now(UTC)
        due = Subscription(
            Tenant("slack", "T1"),
            "C1",
            False,
            "U1",
            Schedule("daily", time(9), "UTC", now.date()),
            next_due_at=now,
        )
        store.subscriptions.save(due, now)
    async with (
        run_fake_slack() as slack,
        run_machine(tmp_path, CAREER_BOT_WEB_UI="1", **build_slack_env(slack.url)) as bot,
    ):
        slack.faults["chat.postMessage"] = ["hang"]
        await bot.start()
        _, half = await asyncio.open_connection("127.0.0.1", int(bot.url.rpartition(":")[2]))
        with closing(half):
            half.write(b"POST /page/request HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")
            await half.drain()
            await slack.wait_for_call("chat.postMessage")
            assert await bot.stop(signal.SIGTERM) == 0


@pytest.mark.slow
async def test_slack_may_come_later(tmp_path: Path) -> None:
    port = find_free_port()
    environ = {
        "SLACK_BOT_TOKEN": "t", "SLACK_APP_TOKEN": "a", "SLACK_API_URL": f"http://127.0.0.1:{port}/api",
    }  # fmt: skip
    async with run_machine(tmp_path, **environ) as bot:
        await bot.start()
        assert await bot.wait_until("/readyz", ready=False) == 503
        async with run_fake_slack(port) as slack:
            assert await bot.wait_until("/readyz", Slack=True) == 200
            await _check_socket_reply(slack)
        assert await bot.wait_until("/readyz", Slack=False) == 503
        async with run_fake_slack(port) as slack:
            assert await bot.wait_until("/readyz", Slack=True) == 200
            await _check_socket_reply(slack)


async def _check_socket_reply(slack: FakeSlack) -> None:
    envelope: Json = {
        "type": "slash_commands", "envelope_id": payloads.create_id(), "accepts_response_payload": True,
        "payload": payloads.build_slash_command("privacy", slack.response_url),
    }  # fmt: skip
    await slack.send_envelope(envelope)
    assert (await slack.wait_for_ack(envelope["envelope_id"]))["payload"]["response_type"] == "ephemeral"
