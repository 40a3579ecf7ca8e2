"""`career-bot run` as outside clients meet it: a process of its own, pointed at them by its environment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.platforms.discord.discord_harness import read_text
from tests.platforms.discord.fake_server import BOT, FakeDiscord, run_fake_discord


def build_env(data_dir: Path, discord: FakeDiscord) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_"))}
    return {
        **kept,
        "DISCORD_TOKEN": "not a token of any known shape",
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "CAREER_BOT_DATA_DIR": str(data_dir),
        "CAREER_BOT_PORT": "0",
    }


@asynccontextmanager
async def run_bot_process(data_dir: Path, discord: FakeDiscord) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot, connected; killed at the end when it still runs."""
    before = len(discord.identify_payloads)
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=build_env(data_dir, discord), cwd=Path(__file__).parents[3],
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await discord.wait_until(lambda: len(discord.identify_payloads) > before and bool(discord.sockets))
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.wait()


@pytest.mark.slow
async def test_buttons_work_after_a_kill(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        async with run_bot_process(tmp_path, stub) as bot:
            card = stub.result_message(await stub.send_slash_command("card", card="phd-or-not"))
            form = (await stub.send_slash_command("ask", question="zzzz qqqq")).data
            again = next(
                part
                for row in form["components"]
                for part in row.get("components", [])
                if part["custom_id"] == "bot:ask"
            )
            modal = (await stub.click_button({**card, **form}, again["custom_id"])).data
            bot.send_signal(signal.SIGKILL)
            await bot.wait()
        await stub.wait_until(lambda: not stub.sockets)
        async with run_bot_process(tmp_path, stub):
            theirs = next(
                one["value"]
                for row in card["components"]
                for part in row.get("components", [])
                for one in part.get("options", [])
            )
            picked = await stub.send_interaction(
                3, {"custom_id": "pick:0", "component_type": 3, "values": [theirs]}, message=card
            )
            assert read_text(stub.result_message(picked))
            filled = await stub.submit_modal(modal, question="should I do a phd?")
            assert filled.is_ephemeral
            await stub.wait_until(lambda: "PhD" in read_text(stub.result_message(filled)))
            await stub.send_mention(f"<@{BOT}> compare big tech, academia", message_id="777")
            await stub.wait_until(lambda: bool(stub.list_bot_messages("777")))
            assert len(stub.commands) == 1


async def test_sigterm_lets_it_stop_by_itself(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_bot_process(tmp_path, stub) as bot:
        await stub.send_slash_command("privacy")
        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), 10) == 0


async def test_sync_is_a_command_of_its_own(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "discord", "sync", env=build_env(tmp_path, stub),
            cwd=Path(__file__).parents[3], stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert await asyncio.wait_for(bot.wait(), 20) == 0
        assert stub.commands
        assert stub.identify_payloads == []
