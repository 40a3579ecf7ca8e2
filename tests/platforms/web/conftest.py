from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Error, async_playwright
from playwright.async_api import Page as Tab

from bot.service import ContentSnapshot
from tests.chat import build_service_from
from tests.platforms.web.page_driver import PageDriver, run_web_server

CHROMIUM = "/usr/bin/chromium"  # Debian's; a download of Playwright's own would need another host
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
    """One Chromium for all; each test has a fresh profile in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site_url(snapshot: ContentSnapshot, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The page over the real content."""
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
