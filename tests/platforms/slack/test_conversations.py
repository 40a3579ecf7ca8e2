"""A person on Slack: whole signed requests in, what Slack's servers then see out."""

from __future__ import annotations

from bot.platforms.slack.parse import parse_text
from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, find_controls, read_text

OWN_MESSAGE = "1800000000.000002"


async def test_a_slash_command_is_answered_by_its_ack_for_the_asker_alone(harness: SlackHarness) -> None:
    ack = await harness.type_command("compare big-tech academia")
    assert ack["response_type"] == "ephemeral"
    assert "Academia" in read_text(ack["blocks"])
    assert "Academia" in ack["text"]
    assert harness.slack.calls == []


async def test_nothing_typed_shows_the_menu(harness: SlackHarness) -> None:
    ack = await harness.type_command("")
    assert "Compare options" in find_controls(ack["blocks"])


async def test_a_button_narrows_the_comparison_in_place(harness: SlackHarness) -> None:
    ack = await harness.type_command("compare big-tech academia")
    await harness.click(**find_controls(ack["blocks"])["Collaboration and roles"])
    shown = await harness.slack.wait_for_call("response_url")
    assert shown["replace_original"] is True
    assert shown["response_type"] == "ephemeral"
    assert "All themes" in find_controls(shown["blocks"])


async def test_a_private_answer_never_replaces_what_everyone_sees(harness: SlackHarness) -> None:
    ack = await harness.type_command("compare big-tech academia")
    await harness.click(**find_controls(ack["blocks"])["Collaboration and roles"], ephemeral=False)
    shown = await harness.slack.wait_for_call("response_url")
    assert (shown["response_type"], shown["replace_original"]) == ("ephemeral", False)


async def test_a_menus_line_opens_a_card(harness: SlackHarness) -> None:
    ack = await harness.type_command("should I do a phd?")
    menu = {label: how for label, how in find_controls(ack["blocks"]).items() if "selected_value" in how}
    label, how = list(menu.items())[-1]
    await harness.click(**how)
    shown = await harness.slack.wait_for_call("response_url")
    assert label != "Why this answer?"
    assert shown["response_type"] == "ephemeral"


async def test_share_here_posts_the_card_to_the_channel_and_not_the_question(harness: SlackHarness) -> None:
    ack = await harness.type_command("should I do a phd? zyzzyva")
    await harness.click(**find_controls(ack["blocks"])["Share here"])
    shared = await harness.slack.wait_for_call("response_url")
    assert (shared["response_type"], shared["replace_original"]) == ("in_channel", False)
    assert "Shared by ann" in shared["text"]
    assert "zyzzyva" not in str(shared)


async def test_send_to_my_messages_posts_there_and_says_so_privately(harness: SlackHarness) -> None:
    ack = await harness.type_command("should I do a phd?")
    await harness.click(**find_controls(ack["blocks"])["Save to DM"])
    kept = await harness.slack.wait_for_call("chat.postMessage")
    told = await harness.slack.wait_for_call("response_url")
    assert kept["channel"] == "U1"
    assert "messages" in told["text"]
    assert told["response_type"] == "ephemeral"


async def test_what_is_pressed_in_ones_own_messages_is_answered_there(harness: SlackHarness) -> None:
    ack = await harness.type_command("should I do a phd?")
    await harness.click(**find_controls(ack["blocks"])["Save to DM"])
    kept = await harness.slack.wait_for_call("chat.postMessage")
    row = kept["blocks"][-1]
    how = list(find_controls(kept["blocks"]).values())[-1]
    await harness.click(
        **how, block_id=row["block_id"], channel="D1", ephemeral=False, message_ts=OWN_MESSAGE
    )
    shown = await harness.slack.wait_for_call("chat.postMessage", 2)
    assert shown["channel"] == "D1"


