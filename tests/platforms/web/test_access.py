"""The page by keyboard, for screen readers, on a phone, in light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page as Tab
from playwright.async_api import expect

from tests.platforms.web.site import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _conversation(visit: Visit) -> None:
    """One of everything: a card, comparisons, one kept, a miss, a refusal, an open menu."""
    await visit.say("should I do a phd?")
    await visit.press("Share here")
    await visit.say("compare big tech, biotech, academia")
    await visit.press("Send to my messages")
    for line in ("compare after-data-science", "xyzzy flurb", "/career browse nothing", "help"):
        await visit.say(line)
    await visit.say("browse risk")
    await visit.last.locator("summary").click()


async def _serious(tab: Tab) -> list[str]:
    found: dict[str, Any] = (await Axe().run(tab)).response
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
async def test_axe_finds_nothing_serious(visit: Visit, scheme: Any, width: int) -> None:
    await visit.tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await visit.tab.set_viewport_size({"width": width, "height": 800})
    await _conversation(visit)
    await visit.line.press_sequentially("/career")
    await visit.line.press("ArrowDown")
    assert await _serious(visit.tab) == []
    await visit.line.press("Escape")
    await visit.tab.get_by_role("button", name="My messages 1").click()
    assert await _serious(visit.tab) == []
    await visit.tab.keyboard.press("Escape")
    await visit.line.fill("ask")
    await visit.line.press("Enter")
    await expect(visit.tab.get_by_role("dialog")).to_be_visible()
    assert await _serious(visit.tab) == []


async def test_nothing_scrolls_sideways_at_360_pixels(visit: Visit) -> None:
    await visit.tab.set_viewport_size({"width": 360, "height": 740})
    assert await visit.sideways() == []
    await _conversation(visit)
    assert await visit.sideways() == []
    await visit.tab.get_by_role("button", name="My messages 1").click()
    assert await visit.sideways() == []
    await visit.tab.keyboard.press("Escape")
    await visit.line.fill("ask")
    await visit.line.press("Enter")
    await expect(visit.tab.get_by_role("dialog")).to_be_visible()
    assert await visit.sideways() == []


async def test_no_shape_of_a_reply_is_in_anybodys_way(visit: Visit, site: str) -> None:
    await visit.tab.set_viewport_size({"width": 360, "height": 740})
    await visit.tab.goto(f"{site}/gallery")
    assert await visit.sideways() == []
    assert await _serious(visit.tab) == []


async def test_a_comparison_is_stacked_on_a_phone_and_still_says_its_columns(visit: Visit) -> None:
    await visit.tab.set_viewport_size({"width": 360, "height": 740})
    await visit.say("compare big tech, biotech, academia")
    cells = visit.last.locator("tbody").get_by_role("cell")
    tops = [box["y"] for cell in (await cells.all())[:4] if (box := await cell.bounding_box())]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops), "cells stand beside each other"
    said = await cells.first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert said == '"Big tech"'


async def test_tab_reaches_every_control_and_shows_where_it_is(visit: Visit) -> None:
    await visit.say("should I do a phd?")
    await visit.last.locator("summary").click()
    await visit.press("Send to my messages")
    await visit.tab.get_by_role("button", name="My messages 1").click()
    await visit.tab.get_by_role("button", name="Close").wait_for()
    wanted = await visit.tab.evaluate(
        """() => [...document.querySelectorAll("a, button, input, summary, select, textarea")]
            .filter(part => part.checkVisibility() && !(part.type === "radio" && !part.checked))
            .map(part => part.outerHTML)"""
    )
    reached, unseen = [], []
    await visit.tab.evaluate(
        "document.activeElement.blur(); window.getSelection().collapse(document.body, 0)"
    )
    for _ in range(len(wanted) + 5):
        await visit.tab.keyboard.press("Tab")
        here = await visit.tab.evaluate(
            """() => { const part = document.activeElement;
                const look = getComputedStyle(part.closest("[role=radiogroup]") ?? part);
                const seen = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
                return [part.outerHTML, seen]; }"""
        )
        reached.append(here[0])
        unseen += [] if here[1] or here[0].startswith("<body") else [here[0][:80]]
    assert set(wanted) <= set(reached)
    assert unseen == []


async def test_a_new_reply_is_announced(visit: Visit) -> None:
    await expect(visit.channel).to_have_attribute("aria-live", "polite")
    await visit.say("help")
    await expect(visit.channel.get_by_role("article")).to_have_count(1)


async def test_nothing_moves_for_those_who_want_it_still(visit: Visit) -> None:
    await visit.tab.emulate_media(reduced_motion="reduce")
    await visit.say("help")
    moving = await visit.tab.evaluate(
        """() => [...document.querySelectorAll("*")].map(part => getComputedStyle(part)).filter(look =>
            look.animationName !== "none" || look.scrollBehavior === "smooth"
            || look.transitionDuration !== "0s").length"""
    )
    assert moving == 0
