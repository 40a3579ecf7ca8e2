"""Asking in plain words: the card with its source, an honest miss, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messaging.action import Action
from bot.messaging.blocks import Heading
from bot.messaging.reply import Audience, DirectMessage, ReplyOutcome
from tests.chat import NOON, Chat


def _find_title(chat: Chat) -> str:
    return next(block.text for block in chat.reply.blocks if isinstance(block, Heading))


def test_a_question_gets_the_card_that_answers_it_with_its_source(chat: Chat) -> None:
    chat.send_line("should I do a phd?")
    assert "PhD" in _find_title(chat)
    assert "Boris Gorelik (2021)" in chat.text
    assert "https://nirantk.com" in chat.text
    assert chat.reply.audience is Audience.ASKER


def test_the_same_question_always_gets_the_same_answer(chat: Chat) -> None:
    first = chat.send_line("is data science dead now that LLMs do everything").text
    assert all(
        chat.send_line("is data science dead now that LLMs do everything").text == first for _ in range(3)
    )


def test_slang_typos_and_synonyms_find_the_card(chat: Chat) -> None:
    for asked in ("phd worth it??", "is a docotrate worth it", "doctorate, yes or no"):
        assert "PhD" in _find_title(chat.send_line(asked)), asked


def test_a_miss_says_so_and_names_what_is_near(chat: Chat) -> None:
    chat.send_line("zzqx wwvk brrgl")
    assert chat.reply.outcome is ReplyOutcome.NO_MATCH
    assert "don't have a card on that" in chat.text
    assert "Browse topics" in chat.labels


def test_why_names_words_reasons_and_runners_up(chat: Chat) -> None:
    chat.send_line("should I do a phd?").press("Why this answer?")
    assert "phd" in chat.text
    assert "Is a PhD worth it?" in chat.text
    assert "of 100" in chat.text


def test_why_is_the_askers_alone_and_is_forgotten_after_half_an_hour(chat: Chat) -> None:
    chat.send_line("should I do a phd?")
    why = next(p.action for b in chat.reply.blocks if hasattr(b, "choices") for p in b.choices)
    late = replace(chat, now=lambda: NOON + timedelta(minutes=31))
    assert "too old to explain" in late.send_action(why).text
    assert "too old to explain" in chat.send_action(Action("ask.why", ("0" * 12,))).text


def test_asking_without_words_opens_a_form_and_the_form_answers(chat: Chat) -> None:
    chat.send_line("help").press("Ask a question")
    assert chat.form.title == "Ask a career question"
    assert "PhD" in _find_title(chat.submit(question="should I do a phd?"))


def test_an_empty_form_asks_again(chat: Chat) -> None:
    chat.send_line("help").press("Ask a question").submit(question="   ")
    assert chat.form.title == "Ask a career question"


def test_sharing_posts_the_card_by_name_and_never_the_question(chat: Chat) -> None:
    chat.send_line("should I do a phd, asks nobody but me?").press("Share here")
    assert chat.reply.audience is Audience.EVERYONE
    assert "Shared by Ann" in chat.text
    assert "nobody but me" not in chat.text


def test_a_card_about_ones_own_doubts_cannot_be_shared(chat: Chat) -> None:
    chat.send_line("card feeling-replaceable")
    assert "Share here" not in chat.labels
    from bot.content.content import short_hash

    chat.send_action(Action("card.share", (short_hash("feeling-replaceable"),)))
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert chat.reply.audience is Audience.ASKER


def test_a_card_can_be_sent_to_ones_own_messages(chat: Chat) -> None:
    chat.send_line("should I do a phd?").press("Save to DM")
    assert chat.reply.placement == DirectMessage()
    assert "PhD" in chat.text


def test_markup_and_mentions_in_a_question_come_back_nowhere(chat: Chat) -> None:
    chat.send_line("<!channel> @everyone <@U1> should I do a phd? *bold* <https://evil.test|x>")
    assert "evil.test" not in chat.text
    assert "@everyone" not in chat.text


def test_pay_is_not_answered_but_honestly_declined(chat: Chat) -> None:
    chat.send_line("what does a senior data scientist earn in Oslo")
    assert chat.reply.outcome is ReplyOutcome.NO_MATCH
    assert "pay figures" in chat.text
    assert "Browse topics" in chat.labels


def test_distress_gets_a_warm_sentence_and_no_card(chat: Chat) -> None:
    chat.send_line("I want to kill myself")
    assert "talk to someone you trust" in chat.text
    assert chat.labels == []


def test_a_command_hidden_in_a_question_is_pointed_to(chat: Chat) -> None:
    chat.send_line("what do you store about me")
    assert "/career privacy" in chat.text
    chat.press("/career privacy")
    assert "What I store about you" in chat.text


def test_options_of_one_comparison_open_the_comparison(chat: Chat) -> None:
    chat.send_line("big tech or academia?")
    assert "Big tech" in _find_title(chat)
    assert "Academia" in _find_title(chat)


def test_several_questions_get_a_button_each(chat: Chat) -> None:
    chat.send_line("Should I do a PhD part time while I work? And how do I find a good mentor?")
    assert "more than one thing" in chat.text


@pytest.mark.parametrize("line", ["hello", "hi", "thanks!", "who are you?", "what can you do"])
def test_small_talk_gets_a_friendly_word_and_the_menu_but_no_card(line: str, chat: Chat) -> None:
    chat.send_line(line)
    assert "only answer career questions" in chat.text
    assert chat.labels == ["Menu", "Browse topics"]


def test_a_suggested_command_is_offered_once(chat: Chat) -> None:
    """The row under small talk held the same action as the suggestion above it, which no reply may."""
    for line in ("browse\u200b", "hepl", "browze"):
        assert chat.send_line(line).reply.outcome is not ReplyOutcome.FAILED, line
