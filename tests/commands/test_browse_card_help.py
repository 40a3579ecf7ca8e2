"""The menu, the shelves and single cards."""

from __future__ import annotations

import re

from bot.commands import COMMANDS
from bot.content.content import short_hash
from bot.messaging.action import Action
from bot.messaging.blocks import Heading
from bot.messaging.reply import ReplyOutcome
from bot.service import Service
from tests.chat import Chat


def test_the_menu_lists_every_command_and_its_buttons_work(chat: Chat) -> None:
    chat.send_line("help")
    for command in COMMANDS:
        if command.name != "help":
            assert f"/career {command.name}" in chat.text
    for label in chat.labels:
        chat.send_line("help").press(label)


def test_every_topic_opens_its_cards(chat: Chat, service: Service) -> None:
    for tag in service.context.content.tags.values():
        chat.send_line("browse").press(tag.name)
        assert len(chat.labels) >= 4, tag.name
        assert re.search(r"[.] \d+ cards[.]", chat.text), "two sentences, a space between them"


def test_long_card_list_is_paged_without_loss(chat: Chat, service: Service) -> None:
    library = service.context.content
    for tag_id, tag in library.tags.items():
        wanted = {card.short for card in library.cards.values() if tag_id in card.tags}
        chat.send_line(f"browse {tag_id}")
        seen = set(chat.labels)
        while "More cards" in chat.labels:
            seen |= set(chat.press("More cards").labels)
        assert wanted <= seen, tag.name


def test_every_card_can_be_shown_kept_and_found_by_its_title(chat: Chat, service: Service) -> None:
    for card_id, card in service.context.content.cards.items():
        assert card.title in chat.send_line(f"card {card.title}").text
        assert card.title in chat.send_action(Action("card.keep", (short_hash(card_id),))).text
        if card.share:
            assert card.title in chat.send_action(Action("card.share", (short_hash(card_id),))).text


def test_a_sector_card_shows_the_cells_of_its_row(chat: Chat, service: Service) -> None:
    topic = next(t for t in service.context.content.comparisons["sectors"].topics if t.id == "compute")
    chat.send_line("card sector-compute")
    for cell in topic.cells.values():
        assert "".join(span.text for span in cell.says) in chat.text


def test_a_card_that_is_gone_says_so(chat: Chat) -> None:
    assert "no longer" in chat.send_action(Action("card.show", ("ffffff",))).text


def test_unknown_title_is_refused_with_a_fix(chat: Chat) -> None:
    chat.send_action(Action("card"), {"card": "the card of all cards"})
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert "browse" in chat.text


def test_part_of_a_title_is_refused_with_the_nearest_cards(chat: Chat) -> None:
    chat.send_action(Action("card"), {"card": "phd"})
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert "have a card called phd" in chat.text
    *nearest, ask, menu = chat.labels
    assert len(nearest) == 3
    assert (ask, menu) == ("/career ask phd", "Menu")
    assert "Can I do a PhD while I work?" in chat.press("Can I do a PhD while I work?").text


def test_related_cards_lead_on(chat: Chat) -> None:
    chat.send_line("card phd-or-not").press("Can I do a PhD while I work?")
    assert any(isinstance(block, Heading) for block in chat.reply.blocks)


def test_privacy_says_what_is_kept(chat: Chat) -> None:
    assert "stored" in chat.send_line("privacy").text
