"""Threads open at the side; the person reads and presses on there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.commands.command import Command, Context
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Heading
from bot.dialogue.reply import Audience, Here, PrivateThread, Reply, Thread
from bot.dialogue.request import Request
from bot.service import Edition, Service
from bot.store.home import Home
from tests.platforms.web.site import Visit, served

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _walk(request: Request, _context: Context) -> Reply:
    """A walk through numbered places: opens a thread, then edits its message."""
    number = int(request.action.args[0]) if request.action.args else 0
    place = Here() if number else PrivateThread("A walk")
    onward = Button("Onward", Action("privacy.on", (str(number + 1),)))
    aside = Button("Aloud", Action("privacy.aloud"))
    buttons = Buttons((onward, aside) if number == 0 else (onward,))
    return Reply((Heading(f"Place {number}"), buttons), f"Place {number}", place=place, replace=number > 0)


def _aloud(_request: Request, _context: Context) -> Reply:
    thread = Thread("A public walk")
    return Reply((Heading("Heard by all"),), "Heard", Audience.EVERYONE, thread)


# Under a name that has sentences of its own already.
WALK = Command(name="privacy", answer=_walk, verbs={"on": _walk, "aloud": _aloud})


@pytest_asyncio.fixture(loop_scope="session")
async def walk(browser: Browser, edition: Edition, tmp_path: Path) -> AsyncIterator[Visit]:
    home = Home(tmp_path / "data", None, ("a secret of the tests",))
    async with served(Service(lambda: edition, (WALK,), "/career", home)) as address:
        context = await browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
        context.set_default_timeout(10_000)
        tab = await context.new_page()
        await tab.goto(address)
        yield Visit(tab)
        await context.close()
    home.close()


async def _begin(visit: Visit) -> None:
    await visit.line.fill("/career privacy")
    await visit.line.press("Enter")
    await expect(visit.tab.get_by_role("complementary", name="A walk")).to_be_visible()


async def test_a_thread_opens_at_the_side_and_goes_on_there(walk: Visit) -> None:
    await _begin(walk)
    side = walk.tab.get_by_role("complementary")
    await expect(side).to_contain_text("Only you see this")
    await expect(walk.tab.locator("#side-name")).to_be_focused()
    for number in (1, 2, 3):
        await side.get_by_role("button", name="Onward").click()
        await expect(side.get_by_role("heading", name=f"Place {number}")).to_be_visible()
    await expect(side.get_by_role("article")).to_have_count(1)  # edited in place each time
    await expect(side.get_by_role("button", name="Onward")).to_be_focused()
    await expect(walk.channel.get_by_role("article")).to_have_count(0)


async def test_a_closed_thread_is_opened_again_by_its_door(walk: Visit) -> None:
    await _begin(walk)
    side = walk.tab.get_by_role("complementary")
    await side.get_by_role("button", name="Close").click()
    await expect(side).to_be_hidden()
    door = walk.channel.get_by_role("button", name="Open the thread")
    await expect(door).to_be_focused()
    await door.click()
    await expect(side.get_by_role("heading", name="Place 0")).to_be_visible()


async def test_a_public_thread_says_that_everyone_sees_it(walk: Visit) -> None:
    await _begin(walk)
    await walk.tab.get_by_role("button", name="Aloud").click()
    side = walk.tab.get_by_role("complementary", name="A public walk")
    await expect(side).to_contain_text("Everyone in #career sees this")
    await expect(walk.channel.get_by_role("button", name="Open the thread")).to_have_count(2)


async def test_on_a_phone_the_thread_takes_the_whole_width(walk: Visit) -> None:
    await walk.tab.set_viewport_size({"width": 360, "height": 740})
    await _begin(walk)
    await expect(walk.line).to_be_hidden()
    assert await walk.sideways() == []
    await walk.tab.keyboard.press("Escape")
    await expect(walk.line).to_be_visible()
