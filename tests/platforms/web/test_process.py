"""`career-bot run` with nothing connected: it says where the page is, answers there, and stops politely."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from aiohttp import ClientSession


async def test_a_bot_with_no_token_is_the_page(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_"))}
    environment = {**kept, "CAREER_BOT_DATA_DIR": str(tmp_path), "CAREER_BOT_PORT": "0"}
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, cwd=Path(__file__).parents[3],
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert bot.stdout is not None
    try:
        told = (await asyncio.wait_for(bot.stdout.readline(), 30)).decode()
        address = re.findall(r"http://127\.0\.0\.1:\d+", told)[0]
        async with ClientSession() as http:
            async with http.get(address) as page:
                assert 'name="view" value="slack"' in await page.text()
            asked = {
                "action": "line",
                "inputs": {"line": "card phd-or-not"},
            }  # needs no search that is still loading
            async with http.post(f"{address}/page/request", json=asked) as answer:
                html = (await answer.json())["html"]
        assert "Is a " in html
        assert "rich_text" in html, "the preview of Slack's payload"
    finally:
        bot.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(bot.communicate(), 30)
    assert (bot.returncode, errors) == (0, b"")
