"""The page as people meet it: the bot's own server on a free port, and a real browser that looks at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.async_api import Locator
from playwright.async_api import Page as Tab

from bot.errors import ContentProblem
from bot.http_server import HttpServer
from bot.messaging.json_view import to_json_dict
from bot.platforms.request_runner import RequestRunner
from bot.platforms.web.page import ChatPage
from bot.service import Service


@asynccontextmanager
async def run_web_server(
    service: Service, problems: Callable[[], Sequence[ContentProblem]] = tuple, *, has_preview: bool = False
) -> AsyncIterator[str]:
    """The page's address while it is served; previewed with the neutral reply as the one platform."""
    answering = RequestRunner(service, timeout=30)  # a busy machine is no fault of the page
    page = ChatPage(
        service,
        answering,
        host="127.0.0.1",
        now=lambda: datetime.now(UTC),
        get_problems=problems,
        previews={"neutral": to_json_dict} if has_preview else {},
    )
    server = HttpServer("127.0.0.1", 0)
    server.add_routes(page.routes())
    yield await server.start()
    await server.stop()
    answering.close()


@dataclass(frozen=True)
class PageDriver:
    """One person at the page."""

    tab: Tab

    @property
    def line_input(self) -> Locator:
        """Where a line is typed."""
        return self.tab.get_by_role("combobox")

    @property
    def channel(self) -> Locator:
        """What the channel's column shows."""
        return self.tab.get_by_role("log", name="#career")

    @property
    def last_message(self) -> Locator:
        """The last message in the channel."""
        return self.channel.get_by_role("article").last

    async def send_line(self, line: str) -> None:
        """Type a line, send it and wait for the answer."""
        before = await self.channel.get_by_role("article").count()
        await self.line_input.fill(line)
        await self.tab.keyboard.press("Escape")
        await self.tab.keyboard.press("Enter")
        await self.channel.get_by_role("article").nth(before).wait_for()

    async def press_button(self, label: str) -> None:
        """Press a button of the last message."""
        await self.last_message.get_by_role("button", name=label).click()

    async def pick_menu_item(self, label: str) -> None:
        """Open the last message's menu and pick a line of it."""
        await self.last_message.locator("summary").last.click()
        await self.press_button(label)

    async def find_horizontal_overflow(self) -> list[str]:
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
