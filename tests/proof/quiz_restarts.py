"""A run with a new operating-system process between every two presses, each killed with signal 9.

Eight questions with one Back, in the program itself and through what stands where Slack's and Discord's
servers would: what is pressed was written by a process that is dead.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from aiohttp import ClientSession

from tests.platforms.discord import fake_server as discord_stub
from tests.platforms.discord.api_validation import BUTTON, iter_components
from tests.platforms.discord.test_process import run_bot_process as discord_process
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import find_controls, read_text
from tests.platforms.slack.fake_server import FakeSlack, run_fake_slack
from tests.proof.proof_result import ProofResult

REPOSITORY_ROOT = Path(__file__).parents[2]
QUIZ = "research-or-engineering"
LABELS = (
    *("Start", "Test an idea of my own", "Into a paper I saved"),
    *("Test whether it holds", "Back", "Test whether it holds"),
    *("The better structure for the code", "Ship the plain one and move on", "Whether it ran, and how fast"),
    *("The maths behind a method", "It now runs for every customer"),
    "When it has run without trouble",
)
_DEADLINE = 30.0  # seconds for one press, a process that starts included


class QuizClient(Protocol):
    """One way to the bot."""

    async def start_quiz(self) -> str:
        """Begin a run; what the page says."""

    async def press(self, label: str) -> str:
        """Press what reads so; what the page then says."""

    def run_process(self) -> Any:
        """A new process, killed at the end of the block."""


class DirectQuizClient:
    """The program without a platform: each press is a process by itself."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._blocks: list[dict[str, Any]] = []

    @asynccontextmanager
    async def run_process(self) -> AsyncIterator[None]:
        """Each press starts its own."""
        yield

    async def start_quiz(self) -> str:
        """Begin a run."""
        return await self._send_action("quiz", {"name": QUIZ})

    async def press(self, label: str) -> str:
        """Press what reads so."""
        buttons = [one for block in self._blocks for one in block.get("buttons", ())]
        return await self._send_action(next(one["action"] for one in buttons if one["label"] == label), {})

    async def _send_action(self, action: str, inputs: dict[str, str]) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.proof.single_action", action, json.dumps(inputs),
            env={**_build_clean_env(), "CAREER_BOT_DATA_DIR": str(self._data)}, cwd=REPOSITORY_ROOT,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        self._blocks = json.loads(out)["blocks"]
        return out.decode()


class SlackQuizClient:
    """The bot behind its HTTP door."""

    def __init__(self, data: Path, slack: FakeSlack) -> None:
        self._data = data
        self._slack = slack
        self._bot_url = ""
        self._message: dict[str, Any] = {}

    @asynccontextmanager
    async def run_process(self) -> AsyncIterator[None]:
        """A bot; its address is the first thing it says."""
        env = {
            "SLACK_BOT_TOKEN": "any", "SLACK_SIGNING_SECRET": payloads.SECRET, "CAREER_BOT_PORT": "0",
            "SLACK_API_URL": f"{self._slack.url}/api/", "CAREER_BOT_DATA_DIR": str(self._data),
        }  # fmt: skip
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env={**_build_clean_env(), **env}, cwd=REPOSITORY_ROOT,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert bot.stdout is not None
        said = (await asyncio.wait_for(bot.stdout.readline(), _DEADLINE)).decode()
        self._bot_url = next(word for word in said.split() if word.startswith("http"))
        try:
            yield
        finally:
            bot.send_signal(signal.SIGKILL)
            await bot.wait()

    async def start_quiz(self) -> str:
        """Type the command; the run stands in the person's own messages."""
        await self._send_payload(payloads.build_slash_command(f"quiz {QUIZ}", self._slack.response_url))
        await self._slack.wait_until(lambda: bool(self._start_messages))
        self._message = self._start_messages[-1]
        return read_text(self._message["blocks"])

    async def press(self, label: str) -> str:
        """Press, with the message as Slack shows it; the bot answers through the response_url."""
        blocks, before = self._message["blocks"], len(self._replacements)
        row = next(one for one in blocks if label in find_controls([one]))
        click = payloads.build_click(
            **find_controls(blocks)[label], response_url=self._slack.response_url, block_id=row["block_id"],
            channel="D1", thread_ts=self._message.get("thread_ts"), ephemeral=False,
        )  # fmt: skip
        await self._send_payload({**click, "message": {"ts": "1700000000.000100", "blocks": blocks}})
        await self._slack.wait_until(lambda: len(self._replacements) > before)
        self._message = {**self._message, **self._replacements[-1]}
        return read_text(self._message["blocks"])

    @property
    def _start_messages(self) -> list[dict[str, Any]]:
        posted = self._slack.list_payloads("chat.postMessage")
        return [one for one in posted if "Start" in find_controls(one.get("blocks", []))]

    @property
    def _replacements(self) -> list[dict[str, Any]]:
        return [one for one in self._slack.list_payloads("response_url") if one.get("replace_original")]

    async def _send_payload(self, payload: dict[str, Any]) -> None:
        body, kind = payloads.encode_payload(payload)
        now = str(int(datetime.now(UTC).timestamp()))
        headers = {
            "Content-Type": kind, "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": payloads.sign_body(body, now),
        }  # fmt: skip
        url = f"{self._bot_url}/slack/events"
        async with ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 200


