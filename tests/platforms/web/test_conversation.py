"""What a newcomer does at the page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.platforms.web.page_driver import PageDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_typed_question_is_answered_for_the_asker_alone(driver: PageDriver) -> None:
    await driver.line_input.fill("should I do a phd?")
    await driver.line_input.press("Enter")
    await expect(driver.last_message).to_contain_text("Is a PhD worth it")
    await expect(driver.last_message).to_contain_text("Only you see this")
    await expect(driver.channel).to_contain_text("should I do a phd?")
    await expect(driver.line_input).to_have_value("")


async def test_every_starter_is_answered(driver: PageDriver) -> None:
    starters = driver.tab.get_by_role("region", name="What are you weighing up?").get_by_role("button")
    for number in range(await starters.count()):
        await starters.nth(number).click()
        await expect(driver.channel.get_by_role("article")).to_have_count(number + 1)
        await expect(driver.last_message).to_have_attribute("data-outcome", "answered")
    assert number > 1


async def test_a_suggestion_is_picked_without_a_mouse(driver: PageDriver) -> None:
    await driver.line_input.press_sequentially("/career comp")
    options = driver.tab.get_by_role("option")
    await expect(options).to_have_count(1)
    await expect(driver.line_input).to_have_attribute("aria-expanded", "true")
    await driver.line_input.press("ArrowDown")
    await expect(driver.line_input).to_have_attribute("aria-activedescendant", "suggestion-0")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await driver.line_input.press("Enter")
    await expect(driver.line_input).to_have_value("/career compare ")
    await driver.line_input.press_sequentially("big tech")
    await expect(options.first).to_contain_text("Big tech")
    await driver.line_input.press("ArrowUp")
    await driver.line_input.press("ArrowDown")
    await driver.line_input.press("Enter")
    await expect(options).to_have_count(0)
    await driver.line_input.press("Enter")
    await expect(driver.last_message.get_by_role("table")).to_be_visible()


async def test_a_suggestion_is_picked_with_the_mouse(driver: PageDriver) -> None:
    await driver.line_input.press_sequentially("/career browse ris")
    await driver.tab.get_by_role("option", name="Risk").click()
    await expect(driver.line_input).to_have_value("/career browse risk")
    await expect(driver.line_input).to_be_focused()


async def test_escape_closes_suggestions(driver: PageDriver) -> None:
    await driver.line_input.press_sequentially("/")
    await expect(driver.tab.get_by_role("listbox")).to_be_visible()
    await driver.line_input.press("Escape")
    await expect(driver.tab.get_by_role("listbox")).to_be_hidden()
    async with driver.tab.expect_response("**/page/suggest") as told:
        await driver.line_input.fill("should I leave my team?")
    assert (await (await told.value).json()) == {"suggestions": []}


async def test_sharing_posts_for_everyone_and_says_so(driver: PageDriver) -> None:
    await driver.send_line("should I do a phd?")
    await driver.press_button("Share here")
    await expect(driver.channel.get_by_role("article")).to_have_count(2)
    await expect(driver.last_message).to_contain_text("Everyone in #career sees this")
    await expect(driver.last_message).to_contain_text("Shared by Guest")
    await expect(driver.last_message).not_to_contain_text("should I do a phd?")
    await expect(driver.channel.get_by_role("article").first).to_contain_text("Only you see this")


async def test_what_is_kept_lies_in_the_askers_messages(driver: PageDriver) -> None:
    await driver.send_line("should I do a phd?")
    await driver.pick_menu_item("Save to DM")
    opener = driver.tab.get_by_role("button", name="My messages 1")
    await expect(opener).to_be_visible()
    await opener.click()
    kept = driver.tab.get_by_role("log", name="My messages").get_by_role("article")
    await expect(kept).to_contain_text("Is a PhD worth it")
    await expect(driver.tab.locator("#side-name")).to_be_focused()
    await driver.tab.keyboard.press("Escape")
    await expect(kept).to_be_hidden()
    await expect(driver.tab.get_by_role("button", name="My messages", exact=True)).to_be_focused()


async def test_narrowing_a_comparison_edits_it_in_place(driver: PageDriver) -> None:
    await driver.send_line("compare big tech, academia")
    await driver.last_message.get_by_role("button", name="Data management").focus()
    await driver.tab.keyboard.press("Enter")
    await expect(driver.last_message.get_by_role("button", name="All themes")).to_be_visible()
    await expect(driver.channel.get_by_role("article")).to_have_count(1)
    await expect(driver.last_message).to_be_focused()  # the pressed button is gone; the place is not lost


async def test_a_menu_opens_a_card(driver: PageDriver) -> None:
    await driver.send_line("browse risk")
    await driver.last_message.locator("summary", has_text="Open a card").click()
    await driver.press_button("Is a PhD worth it?")
    await expect(driver.last_message).to_contain_text("Is a PhD worth it")


async def test_a_form_is_filled_in_and_answered(driver: PageDriver) -> None:
    await driver.send_line("help")
    await driver.press_button("Ask a question")
    form = driver.tab.get_by_role("dialog", name="Ask a career question")
    await expect(form.get_by_label("Your question")).to_be_focused()
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_visible()  # an empty question is not sent
    await form.get_by_label("Your question").fill("is data science dying?")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()
    await expect(driver.channel.get_by_role("article")).to_have_count(2)
    await expect(driver.last_message).to_have_attribute("data-outcome", "answered")


async def test_a_form_can_be_left(driver: PageDriver) -> None:
    await driver.send_line("help")
    await driver.press_button("Ask a question")
    form = driver.tab.get_by_role("dialog")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_be_hidden()
    await expect(driver.last_message.get_by_role("button", name="Ask a question")).to_be_focused()


async def test_quiz_runs_in_a_side_thread_and_its_result_is_shared(driver: PageDriver) -> None:
    await driver.send_line("quiz")
    await driver.last_message.get_by_role("button").first.click()
    side = driver.tab.get_by_role("complementary")
    await side.get_by_role("button", name="Start").click()
    share = side.get_by_role("button", name="Share here")
    while not await share.is_visible():
        said = await side.get_by_role("article").inner_text()
        await side.get_by_role("article").get_by_role("button").first.click()
        await expect(side.get_by_role("article")).not_to_have_text(said, use_inner_text=True)
    await expect(side.get_by_role("article")).to_have_count(1)
    await share.click()
    await expect(driver.last_message).to_contain_text("Everyone in #career sees this")
    await expect(side.get_by_role("article")).to_have_count(1)


async def test_the_switch_shows_what_a_platform_would_be_sent(driver: PageDriver) -> None:
    await driver.send_line("should I do a phd?")
    payload = driver.last_message.get_by_label("neutral")
    await expect(payload).to_be_hidden()
    await driver.tab.get_by_role("radio", name="Neutral").check()
    await expect(payload).to_contain_text('"type": "reply"')
    await expect(driver.last_message.get_by_role("heading")).to_be_hidden()
    await driver.send_line("help")
    await expect(driver.last_message.get_by_label("neutral")).to_be_visible()
    await driver.tab.get_by_role("radio", name="Page").check()
    await expect(driver.last_message.get_by_role("heading")).to_be_visible()


async def test_the_theme_is_chosen_and_remembered(driver: PageDriver) -> None:
    dark = driver.tab.get_by_role("button", name="Dark")
    light = await driver.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    await dark.click()
    await expect(dark).to_have_attribute("aria-pressed", "true")
    assert await driver.tab.evaluate("getComputedStyle(document.body).backgroundColor") != light
    await driver.tab.reload()
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
async def test_typed_text_is_never_markup(driver: PageDriver, words: str) -> None:
    await driver.send_line("/career card " + words)
    assert await driver.channel.locator("img, script, [onerror]").count() == 0
    assert await driver.channel.locator('a:not([href^="http"])').count() == 0
    assert await driver.channel.get_by_text("here", exact=True).and_(driver.tab.locator("a")).count() == 0
    assert await driver.tab.title() == "Career bot"
    assert await driver.find_horizontal_overflow() == []
