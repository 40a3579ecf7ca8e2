"""What a newcomer does at the page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.platforms.web.site import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_typed_question_is_answered_for_the_asker_alone(visit: Visit) -> None:
    await visit.line.fill("should I do a phd?")
    await visit.line.press("Enter")
    await expect(visit.last).to_contain_text("Is a doctorate worth it")
    await expect(visit.last).to_contain_text("Only you see this")
    await expect(visit.channel).to_contain_text("should I do a phd?")
    await expect(visit.line).to_have_value("")


async def test_every_starter_is_answered(visit: Visit) -> None:
    starters = visit.tab.get_by_role("region", name="What are you weighing up?").get_by_role("button")
    for number in range(await starters.count()):
        await starters.nth(number).click()
        await expect(visit.channel.get_by_role("article")).to_have_count(number + 1)
        await expect(visit.last).to_have_attribute("data-outcome", "answered")
    assert number > 1


async def test_a_suggestion_is_picked_without_a_mouse(visit: Visit) -> None:
    await visit.line.press_sequentially("/career comp")
    options = visit.tab.get_by_role("option")
    await expect(options).to_have_count(1)
    await expect(visit.line).to_have_attribute("aria-expanded", "true")
    await visit.line.press("ArrowDown")
    await expect(visit.line).to_have_attribute("aria-activedescendant", "suggestion-0")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await visit.line.press("Enter")
    await expect(visit.line).to_have_value("/career compare ")
    await visit.line.press_sequentially("big tech")
    await expect(options.first).to_contain_text("Big tech")
    await visit.line.press("ArrowUp")
    await visit.line.press("ArrowDown")
    await visit.line.press("Enter")
    await expect(options).to_have_count(0)
    await visit.line.press("Enter")
    await expect(visit.last.get_by_role("table")).to_be_visible()


async def test_a_suggestion_is_picked_with_the_mouse(visit: Visit) -> None:
    await visit.line.press_sequentially("/career browse ris")
    await visit.tab.get_by_role("option", name="Risk").click()
    await expect(visit.line).to_have_value("/career browse risk")
    await expect(visit.line).to_be_focused()


async def test_escape_puts_the_suggestions_away_and_a_question_has_none(visit: Visit) -> None:
    await visit.line.press_sequentially("/")
    await expect(visit.tab.get_by_role("listbox")).to_be_visible()
    await visit.line.press("Escape")
    await expect(visit.tab.get_by_role("listbox")).to_be_hidden()
    async with visit.tab.expect_response("**/page/suggest") as told:
        await visit.line.fill("should I leave my team?")
    assert (await (await told.value).json()) == {"suggestions": []}


async def test_sharing_posts_for_everyone_and_says_so(visit: Visit) -> None:
    await visit.say("should I do a phd?")
    await visit.press("Share here")
    await expect(visit.channel.get_by_role("article")).to_have_count(2)
    await expect(visit.last).to_contain_text("Everyone in #career sees this")
    await expect(visit.last).to_contain_text("Shared by Guest")
    await expect(visit.last).not_to_contain_text("should I do a phd?")
    await expect(visit.channel.get_by_role("article").first).to_contain_text("Only you see this")


async def test_what_is_kept_lies_in_the_askers_messages(visit: Visit) -> None:
    await visit.say("should I do a phd?")
    await visit.pick("Send to my messages")
    opener = visit.tab.get_by_role("button", name="My messages 1")
    await expect(opener).to_be_visible()
    await opener.click()
    kept = visit.tab.get_by_role("log", name="My messages").get_by_role("article")
    await expect(kept).to_contain_text("Is a doctorate worth it")
    await expect(visit.tab.locator("#side-name")).to_be_focused()
    await visit.tab.keyboard.press("Escape")
    await expect(kept).to_be_hidden()
    await expect(visit.tab.get_by_role("button", name="My messages", exact=True)).to_be_focused()


async def test_narrowing_a_comparison_edits_it_in_place(visit: Visit) -> None:
    await visit.say("compare big tech, academia")
    await visit.last.get_by_role("button", name="Data management").focus()
    await visit.tab.keyboard.press("Enter")
    await expect(visit.last.get_by_role("button", name="All themes")).to_be_visible()
    await expect(visit.channel.get_by_role("article")).to_have_count(1)
    await expect(visit.last).to_be_focused()  # the pressed button is gone; the place is not lost


async def test_a_menu_opens_a_card(visit: Visit) -> None:
    await visit.say("browse risk")
    await visit.last.locator("summary", has_text="Open a card").click()
    await visit.press("Is a PhD worth it?")
    await expect(visit.last).to_contain_text("Is a doctorate worth it")


async def test_a_form_is_filled_in_and_answered(visit: Visit) -> None:
    await visit.say("help")
    await visit.press("Ask a question")
    form = visit.tab.get_by_role("dialog", name="Ask a career question")
    await expect(form.get_by_label("Your question")).to_be_focused()
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_visible()  # an empty question is not sent
    await form.get_by_label("Your question").fill("is data science dying?")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()
    await expect(visit.channel.get_by_role("article")).to_have_count(2)
    await expect(visit.last).to_have_attribute("data-outcome", "answered")


async def test_a_form_can_be_left(visit: Visit) -> None:
    await visit.say("help")
    await visit.press("Ask a question")
    form = visit.tab.get_by_role("dialog")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_be_hidden()
    await expect(visit.last.get_by_role("button", name="Ask a question")).to_be_focused()


async def test_an_assessment_is_taken_at_the_side_and_its_result_shared_in_the_channel(visit: Visit) -> None:
    await visit.say("quiz")
    await visit.last.get_by_role("button").first.click()
    side = visit.tab.get_by_role("complementary")
    await side.get_by_role("button", name="Begin").click()
    share = side.get_by_role("button", name="Share here")
    while not await share.is_visible():
        said = await side.get_by_role("article").inner_text()
        await side.get_by_role("article").get_by_role("button").first.click()
        await expect(side.get_by_role("article")).not_to_have_text(said, use_inner_text=True)
    await expect(side.get_by_role("article")).to_have_count(1)
    await share.click()
    await expect(visit.last).to_contain_text("Everyone in #career sees this")
    await expect(side.get_by_role("article")).to_have_count(1)


async def test_the_switch_shows_what_a_platform_would_be_sent(visit: Visit) -> None:
    await visit.say("should I do a phd?")
    payload = visit.last.get_by_label("neutral")
    await expect(payload).to_be_hidden()
    await visit.tab.get_by_role("radio", name="Neutral").check()
    await expect(payload).to_contain_text('"type": "reply"')
    await expect(visit.last.get_by_role("heading")).to_be_hidden()
    await visit.say("help")
    await expect(visit.last.get_by_label("neutral")).to_be_visible()
    await visit.tab.get_by_role("radio", name="Page").check()
    await expect(visit.last.get_by_role("heading")).to_be_visible()


async def test_the_theme_is_chosen_and_remembered(visit: Visit) -> None:
    dark = visit.tab.get_by_role("button", name="Dark")
    light = await visit.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    await dark.click()
    await expect(dark).to_have_attribute("aria-pressed", "true")
    assert await visit.tab.evaluate("getComputedStyle(document.body).backgroundColor") != light
    await visit.tab.reload()
    await expect(dark).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    "words",
    [
        "<img src=x onerror=document.title='broken'>",
        "<!channel> <@U123> @everyone [click](javascript:alert(1)) **bold** <https://evil.test|here>",
        "\u202eesrever \u2066\u200b\0 \x1b[31m",
        "👩🏽‍🔬 " + "ﷺ" * 200,
    ],
)
async def test_whatever_is_typed_stays_words(visit: Visit, words: str) -> None:
    await visit.say("/career card " + words)
    assert await visit.channel.locator("img, script, [onerror]").count() == 0
    assert await visit.channel.locator('a:not([href^="http"])').count() == 0
    assert await visit.channel.get_by_text("here", exact=True).and_(visit.tab.locator("a")).count() == 0
    assert await visit.tab.title() == "Career bot"
    assert await visit.sideways() == []
