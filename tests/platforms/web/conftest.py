from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Error, async_playwright
from playwright.async_api import Page as Tab

from bot.service import Edition
from tests.chat import service_over
from tests.platforms.web.chromium import HOW_TO_GET_ONE, find_chromium
from tests.platforms.web.site import Visit, served

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests, which are skipped where there is none."""
    path = find_chromium(os.environ)
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=path, args=list(QUIET))
        except Error as error:
            if path is None and "Executable doesn't exist" in error.message:
                pytest.skip(HOW_TO_GET_ONE)
            raise
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The page over the real content."""
    edition.search.warm()  # the first question of a run would take longer than a request may
    service = service_over(edition, tmp_path_factory.mktemp("page"))
    async with served(service, previewed=True) as address:
        yield address
    service.context.home.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    """One tab for all: a new one for each test would cost more than the tests."""
    context = await browser.new_context()
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(tab: Tab, site: str) -> AsyncIterator[Visit]:
    """A newcomer who just opened the page; nothing may go wrong in the browser's console meanwhile."""
    wrong: list[str] = []

    def noted(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    def broke(error: Error) -> None:
        wrong.append(str(error))

    await tab.context.clear_cookies()
    await tab.set_viewport_size({"width": 1280, "height": 860})
    await tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    tab.on("console", noted)
    tab.on("pageerror", broke)
    await tab.goto(site)
    yield Visit(tab)
    await tab.evaluate("localStorage.clear()")
    tab.remove_listener("console", noted)
    tab.remove_listener("pageerror", broke)
    assert not wrong
