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
from bot.service import Service
from bot.shelf import Shelf
from bot.store.home import Home
from tests.chat import CONTENT
from tests.platforms.web.site import Visit, served

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the real content to write in."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest_asyncio.fixture(loop_scope="session")
async def writing(browser: Browser, content: Path) -> AsyncIterator[Visit]:
    """An author at the page of a bot that watches the content."""
    shelf = Shelf(content, lambda: datetime.now(UTC))
    home = Home(content.parent / "data", None, ("a secret of the tests",))
    watching = asyncio.create_task(shelf.watch())
    service = Service(lambda: shelf.edition, COMMANDS, "/career", home)
    async with served(service, lambda: shelf.state.problems) as address:
        context = await browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(15_000)
        tab = await context.new_page()
        async with tab.expect_response("**/page/state"):  # the page knows which content it started with
            await tab.goto(address)
        yield Visit(tab)
        await context.close()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    home.close()


async def test_a_change_is_in_the_next_answer(writing: Visit, content: Path) -> None:
    card = content / "cards" / "phd-or-not.yaml"
    changed = card.read_text().replace("title: Is a doctorate", "title: Nowadays, is a doctorate")
    beside = card.with_suffix(".swp")  # as an editor saves: beside, then renamed over the old file
    beside.write_text(changed)
    beside.rename(card)
    await expect(writing.tab.get_by_text("New content is in")).to_be_visible()
    await writing.say("/career card phd-or-not")
    await expect(writing.last).to_contain_text("Nowadays, is a doctorate")


async def test_a_broken_change_is_refused_with_its_place(writing: Visit, content: Path) -> None:
    card = content / "cards" / "phd-or-not.yaml"
    good = card.read_text()
    card.write_text(good.replace("kind: decision", "kind: decison"))
    told = writing.tab.get_by_text("Your last change is not in")
    await expect(told).to_be_visible()
    await expect(writing.tab.locator("#problems")).to_contain_text("cards/phd-or-not.yaml:4")
    await writing.say("/career card phd-or-not")
    await expect(writing.last).to_contain_text("Is a doctorate worth it")
    card.write_text(good)
    await expect(told).to_be_hidden()


async def test_a_bot_that_is_gone_is_told_and_the_words_are_kept(browser: Browser, content: Path) -> None:
    shelf = Shelf(content, lambda: datetime.now(UTC))
    home = Home(content.parent / "data", None, ("a secret of the tests",))
    context = await browser.new_context(reduced_motion="reduce")
    visit = Visit(await context.new_page())
    async with served(Service(lambda: shelf.edition, COMMANDS, "/career", home)) as address:
        await visit.tab.goto(address)
    await visit.line.fill("should I do a phd?")
    await visit.line.press("Enter")
    await expect(visit.tab.get_by_text("The bot did not answer.")).to_be_visible()
    await expect(visit.line).to_have_value("should I do a phd?")
    await expect(visit.tab.get_by_text("The page goes on trying.")).to_be_visible()
    await context.close()
    home.close()
