from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Error, async_playwright
from playwright.async_api import Page as Tab

from bot.service import ContentSnapshot
from tests.chat import build_service_from
from tests.platforms.web.chromium import HOW_TO_GET_ONE, find_chromium
from tests.platforms.web.page_driver import PageDriver, run_web_server

CHROMIUM_ARGS = (
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
            browser = await playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        except Error as error:
            if path is None and "Executable doesn't exist" in error.message:
                pytest.skip(HOW_TO_GET_ONE)
            raise
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site_url(snapshot: ContentSnapshot, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The page over the real content."""
    snapshot.search.warm_up()  # the first question of a run would take longer than a request may
    service = build_service_from(snapshot, tmp_path_factory.mktemp("page"))
    async with run_web_server(service, has_preview=True) as address:
        yield address
    service.context.storage.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    """One tab for all: a new one for each test would cost more than the tests."""
    context = await browser.new_context()
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def driver(tab: Tab, site_url: str) -> AsyncIterator[PageDriver]:
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
    await tab.goto(site_url)
    yield PageDriver(tab)
    await tab.evaluate("localStorage.clear()")
    tab.remove_listener("console", noted)
    tab.remove_listener("pageerror", broke)
    assert not wrong
