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

from tests.platforms.discord import stub as discord_stub
from tests.platforms.discord.rules import BUTTON, walk
from tests.platforms.discord.test_process import process as discord_process
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import pressable, words
from tests.platforms.slack.stand_in import StandIn, stand_in
from tests.proof.finding import Finding

HERE = Path(__file__).parents[2]
QUIZ = "research-or-engineering"
PRESSES = (
    *(
        "Begin",
        "Test an idea of my own",
        "Into a paper I saved",
        "Test whether it holds",
        "Back",
        "Test whether it holds",
    ),
    *("The better structure for the code", "Ship the plain one and move on", "Whether it ran, and how fast"),
    *("The maths behind a method", "It now runs for every customer"),
    "When it has run without trouble",
)
_DEADLINE = 30.0  # seconds for one press, a process that starts included


class Way(Protocol):
    """One way to the bot."""

    async def open(self) -> str:
        """Begin a run; what the page says."""

    async def press(self, label: str) -> str:
        """Press what reads so; what the page then says."""

    def alive(self) -> Any:
        """A new process, killed at the end of the block."""


class Alone:
    """The program without a platform: each press is a process by itself."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._blocks: list[dict[str, Any]] = []

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Each press starts its own."""
        yield

    async def open(self) -> str:
        """Begin a run."""
        return await self._do("quiz", {"name": QUIZ})

    async def press(self, label: str) -> str:
        """Press what reads so."""
        buttons = [one for block in self._blocks for one in block.get("buttons", ())]
        return await self._do(next(one["action"] for one in buttons if one["label"] == label), {})

    async def _do(self, action: str, inputs: dict[str, str]) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.proof.one_press", action, json.dumps(inputs),
            env={**_plain(), "CAREER_BOT_DATA": str(self._data)}, cwd=HERE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        self._blocks = json.loads(out)["blocks"]
        return out.decode()


class OnSlack:
    """The bot behind its HTTP door."""

    def __init__(self, data: Path, slack: StandIn) -> None:
        self._data = data
        self._slack = slack
        self._door = ""
        self._shown: dict[str, Any] = {}

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """A bot; its address is the first thing it says."""
        env = {
            "SLACK_BOT_TOKEN": "any", "SLACK_SIGNING_SECRET": payloads.SECRET, "CAREER_BOT_PORT": "0",
            "SLACK_API_URL": f"{self._slack.url}/api/", "CAREER_BOT_DATA": str(self._data),
        }  # fmt: skip
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env={**_plain(), **env}, cwd=HERE,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert bot.stdout is not None
        said = (await asyncio.wait_for(bot.stdout.readline(), _DEADLINE)).decode()
        self._door = next(word for word in said.split() if word.startswith("http"))
        try:
            yield
        finally:
            bot.send_signal(signal.SIGKILL)
            await bot.wait()

    async def open(self) -> str:
        """Type the command; the run stands in the person's own messages."""
        await self._send(payloads.command(f"quiz {QUIZ}", self._slack.response_url))
        await self._slack.until(lambda: bool(self._begun))
        self._shown = self._begun[-1]
        return words(self._shown["blocks"])

    async def press(self, label: str) -> str:
        """Press, with the message as Slack shows it; the bot answers through the response_url."""
        blocks, before = self._shown["blocks"], len(self._replaced)
        row = next(one for one in blocks if label in pressable([one]))
        click = payloads.click(
            **pressable(blocks)[label], response_url=self._slack.response_url, block_id=row["block_id"],
            channel="D1", thread=self._shown.get("thread_ts"), ephemeral=False,
        )  # fmt: skip
        await self._send({**click, "message": {"ts": "1700000000.000100", "blocks": blocks}})
        await self._slack.until(lambda: len(self._replaced) > before)
        self._shown = {**self._shown, **self._replaced[-1]}
        return words(self._shown["blocks"])

    @property
    def _begun(self) -> list[dict[str, Any]]:
        posted = self._slack.made("chat.postMessage")
        return [one for one in posted if "Begin" in pressable(one.get("blocks", []))]

    @property
    def _replaced(self) -> list[dict[str, Any]]:
        return [one for one in self._slack.made("response_url") if one.get("replace_original")]

    async def _send(self, payload: dict[str, Any]) -> None:
        body, kind = payloads.on_wire(payload)
        now = str(int(datetime.now(UTC).timestamp()))
        headers = {
            "Content-Type": kind, "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": payloads.signature(body, now),
        }  # fmt: skip
        url = f"{self._door}/slack/events"
        async with ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 200


class OnDiscord:
    """The bot at its gateway; no thread can be opened there, so the run is a message for its owner alone."""

    def __init__(self, data: Path, stub: discord_stub.Stub) -> None:
        self._data = data
        self._stub = stub
        self._shown: dict[str, Any] = {}

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """A bot that is connected."""
        await self._stub.until(lambda: not self._stub.sockets)
        async with discord_process(self._data, self._stub) as bot:
            yield
            bot.send_signal(signal.SIGKILL)
            await bot.wait()

    async def open(self) -> str:
        """Type the command."""
        return await self._settled(await self._stub.slash("quiz", name=QUIZ))

    async def press(self, label: str) -> str:
        """Press what reads so."""
        part = next(one for one in self._buttons() if one["label"] == label)
        return await self._settled(await self._stub.click(self._shown, part["custom_id"]))

    async def _settled(self, asked: discord_stub.Asked) -> str:
        await self._stub.until(lambda: bool(asked.message and asked.message["components"]))
        self._shown = self._stub.shown(asked)
        return json.dumps(self._shown["components"])

    def _buttons(self) -> list[dict[str, Any]]:
        return [part for part in walk(self._shown["components"]) if part["type"] == BUTTON]


def _plain() -> dict[str, str]:
    """The environment without anything that would connect the bot elsewhere."""
    ours = ("SLACK_", "DISCORD_", "CAREER_BOT_", "DATABASE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


async def played(way: Way, kills: set[int]) -> tuple[int, str]:
    """Play the run; a process dies before each press of these numbers. How many did, and the last page."""
    died, number, said = 0, 0, ""
    while number < len(PRESSES):
        async with way.alive():
            if number == 0:
                said = await way.open()
            while True:
                said = await asyncio.wait_for(way.press(PRESSES[number]), _DEADLINE)
                number += 1
                if number in kills or number == len(PRESSES):
                    break
        died += 1
    return died, said


def arrived(said: str) -> bool:
    """Whether this is the result with its code."""
    return "Research or engineering: Both" in said and "what has moved: " in said


async def _prove(draw: Random, share: float) -> list[Finding]:
    every, third = set(range(1, len(PRESSES))), {4}
    names = ("alone", "slack", "discord") if share == 1.0 else (draw.choice(("slack", "discord")),)
    found = []
    for name in names:
        with TemporaryDirectory() as data:
            died, said = await _along(name, Path(data), every if share == 1.0 else third)
        found.append(Finding(f"processes killed during a run: {name}", died, int(not arrived(said))))
    return found


async def _along(name: str, data: Path, kills: set[int]) -> tuple[int, str]:
    if name == "slack":
        async with stand_in() as slack:
            return await played(OnSlack(data, slack), kills)
    if name == "discord":
        async with discord_stub.running() as stub:
            return await played(OnDiscord(data, stub), kills)
    return await played(Alone(data), kills)


def prove(seed: int, share: float) -> list[Finding]:
    """Play each way whole; for a part of it, one way with one kill after the third question."""
    return asyncio.run(_prove(Random(seed), share))
