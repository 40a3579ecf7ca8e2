"""The page as people meet it: the bot's own server on a free port, and a real browser that looks at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.async_api import Locator
from playwright.async_api import Page as Tab

from bot.dialogue.neutral import as_json
from bot.errors import Problem
from bot.platforms.answering import Answering
from bot.platforms.web.page import Page
from bot.server import Server
from bot.service import Service


@asynccontextmanager
async def served(
    service: Service, problems: Callable[[], Sequence[Problem]] = tuple, *, previewed: bool = False
) -> AsyncIterator[str]:
    """The page's address while it is served; previewed with the neutral reply as the one platform."""
    answering = Answering(service)
    page = Page(
        service,
        answering,
        host="127.0.0.1",
        now=lambda: datetime.now(UTC),
        problems=problems,
        previews={"neutral": as_json} if previewed else {},
    )
    server = Server("127.0.0.1", 0)
    server.mount(page.routes())
    yield await server.start()
    await server.stop()
    answering.close()


@dataclass(frozen=True)
class Visit:
    """One person at the page."""

    tab: Tab

    @property
    def line(self) -> Locator:
        """Where a line is typed."""
        return self.tab.get_by_role("combobox")

    @property
    def channel(self) -> Locator:
        """What the channel's column shows."""
        return self.tab.get_by_role("log", name="#career")

    @property
    def last(self) -> Locator:
        """The last message in the channel."""
        return self.channel.get_by_role("article").last

    async def say(self, words: str) -> None:
        """Type a line, send it and wait for the answer."""
        before = await self.channel.get_by_role("article").count()
        await self.line.fill(words)
        await self.tab.keyboard.press("Escape")
        await self.tab.keyboard.press("Enter")
        await self.channel.get_by_role("article").nth(before).wait_for()

    async def press(self, label: str) -> None:
        """Press a button of the last message."""
        await self.last.get_by_role("button", name=label).click()

    async def pick(self, label: str) -> None:
        """Open the last message's menu and pick a line of it."""
        await self.last.locator("summary").last.click()
        await self.press(label)

    async def sideways(self) -> list[str]:
        """What is wider than its place, and so would scroll sideways."""
        found: list[str] = await self.tab.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll("body *")]
                .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth + 1)
                .filter(part => !["visible", "clip"].includes(getComputedStyle(part).overflowX)
                                || part === document.documentElement)
                .filter(part => !part.matches("pre, .visually-hidden, input, thead, legend, .skip"))
                .map(part => part.outerHTML.slice(0, 80))"""
        )
        return found
