from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, async_playwright

from bot.service import Edition
from tests.chat import service_over
from tests.platforms.web.site import Visit, served

CHROMIUM = "/usr/bin/chromium"  # Debian's; a download of Playwright's own would need another host
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
    """One Chromium for all; each test has a fresh profile in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The page over the real content."""
    service = service_over(edition, tmp_path_factory.mktemp("page"))
    async with served(service, previewed=True) as address:
        yield address
    service.context.home.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, site: str) -> AsyncIterator[Visit]:
    """A newcomer who just opened the page; nothing may go wrong in the browser's console meanwhile."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    tab = await context.new_page()
    wrong: list[str] = []

    def noted(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    tab.on("console", noted)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    await tab.goto(site)
    yield Visit(tab)
    await context.close()
    assert not wrong


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a bot of the test's own keeps its things."""
    return tmp_path / "data"
