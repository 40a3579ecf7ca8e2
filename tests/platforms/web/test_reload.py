"""Authors keep the page open while they write: a change is in the next answer, a broken one says why."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.commands import COMMANDS
from bot.live_content import LiveContent
from bot.service import Service
from bot.store.storage import Storage
from tests.chat import CONTENT
from tests.platforms.web.page_driver import PageDriver, run_web_server

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    """A copy of the real content to write in."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest_asyncio.fixture(loop_scope="session")
async def author_driver(browser: Browser, content_dir: Path) -> AsyncIterator[PageDriver]:
    """An author at the page of a bot that watches the content."""
    shelf = LiveContent(content_dir, lambda: datetime.now(UTC))
    home = Storage(content_dir.parent / "data", None, ("a secret of the tests",))
    watching = asyncio.create_task(shelf.watch())
    service = Service(lambda: shelf.snapshot, COMMANDS, "/career", home)
    async with run_web_server(service, lambda: shelf.reload_status.problems) as address:
        context = await browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(15_000)
        tab = await context.new_page()
        async with tab.expect_response("**/page/state"):  # the page knows which content it started with
            await tab.goto(address)
        yield PageDriver(tab)
        await context.close()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    home.close()


async def test_a_change_is_in_the_next_answer(author_driver: PageDriver, content_dir: Path) -> None:
    card = content_dir / "cards" / "phd-or-not.yaml"
    changed = card.read_text().replace("title: Is a PhD", "title: Nowadays, is a PhD")
    beside = card.with_suffix(".swp")  # as an editor saves: beside, then renamed over the old file
    beside.write_text(changed)
    beside.rename(card)
    await expect(author_driver.tab.get_by_text("New content is live")).to_be_visible()
    await author_driver.send_line("/career card phd-or-not")
    await expect(author_driver.last_message).to_contain_text("Nowadays, is a PhD")


async def test_a_broken_change_is_refused_with_its_place(
    author_driver: PageDriver, content_dir: Path
) -> None:
    card = content_dir / "cards" / "phd-or-not.yaml"
    good = card.read_text()
    card.write_text(good.replace("kind: decision", "kind: decison"))
    told = author_driver.tab.get_by_text("Your last change isn't live")
    await expect(told).to_be_visible()
    await expect(author_driver.tab.locator("#problems")).to_contain_text("cards/phd-or-not.yaml:4")
    await author_driver.send_line("/career card phd-or-not")
    await expect(author_driver.last_message).to_contain_text("Is a PhD worth it")
    card.write_text(good)
    await expect(told).to_be_hidden()


async def test_unreachable_bot_is_reported_and_the_input_kept(browser: Browser, content_dir: Path) -> None:
    shelf = LiveContent(content_dir, lambda: datetime.now(UTC))
    home = Storage(content_dir.parent / "data", None, ("a secret of the tests",))
    context = await browser.new_context(reduced_motion="reduce")
    visit = PageDriver(await context.new_page())
    async with run_web_server(Service(lambda: shelf.snapshot, COMMANDS, "/career", home)) as address:
        await visit.tab.goto(address)
    await visit.line_input.fill("should I do a phd?")
    await visit.line_input.press("Enter")
    await expect(visit.tab.get_by_text("The bot didn't answer.")).to_be_visible()
    await expect(visit.line_input).to_have_value("should I do a phd?")
    await expect(visit.tab.get_by_text("This page keeps trying.")).to_be_visible()
    await context.close()
    home.close()