async def test_a_press_in_two_peoples_messages_stays_with_who_pressed(harness: SlackHarness) -> None:
    """Slack names both kinds of direct messages alike; only the bot's own rows say that they are its own."""
    ack = await harness.type_command("should I do a phd?")
    await harness.click(
        **find_controls(ack["blocks"])["Save to DM"],
        channel="D7",
        ephemeral=False,
        message_ts=OWN_MESSAGE,
    )
    told = await harness.slack.wait_for_call("response_url")
    assert told["response_type"] == "ephemeral"


async def test_a_mention_is_answered_in_a_thread_under_it(harness: SlackHarness) -> None:
    status, ack = await harness.post_payload(payloads.build_mention("compare big-tech academia", ts="1700.1"))
    assert (status, ack) == (200, "")
    shown = await harness.slack.wait_for_call("chat.postMessage")
    assert (shown["channel"], shown["thread_ts"]) == ("C1", "1700.1")


async def test_a_mention_in_a_thread_is_answered_in_that_thread(harness: SlackHarness) -> None:
    await harness.post_payload(
        payloads.build_mention("compare big-tech academia", ts="1700.2", thread_ts="1700.1")
    )
    shown = await harness.slack.wait_for_call("chat.postMessage")
    assert shown["thread_ts"] == "1700.1"


async def test_what_is_private_after_a_mention_is_ephemeral_in_the_channel(harness: SlackHarness) -> None:
    """In the thread it would not be seen, since no thread is active yet."""
    await harness.post_payload(payloads.build_mention("card no such card at all", ts="1700.1"))
    await harness.post_payload(payloads.build_mention("privacy", ts="1700.3"))
    shown = await harness.slack.wait_for_call("chat.postEphemeral")
    await harness.wait_until_idle()
    assert (shown["channel"], shown["user"], shown.get("thread_ts")) == ("C1", "U1", None)


async def test_what_is_private_after_a_mention_in_a_thread_is_ephemeral_there(harness: SlackHarness) -> None:
    await harness.post_payload(payloads.build_mention("privacy", thread_ts="1700.1"))
    shown = await harness.slack.wait_for_call("chat.postEphemeral")
    assert shown["thread_ts"] == "1700.1"


async def test_a_stranger_in_a_thread_gets_a_private_sentence_there(harness: SlackHarness) -> None:
    await harness.click("bot:quiz.answer:of-somebody-else", user="U2", thread_ts="1700.1", ephemeral=False)
    shown = await harness.slack.wait_for_call("chat.postEphemeral")
    assert (shown["user"], shown["thread_ts"]) == ("U2", "1700.1")
    assert harness.slack.list_payloads("response_url") == []


async def test_a_direct_message_is_answered_in_the_conversation(harness: SlackHarness) -> None:
    await harness.post_payload(payloads.build_direct_message("should I do a phd?"))
    shown = await harness.slack.wait_for_call("chat.postMessage")
    assert (shown["channel"], shown.get("thread_ts")) == ("D1", None)
    await harness.post_payload(payloads.build_direct_message("help", thread_ts="1700.1"))
    assert (await harness.slack.wait_for_call("chat.postMessage", 2))["thread_ts"] == "1700.1"


async def test_a_form_opens_at_once_and_its_answer_goes_where_it_was_opened(harness: SlackHarness) -> None:
    assert await harness.type_command("ask") == {}
    opened = await harness.slack.wait_for_call("views.open")
    assert opened["trigger_id"]
    status, ack = await harness.post_payload(
        payloads.build_submission(opened["view"], {"question": "should I do a phd?"})
    )
    assert (status, ack) == (200, "")
    shown = await harness.slack.wait_for_call("response_url")
    assert shown["response_type"] == "ephemeral"
    assert "PhD" in read_text(shown["blocks"]) or "doctorate" in read_text(shown["blocks"])