class DiscordQuizClient:
    """The bot at its gateway; no thread can be opened there, so the run is a message for its owner alone."""

    def __init__(self, data: Path, stub: discord_stub.FakeDiscord) -> None:
        self._data = data
        self._discord = stub
        self._message: dict[str, Any] = {}

    @asynccontextmanager
    async def run_process(self) -> AsyncIterator[None]:
        """A bot that is connected."""
        await self._discord.wait_until(lambda: not self._discord.sockets)
        async with discord_process(self._data, self._discord) as bot:
            yield
            bot.send_signal(signal.SIGKILL)
            await bot.wait()

    async def start_quiz(self) -> str:
        """Type the command."""
        return await self._read_response(await self._discord.send_slash_command("quiz", name=QUIZ))

    async def press(self, label: str) -> str:
        """Press what reads so."""
        part = next(one for one in self._list_buttons() if one["label"] == label)
        return await self._read_response(await self._discord.click_button(self._message, part["custom_id"]))

    async def _read_response(self, interaction: discord_stub.FakeInteraction) -> str:
        await self._discord.wait_until(
            lambda: bool(interaction.message and interaction.message["components"])
        )
        self._message = self._discord.result_message(interaction)
        return json.dumps(self._message["components"])

    def _list_buttons(self) -> list[dict[str, Any]]:
        return [part for part in iter_components(self._message["components"]) if part["type"] == BUTTON]


def _build_clean_env() -> dict[str, str]:
    """The environment without anything that would connect the bot elsewhere."""
    ours = ("SLACK_", "DISCORD_", "CAREER_BOT_", "DATABASE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


async def play_quiz(client: QuizClient, kill_before: set[int]) -> tuple[int, str]:
    """Play the run; a process dies before each press of these numbers. How many did, and the last page."""
    died, number, said = 0, 0, ""
    while number < len(LABELS):
        async with client.run_process():
            if number == 0:
                said = await client.start_quiz()
            while True:
                said = await asyncio.wait_for(client.press(LABELS[number]), _DEADLINE)
                number += 1
                if number in kill_before or number == len(LABELS):
                    break
        died += 1
    return died, said


def is_result_page(page: str) -> bool:
    """Whether this is the result with its code."""
    return "Research or engineering: Both" in page and "what changed: " in page


async def _run_clients(random: Random, share: float) -> list[ProofResult]:
    every, third = set(range(1, len(LABELS))), {4}
    names = ("alone", "slack", "discord") if share == 1.0 else (random.choice(("slack", "discord")),)
    found = []
    for name in names:
        with TemporaryDirectory() as data:
            died, said = await _run_client(name, Path(data), every if share == 1.0 else third)
        found.append(
            ProofResult(f"processes killed during a run: {name}", died, int(not is_result_page(said)))
        )
    return found


async def _run_client(name: str, data: Path, kill_before: set[int]) -> tuple[int, str]:
    if name == "slack":
        async with run_fake_slack() as slack:
            return await play_quiz(SlackQuizClient(data, slack), kill_before)
    if name == "discord":
        async with discord_stub.run_fake_discord() as stub:
            return await play_quiz(DiscordQuizClient(data, stub), kill_before)
    return await play_quiz(DirectQuizClient(data), kill_before)


def prove(seed: int, share: float) -> list[ProofResult]:
    """Play each way whole; for a part of it, one way with one kill after the third question."""
    return asyncio.run(_run_clients(Random(seed), share))
