"""`career-bot run` as one process with both platforms, as outside clients meet it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession

from bot.store.community import Community
from bot.store.keys import ring_of
from bot.store.store import Store
from bot.store.tips import Subscription
from tests.platforms.discord.stub import Stub
from tests.platforms.discord.stub import running as discord_stub
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import pressable
from tests.platforms.slack.stand_in import Json, StandIn, stand_in

DEADLINE = 30.0  # seconds for a process to start on a busy machine


class Running:
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
        await self.until("/healthz", alive=True)

    async def until(self, path: str, **said: bool) -> int:
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

    async def said(self, path: str) -> Any:
        """What an address says now."""
        async with self._http.get(self.url + path) as answer:
            return await answer.json()

    async def post(self, payload: Json) -> Any:
        """Send what Slack sends; the ack."""
        body, kind = payloads.on_wire(payload)
        now = str(int(datetime.now(UTC).timestamp()))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": payloads.signature(body, now),
        }
        async with self._http.post(f"{self.url}/slack/events", data=body, headers=headers) as answer:
            assert answer.status == 200
            said = await answer.text()
            return await answer.json() if said.startswith("{") else said

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), 10)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def machine(data: Path, **environ: str) -> AsyncIterator[Running]:
    """A machine with settings; what still runs on it at the end is killed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_"))}
    async with ClientSession() as http:
        running = Running(free_port(), http, {**kept, "CAREER_BOT_DATA": str(data), **environ})
        try:
            yield running
        finally:
            if running.process is not None and running.process.returncode is None:
                running.process.kill()
                await running.process.wait()


def on_slack(url: str) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": payloads.SECRET, "SLACK_API_URL": f"{url}/api/"}


def on_discord(stub: Stub) -> dict[str, str]:
    return {"DISCORD_TOKEN": "t", "DISCORD_API_URL": stub.api, "DISCORD_GATEWAY_URL": stub.gateway}


async def test_both_in_one_process_and_losing_one_does_not_stop_the_other(tmp_path: Path) -> None:
    async with (
        stand_in() as slack,
        discord_stub() as stub,
        machine(tmp_path, **on_slack(slack.url), **on_discord(stub)) as bot,
    ):
        await bot.start()
        assert await bot.until("/readyz", Slack=True, Discord=True) == 200
        assert (await stub.slash("privacy")).ephemeral
        stub.close_code = 4004  # Discord no longer knows the token
        await stub.drop(4004)
        assert await bot.until("/readyz", Slack=True, Discord=False) == 200
        ack = await bot.post(payloads.command("privacy", slack.response_url))
        assert ack["response_type"] == "ephemeral"
        assert await bot.end(signal.SIGTERM) == 0


async def test_what_stood_before_a_kill_works_after_it(tmp_path: Path) -> None:
    async with stand_in() as slack, machine(tmp_path, **on_slack(slack.url)) as bot:
        await bot.start()
        ack = await bot.post(payloads.command("compare big-tech academia", slack.response_url))
        await bot.post(payloads.command("ask", slack.response_url))
        view = (await slack.next("views.open"))["view"]
        await bot.post(payloads.mention("help", ts="1700.0"))
        await slack.next("chat.postMessage")  # from now on the database is open, however busy the machine
        await bot.post(payloads.mention("help", ts="1700.1"))
        await slack.next("chat.postMessage", 2)

        await bot.end(signal.SIGKILL)
        await bot.start()

        press = pressable(ack["blocks"])["Collaboration and roles"]
        await bot.post(payloads.click(press["action_id"], slack.response_url))
        assert (await slack.next("response_url"))["replace_original"] is True
        await bot.post(payloads.submission(view, {"question": "should I do a phd?"}))
        assert "doctorate" in (await slack.next("response_url", 2))["text"]
        await bot.post(payloads.mention("help", ts="1700.2"))
        await slack.next("chat.postMessage", 3)  # and here it is open again
        await bot.post(payloads.mention("help", ts="1700.1"))  # Slack's last retry comes after five minutes
        await bot.post(payloads.mention("help", ts="1700.3"))
        await slack.next("chat.postMessage", 4)
        answered = [shown["thread_ts"] for shown in slack.made("chat.postMessage")]
        assert answered == ["1700.0", "1700.1", "1700.2", "1700.3"]


async def test_being_told_to_stop_it_finishes_what_is_in_flight(tmp_path: Path) -> None:
    async with stand_in() as slack, machine(tmp_path, **on_slack(slack.url)) as bot:
        await bot.start()
        slack.trouble["chat.postMessage"] = ["hang"]
        await bot.post(payloads.mention("help"))
        await slack.next("chat.postMessage")
        ending = asyncio.create_task(bot.end(signal.SIGTERM))
        told = await slack.next("chat.postEphemeral")  # Slack hangs, so the person gets a sentence
        assert told["user"] == "U1"
        assert await ending == 0


async def test_being_told_to_stop_it_is_over_in_time_whatever_hangs(tmp_path: Path) -> None:
    """A tip that Slack does not take and a request that never ends: containers are killed soon after."""
    with closing(Store.open(tmp_path, None, ring_of(("a secret of the tests",)))) as store:
        now = datetime.now(UTC)
        due = Subscription(
            Community("slack", "T1"), "C1", False, "U1", "daily", "09:00", "UTC", now.date(), next_due_at=now
        )
        store.subscriptions.put(due, now)
    async with stand_in() as slack, machine(tmp_path, CAREER_BOT_PAGE="1", **on_slack(slack.url)) as bot:
        slack.trouble["chat.postMessage"] = ["hang"]
        await bot.start()
        _, half = await asyncio.open_connection("127.0.0.1", int(bot.url.rpartition(":")[2]))
        with closing(half):
            half.write(b"POST /page/request HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")
            await half.drain()
            await slack.next("chat.postMessage")
            assert await bot.end(signal.SIGTERM) == 0


async def test_slack_may_come_later(tmp_path: Path) -> None:
    port = free_port()
    environ = {
        "SLACK_BOT_TOKEN": "t", "SLACK_APP_TOKEN": "a", "SLACK_API_URL": f"http://127.0.0.1:{port}/api",
    }  # fmt: skip
    async with machine(tmp_path, **environ) as bot:
        await bot.start()
        assert await bot.until("/readyz", ready=False) == 503
        async with stand_in(port) as slack:
            assert await bot.until("/readyz", Slack=True) == 200
            await _answers(slack)
        assert await bot.until("/readyz", Slack=False) == 503
        async with stand_in(port) as slack:
            assert await bot.until("/readyz", Slack=True) == 200
            await _answers(slack)


async def _answers(slack: StandIn) -> None:
    envelope: Json = {
        "type": "slash_commands", "envelope_id": payloads.fresh(), "accepts_response_payload": True,
        "payload": payloads.command("privacy", slack.response_url),
    }  # fmt: skip
    await slack.send(envelope)
    assert (await slack.ack(envelope["envelope_id"]))["payload"]["response_type"] == "ephemeral"
