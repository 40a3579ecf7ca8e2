"""A person on Slack: whole signed requests in, what Slack's servers then see out."""

from __future__ import annotations

from bot.platforms.slack.payloads import said
from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace, pressable, words

OWN_MESSAGE = "1800000000.000002"


async def test_a_slash_command_is_answered_by_its_ack_for_the_asker_alone(work: Workspace) -> None:
    ack = await work.say("compare big-tech academia")
    assert ack["response_type"] == "ephemeral"
    assert "Academia" in words(ack["blocks"])
    assert "Academia" in ack["text"]
    assert work.slack.calls == []


async def test_nothing_typed_shows_the_menu(work: Workspace) -> None:
    ack = await work.say("")
    assert "Compare options" in pressable(ack["blocks"])


async def test_a_button_narrows_the_comparison_in_place(work: Workspace) -> None:
    ack = await work.say("compare big-tech academia")
    await work.click(**pressable(ack["blocks"])["Collaboration and roles"])
    shown = await work.slack.next("response_url")
    assert shown["replace_original"] is True
    assert shown["response_type"] == "ephemeral"
    assert "All themes" in pressable(shown["blocks"])


async def test_a_private_answer_never_replaces_what_everyone_sees(work: Workspace) -> None:
    ack = await work.say("compare big-tech academia")
    await work.click(**pressable(ack["blocks"])["Collaboration and roles"], ephemeral=False)
    shown = await work.slack.next("response_url")
    assert (shown["response_type"], shown["replace_original"]) == ("ephemeral", False)


async def test_a_menus_line_opens_a_card(work: Workspace) -> None:
    ack = await work.say("should I do a phd?")
    menu = {label: how for label, how in pressable(ack["blocks"]).items() if "picked" in how}
    label, how = list(menu.items())[-1]
    await work.click(**how)
    shown = await work.slack.next("response_url")
    assert label != "Why this answer?"
    assert shown["response_type"] == "ephemeral"


async def test_share_here_posts_the_card_to_the_channel_and_not_the_question(work: Workspace) -> None:
    ack = await work.say("should I do a phd? zyzzyva")
    await work.click(**pressable(ack["blocks"])["Share here"])
    shared = await work.slack.next("response_url")
    assert (shared["response_type"], shared["replace_original"]) == ("in_channel", False)
    assert "Shared by ann" in shared["text"]
    assert "zyzzyva" not in str(shared)


async def test_send_to_my_messages_posts_there_and_says_so_privately(work: Workspace) -> None:
    ack = await work.say("should I do a phd?")
    await work.click(**pressable(ack["blocks"])["Send to my messages"])
    kept = await work.slack.next("chat.postMessage")
    told = await work.slack.next("response_url")
    assert kept["channel"] == "U1"
    assert "messages" in told["text"]
    assert told["response_type"] == "ephemeral"


async def test_what_is_pressed_in_ones_own_messages_is_answered_there(work: Workspace) -> None:
    ack = await work.say("should I do a phd?")
    await work.click(**pressable(ack["blocks"])["Send to my messages"])
    kept = await work.slack.next("chat.postMessage")
    row = kept["blocks"][-1]
    how = list(pressable(kept["blocks"]).values())[-1]
    await work.click(**how, block_id=row["block_id"], channel="D1", ephemeral=False, message=OWN_MESSAGE)
    shown = await work.slack.next("chat.postMessage", 2)
    assert shown["channel"] == "D1"


async def test_a_press_in_two_peoples_messages_stays_with_who_pressed(work: Workspace) -> None:
    """Slack names both kinds of direct messages alike; only the bot's own rows say that they are its own."""
    ack = await work.say("should I do a phd?")
    await work.click(
        **pressable(ack["blocks"])["Send to my messages"], channel="D7", ephemeral=False, message=OWN_MESSAGE
    )
    told = await work.slack.next("response_url")
    assert told["response_type"] == "ephemeral"


async def test_a_mention_is_answered_in_a_thread_under_it(work: Workspace) -> None:
    status, ack = await work.post(payloads.mention("compare big-tech academia", ts="1700.1"))
    assert (status, ack) == (200, "")
    shown = await work.slack.next("chat.postMessage")
    assert (shown["channel"], shown["thread_ts"]) == ("C1", "1700.1")


async def test_a_mention_in_a_thread_is_answered_in_that_thread(work: Workspace) -> None:
    await work.post(payloads.mention("compare big-tech academia", ts="1700.2", thread_ts="1700.1"))
    shown = await work.slack.next("chat.postMessage")
    assert shown["thread_ts"] == "1700.1"


async def test_what_is_private_after_a_mention_is_ephemeral_in_the_channel(work: Workspace) -> None:
    """In the thread it would not be seen, since no thread is active yet."""
    await work.post(payloads.mention("card no such card at all", ts="1700.1"))
    await work.post(payloads.mention("privacy", ts="1700.3"))
    shown = await work.slack.next("chat.postEphemeral")
    await work.settled()
    assert (shown["channel"], shown["user"], shown.get("thread_ts")) == ("C1", "U1", None)


