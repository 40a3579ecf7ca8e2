"""The page by keyboard, for screen readers, on a phone, in light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page as Tab
from playwright.async_api import expect

from tests.platforms.web.page_driver import PageDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _play_conversation(driver: PageDriver) -> None:
    """One of everything: a card, comparisons, one kept, a miss, a refusal, an open menu."""
    await driver.send_line("should I do a phd?")
    await driver.press_button("Share here")
    await driver.send_line("compare big tech, biotech, academia")
    await driver.press_button("Save to DM")
    for line in ("compare after-data-science", "xyzzy flurb", "/career browse nothing", "help"):
        await driver.send_line(line)
    await driver.send_line("browse risk")
    await driver.last_message.locator("summary").click()


async def _find_serious_violations(tab: Tab) -> list[str]:
    found: dict[str, Any] = (await Axe().run(tab)).response
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
async def test_axe_finds_nothing_serious(driver: PageDriver, scheme: Any, width: int) -> None:
    await driver.tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await driver.tab.set_viewport_size({"width": width, "height": 800})
    await _play_conversation(driver)
    await driver.line_input.press_sequentially("/career")
    await driver.line_input.press("ArrowDown")
    assert await _find_serious_violations(driver.tab) == []
    await driver.line_input.press("Escape")
    await driver.tab.get_by_role("button", name="My messages 1").click()
    assert await _find_serious_violations(driver.tab) == []
    await driver.tab.keyboard.press("Escape")
    await driver.line_input.fill("ask")
    await driver.line_input.press("Enter")
    await expect(driver.tab.get_by_role("dialog")).to_be_visible()
    assert await _find_serious_violations(driver.tab) == []


async def test_nothing_scrolls_sideways_at_360_pixels(driver: PageDriver) -> None:
    await driver.tab.set_viewport_size({"width": 360, "height": 740})
    assert await driver.find_horizontal_overflow() == []
    await _play_conversation(driver)
    assert await driver.find_horizontal_overflow() == []
    await driver.tab.get_by_role("button", name="My messages 1").click()
    assert await driver.find_horizontal_overflow() == []
    await driver.tab.keyboard.press("Escape")
    await driver.line_input.fill("ask")
    await driver.line_input.press("Enter")
    await expect(driver.tab.get_by_role("dialog")).to_be_visible()
    assert await driver.find_horizontal_overflow() == []


async def test_no_shape_of_a_reply_is_in_anybodys_way(driver: PageDriver, site_url: str) -> None:
    await driver.tab.set_viewport_size({"width": 360, "height": 740})
    await driver.tab.goto(f"{site_url}/gallery")
    assert await driver.find_horizontal_overflow() == []
    assert await _find_serious_violations(driver.tab) == []


async def test_a_comparison_is_stacked_on_a_phone_and_still_says_its_columns(driver: PageDriver) -> None:
    await driver.tab.set_viewport_size({"width": 360, "height": 740})
    await driver.send_line("compare big tech, biotech, academia")
    cells = driver.last_message.locator("tbody").get_by_role("cell")
    tops = [box["y"] for cell in (await cells.all())[:4] if (box := await cell.bounding_box())]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops), "cells stand beside each other"
    said = await cells.first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert said == '"Big tech"'


async def test_tab_reaches_every_control_and_shows_where_it_is(driver: PageDriver) -> None:
    await driver.send_line("should I do a phd?")
    await driver.last_message.locator("summary").click()
    await driver.press_button("Save to DM")
    await driver.tab.get_by_role("button", name="My messages 1").click()
    await driver.tab.get_by_role("button", name="Close").wait_for()
    wanted = await driver.tab.evaluate(
        """() => [...document.querySelectorAll("a, button, input, summary, select, textarea")]
            .filter(part => part.checkVisibility() && !(part.type === "radio" && !part.checked))
            .map(part => part.outerHTML)"""
    )
    reached, unseen = [], []
    await driver.tab.evaluate(
        "document.activeElement.blur(); window.getSelection().collapse(document.body, 0)"
    )
    for _ in range(len(wanted) + 5):
        await driver.tab.keyboard.press("Tab")
        here = await driver.tab.evaluate(
            """() => { const part = document.activeElement;
                const look = getComputedStyle(part.closest("[role=radiogroup]") ?? part);
                const seen = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
                return [part.outerHTML, seen]; }"""
        )
        reached.append(here[0])
        unseen += [] if here[1] or here[0].startswith("<body") else [here[0][:80]]
    assert set(wanted) <= set(reached)
    assert unseen == []


async def test_a_new_reply_is_announced(driver: PageDriver) -> None:
    await expect(driver.channel).to_have_attribute("aria-live", "polite")
    await driver.send_line("help")
    await expect(driver.channel.get_by_role("article")).to_have_count(1)


async def test_nothing_moves_for_those_who_want_it_still(driver: PageDriver) -> None:
    await driver.tab.emulate_media(reduced_motion="reduce")
    await driver.send_line("help")
    moving = await driver.tab.evaluate(
        """() => [...document.querySelectorAll("*")].map(part => getComputedStyle(part)).filter(look =>
            look.animationName !== "none" || look.scrollBehavior === "smooth"
            || look.transitionDuration !== "0s").length"""
    )
    assert moving == 0