async def test_a_form_asked_for_in_a_message_comes_as_a_button(harness: SlackHarness) -> None:
    await harness.post_payload(payloads.build_direct_message("ask"))
    shown = await harness.slack.wait_for_call("chat.postMessage")
    press = find_controls(shown["blocks"])["Ask a career question"]
    await harness.click(**press, block_id=shown["blocks"][-1]["block_id"], channel="D1", ephemeral=False)
    await harness.slack.wait_for_call("views.open")


async def test_the_shortcut_answers_about_a_message_in_its_thread(harness: SlackHarness) -> None:
    url = harness.slack.response_url
    await harness.post_payload(payloads.build_shortcut("should I do a phd?", url, thread_ts="1700.1"))
    shown = await harness.slack.wait_for_call("chat.postEphemeral")
    assert shown["thread_ts"] == "1700.1"
    await harness.post_payload(payloads.build_shortcut("should I do a phd?", url))
    assert (await harness.slack.wait_for_call("response_url"))["response_type"] == "ephemeral"


async def test_the_home_tab_shows_the_menu_and_its_buttons_answer_in_messages(harness: SlackHarness) -> None:
    await harness.post_payload(
        payloads.build_event(type="app_home_opened", user="U1", channel="D1", tab="home")
    )
    home = await harness.slack.wait_for_call("views.publish")
    press = find_controls(home["view"]["blocks"])["Compare options"]
    pressed = payloads.build_click(press["action_id"], "")
    for name in ("channel", "response_url"):
        del pressed[name]
    pressed["container"] = {"type": "view", "view_id": "V1"}
    assert await harness.post_payload(pressed) == (200, "")
    assert (await harness.slack.wait_for_call("chat.postMessage"))["channel"] == "U1"


async def test_the_messages_tab_offers_questions_that_all_have_answers(
    harness: SlackHarness, service: Service
) -> None:
    await harness.post_payload(
        payloads.build_event(type="app_home_opened", user="U1", channel="D1", tab="messages")
    )
    offered = await harness.slack.wait_for_call("assistant.threads.setSuggestedPrompts")
    assert len(offered["prompts"]) == 4
    assert "thread_ts" not in offered
    for prompt in offered["prompts"]:
        ack = await harness.type_command(prompt["message"])
        assert "no card on that" not in ack["text"]


async def test_edits_other_bots_and_channel_chatter_are_not_answered(harness: SlackHarness) -> None:
    for payload in (
        payloads.build_direct_message("help", bot_id="B2"),
        payloads.build_direct_message("help", subtype="message_changed"),
        payloads.build_mention("help", bot_id="B2"),
        payloads.build_event(
            type="message", channel_type="channel", channel="C1", user="U1", ts="1.1", text="help"
        ),
        payloads.build_event(type="reaction_added", user="U1"),
        payloads.build_event(type="tokens_revoked", tokens={"bot": ["UBOT"]}),
    ):
        assert await harness.post_payload(payload) == (200, "")
    await harness.wait_until_idle()
    assert harness.slack.calls == []


async def test_a_persons_name_pings_nobody(harness: SlackHarness) -> None:
    ack = await harness.type_command("should I do a phd?")
    press = payloads.build_click(
        find_controls(ack["blocks"])["Share here"]["action_id"], harness.slack.response_url
    )
    press["user"]["name"] = "<!channel> *ann* &amp; @everyone"
    await harness.post_payload(press)
    shared = await harness.slack.wait_for_call("response_url")
    assert "<!channel> *ann* &amp; @everyone" in read_text(shared["blocks"])
    assert "Shared by &lt;!channel&gt; *ann* &amp;amp; @everyone" in shared["text"]


def test_what_a_person_types_arrives_as_it_reads_on_the_screen() -> None:
    assert parse_text("a &lt;b&gt; &amp;amp; <https://x.test|click> <https://y.test>") == (
        "a <b> &amp; click https://y.test"
    )
    assert parse_text("\0nul and \ud800 half a letter") == "nul and ? half a letter"
