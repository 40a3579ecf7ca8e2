"""Threads open at the side; the person reads and presses on there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.commands.command import Command, Context
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Heading
from bot.messaging.reply import Audience, PrivateThread, PublicThread, Reply, SameConversation
from bot.messaging.request import Request
from bot.service import ContentSnapshot, Service
from bot.store.storage import Storage
from tests.platforms.web.page_driver import PageDriver, run_web_server

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _open_numbered_thread(request: Request, _context: Context) -> Reply:
    """A walk through numbered places: opens a thread, then edits its message."""
    number = int(request.action.args[0]) if request.action.args else 0
    place = SameConversation() if number else PrivateThread("A walk")
    onward = Button("Onward", Action("privacy.on", (str(number + 1),)))
    aside = Button("Aloud", Action("privacy.aloud"))
    buttons = Buttons((onward, aside) if number == 0 else (onward,))
    return Reply(
        (Heading(f"Place {number}"), buttons), f"Place {number}", placement=place, replace_original=number > 0
    )


def _open_public_thread(_request: Request, _context: Context) -> Reply:
    thread = PublicThread("A public walk")
    return Reply((Heading("Heard by all"),), "Heard", Audience.EVERYONE, thread)


# Under a name that has sentences of its own already.
THREAD_COMMAND = Command(
    name="privacy",
    handler=_open_numbered_thread,
    button_handlers={"on": _open_numbered_thread, "aloud": _open_public_thread},
)


@pytest_asyncio.fixture(loop_scope="session")
async def thread_driver(
    browser: Browser, snapshot: ContentSnapshot, tmp_path: Path
) -> AsyncIterator[PageDriver]:
    home = Storage(tmp_path / "data", None, ("a secret of the tests",))
    async with run_web_server(Service(lambda: snapshot, (THREAD_COMMAND,), "/career", home)) as address:
        context = await browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
        context.set_default_timeout(10_000)
        tab = await context.new_page()
        await tab.goto(address)
        yield PageDriver(tab)
        await context.close()
    home.close()


async def _open_thread(driver: PageDriver) -> None:
    await driver.line_input.fill("/career privacy")
    await driver.line_input.press("Enter")
    await expect(driver.tab.get_by_role("complementary", name="A walk")).to_be_visible()


async def test_a_thread_opens_at_the_side_and_goes_on_there(thread_driver: PageDriver) -> None:
    await _open_thread(thread_driver)
    side = thread_driver.tab.get_by_role("complementary")
    await expect(side).to_contain_text("Only you see this")
    await expect(thread_driver.tab.locator("#side-name")).to_be_focused()
    for number in (1, 2, 3):
        await side.get_by_role("button", name="Onward").click()
        await expect(side.get_by_role("heading", name=f"Place {number}")).to_be_visible()
    await expect(side.get_by_role("article")).to_have_count(1)  # edited in place each time
    await expect(side.get_by_role("button", name="Onward")).to_be_focused()
    await expect(thread_driver.channel.get_by_role("article")).to_have_count(0)


async def test_closed_thread_reopens_from_its_button(thread_driver: PageDriver) -> None:
    await _open_thread(thread_driver)
    side = thread_driver.tab.get_by_role("complementary")
    await side.get_by_role("button", name="Close").click()
    await expect(side).to_be_hidden()
    door = thread_driver.channel.get_by_role("button", name="Open the thread")
    await expect(door).to_be_focused()
    await door.click()
    await expect(side.get_by_role("heading", name="Place 0")).to_be_visible()


async def test_a_public_thread_says_that_everyone_sees_it(thread_driver: PageDriver) -> None:
    await _open_thread(thread_driver)
    await thread_driver.tab.get_by_role("button", name="Aloud").click()
    side = thread_driver.tab.get_by_role("complementary", name="A public walk")
    await expect(side).to_contain_text("Everyone in #career sees this")
    await expect(thread_driver.channel.get_by_role("button", name="Open the thread")).to_have_count(2)


async def test_on_a_phone_the_thread_takes_the_whole_width(thread_driver: PageDriver) -> None:
    await thread_driver.tab.set_viewport_size({"width": 360, "height": 740})
    await _open_thread(thread_driver)
    await expect(thread_driver.line_input).to_be_hidden()
    assert await thread_driver.find_horizontal_overflow() == []
    await thread_driver.tab.keyboard.press("Escape")
    await expect(thread_driver.line_input).to_be_visible()