async def test_what_is_private_after_a_mention_in_a_thread_is_ephemeral_there(work: Workspace) -> None:
    await work.post(payloads.mention("privacy", thread_ts="1700.1"))
    shown = await work.slack.next("chat.postEphemeral")
    assert shown["thread_ts"] == "1700.1"


async def test_a_stranger_in_a_thread_gets_a_private_sentence_there(work: Workspace) -> None:
    await work.click("bot:quiz.answer:of-somebody-else", user="U2", thread="1700.1", ephemeral=False)
    shown = await work.slack.next("chat.postEphemeral")
    assert (shown["user"], shown["thread_ts"]) == ("U2", "1700.1")
    assert work.slack.made("response_url") == []


async def test_a_direct_message_is_answered_in_the_conversation(work: Workspace) -> None:
    await work.post(payloads.direct("should I do a phd?"))
    shown = await work.slack.next("chat.postMessage")
    assert (shown["channel"], shown.get("thread_ts")) == ("D1", None)
    await work.post(payloads.direct("help", thread_ts="1700.1"))
    assert (await work.slack.next("chat.postMessage", 2))["thread_ts"] == "1700.1"


async def test_a_form_opens_at_once_and_its_answer_goes_where_it_was_opened(work: Workspace) -> None:
    assert await work.say("ask") == {}
    opened = await work.slack.next("views.open")
    assert opened["trigger_id"]
    status, ack = await work.post(payloads.submission(opened["view"], {"question": "should I do a phd?"}))
    assert (status, ack) == (200, "")
    shown = await work.slack.next("response_url")
    assert shown["response_type"] == "ephemeral"
    assert "PhD" in words(shown["blocks"]) or "doctorate" in words(shown["blocks"])


async def test_a_form_asked_for_in_a_message_comes_as_a_button(work: Workspace) -> None:
    await work.post(payloads.direct("ask"))
    shown = await work.slack.next("chat.postMessage")
    press = pressable(shown["blocks"])["Ask a career question"]
    await work.click(**press, block_id=shown["blocks"][-1]["block_id"], channel="D1", ephemeral=False)
    await work.slack.next("views.open")


async def test_the_shortcut_answers_about_a_message_in_its_thread(work: Workspace) -> None:
    url = work.slack.response_url
    await work.post(payloads.shortcut("should I do a phd?", url, thread="1700.1"))
    shown = await work.slack.next("chat.postEphemeral")
    assert shown["thread_ts"] == "1700.1"
    await work.post(payloads.shortcut("should I do a phd?", url))
    assert (await work.slack.next("response_url"))["response_type"] == "ephemeral"


async def test_the_home_tab_shows_the_menu_and_its_buttons_answer_in_messages(work: Workspace) -> None:
    await work.post(payloads.event(type="app_home_opened", user="U1", channel="D1", tab="home"))
    home = await work.slack.next("views.publish")
    press = pressable(home["view"]["blocks"])["Compare options"]
    pressed = payloads.click(press["action_id"], "")
    for name in ("channel", "response_url"):
        del pressed[name]
    pressed["container"] = {"type": "view", "view_id": "V1"}
    assert await work.post(pressed) == (200, "")
    assert (await work.slack.next("chat.postMessage"))["channel"] == "U1"


async def test_the_messages_tab_offers_questions_that_all_have_answers(
    work: Workspace, service: Service
) -> None:
    await work.post(payloads.event(type="app_home_opened", user="U1", channel="D1", tab="messages"))
    offered = await work.slack.next("assistant.threads.setSuggestedPrompts")
    assert len(offered["prompts"]) == 4
    assert "thread_ts" not in offered
    for prompt in offered["prompts"]:
        ack = await work.say(prompt["message"])
        assert "no card on that" not in ack["text"]


async def test_edits_other_bots_and_channel_chatter_are_not_answered(work: Workspace) -> None:
    for payload in (
        payloads.direct("help", bot_id="B2"),
        payloads.direct("help", subtype="message_changed"),
        payloads.mention("help", bot_id="B2"),
        payloads.event(
            type="message", channel_type="channel", channel="C1", user="U1", ts="1.1", text="help"
        ),
        payloads.event(type="reaction_added", user="U1"),
        payloads.event(type="tokens_revoked", tokens={"bot": ["UBOT"]}),
    ):
        assert await work.post(payload) == (200, "")
    await work.settled()
    assert work.slack.calls == []


async def test_a_persons_name_pings_nobody(work: Workspace) -> None:
    ack = await work.say("should I do a phd?")
    press = payloads.click(pressable(ack["blocks"])["Share here"]["action_id"], work.slack.response_url)
    press["user"]["name"] = "<!channel> *ann* &amp; @everyone"
    await work.post(press)
    shared = await work.slack.next("response_url")
    assert "<!channel> *ann* &amp; @everyone" in words(shared["blocks"])
    assert "Shared by &lt;!channel&gt; *ann* &amp;amp; @everyone" in shared["text"]


def test_what_a_person_types_arrives_as_it_reads_on_the_screen() -> None:
    assert said("a &lt;b&gt; &amp;amp; <https://x.test|click> <https://y.test>") == (
        "a <b> &amp; click https://y.test"
    )
    assert said("\0nul and \ud800 half a letter") == "nul and ? half a letter"
