"""Side by side: what is named, narrowed, ranked in words, shared."""

from __future__ import annotations

import pytest

from bot.messaging.action import Action
from bot.messaging.blocks import Table
from bot.messaging.reply import Audience, ReplyOutcome
from bot.service import Service
from tests.chat import Chat

THEMES = ("Collaboration and roles", "Data management", "Modelling and tasks", "Resources and infrastructure")


def _find_table(chat: Chat) -> Table:
    return next(block for block in chat.reply.blocks if isinstance(block, Table))


def test_two_sectors_stand_side_by_side_in_ten_topics_and_four_themes(chat: Chat) -> None:
    table = _find_table(chat.send_line("/career compare big-tech academia"))
    assert table.column_names == ("Big tech", "Academia")
    assert tuple(group.title for group in table.groups) == THEMES
    assert sum(len(group.rows) for group in table.groups) == 10


def test_names_aliases_and_typos_mean_the_same(chat: Chat) -> None:
    wanted = chat.send_line("compare big-tech academia").text
    for names in ("faang uni", "Academia vs Big Tech", "bigtech, acadmia", "maang or university"):
        line = f"compare {names}"
        assert chat.send_line(line).text == wanted, line


@pytest.mark.parametrize("name", ["after data science", "after-data-science", "sectors", "Sectors"])
def test_a_comparison_can_be_named_as_a_whole(name: str, chat: Chat) -> None:
    assert len(_find_table(chat.send_line(f"compare {name}")).column_names) >= 3


def test_by_narrows_to_a_theme_or_a_topic_and_says_sentences(chat: Chat) -> None:
    by_theme = _find_table(chat.send_line("compare big-tech academia by data"))
    assert [group.title for group in by_theme.groups] == ["Data management"]
    by_topic = _find_table(chat.send_line("compare big-tech academia by compute"))
    assert sum(len(group.rows) for group in by_topic.groups) == 1


def test_theme_buttons_replace_the_table_and_back(chat: Chat) -> None:
    chat.send_line("compare big-tech academia").press("Data management")
    assert chat.reply.replace_original
    assert len(_find_table(chat).groups) == 1
    chat.press("All themes")
    assert len(_find_table(chat).groups) == 4


def test_ranks_are_said_in_words_only_where_the_source_ranks(chat: Chat) -> None:
    chat.send_line("compare big-tech biotech academia")
    rows = {row.name: row for group in _find_table(chat).groups for row in group.rows}
    ranked = {name for name, row in rows.items() if any("strongest" in s.text for c in row.cells for s in c)}
    assert len(ranked) == 5, "ownership, custom data, small gains, funding and compute"


def test_options_that_tie_are_not_ranked(chat: Chat) -> None:
    """Biotech and academia tie on ownership: side by side, neither is stronger."""
    chat.send_line("compare biotech academia by ownership")
    assert "strongest" not in chat.text
    assert "weakest" not in chat.text


def test_nothing_named_offers_a_picker(chat: Chat) -> None:
    chat.send_line("compare")
    assert len(chat.labels) >= 5
    assert _find_table(chat.press(chat.labels[0])).groups


def test_a_row_opens_its_card(chat: Chat) -> None:
    chat.send_line("compare big-tech academia by compute").press("Who gives me the most compute?")
    assert "cutting edge" in chat.text


def test_sharing_posts_the_visible_comparison(chat: Chat) -> None:
    chat.send_line("compare big-tech academia by data").press("Share here")
    assert chat.reply.audience is Audience.EVERYONE
    assert [group.title for group in _find_table(chat).groups] == ["Data management"]
    assert "Shared by Ann" in chat.text


def test_options_of_different_comparisons_are_refused_with_what_belongs_together(chat: Chat) -> None:
    chat.send_action(Action("compare"), {"options": "big tech, intersection"})
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert "Biotech" in chat.text


def test_an_unknown_option_is_refused_with_what_there_is(chat: Chat) -> None:
    chat.send_action(Action("compare"), {"options": "bananas"})
    assert chat.reply.outcome is ReplyOutcome.REFUSED
    assert "bananas" in chat.text


def test_a_button_of_a_changed_comparison_says_so(chat: Chat) -> None:
    assert "changed" in chat.send_action(Action("compare.theme", ("ffffff", "", "ffffff"))).text


@pytest.mark.parametrize("args", [(), ("x",), ("", "", ""), ("a", "b", "c", "d")])
def test_a_crafted_button_gets_a_sentence(args: tuple[str, ...], chat: Chat) -> None:
    assert chat.send_action(Action("compare.theme", args)).reply.outcome is ReplyOutcome.REFUSED


def test_every_comparison_and_pair_and_part_fits_the_model(service: Service) -> None:
    """Reply's constructor refuses what does not fit; so every view a button can ask for is built once."""
    library = service.context.content
    for comparison in library.comparisons.values():
        names = [option.name for option in comparison.options.values()]
        parts = [theme.id for theme in comparison.themes] + [topic.id for topic in comparison.topics]
        for options in (names, *([a, b] for i, a in enumerate(names) for b in names[i + 1 :])):
            for by in ("", *parts):
                chat = Chat(service).send_action(Action("compare"), {"options": ", ".join(options), "by": by})
                assert chat.reply.outcome is ReplyOutcome.ANSWERED, (options, by, chat.text)
