"""`check` compares texts with what they rest on, and names what spoils a file on its own line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.content_check import check_content
from bot.content.figures_lock import FIGURES_FILE_NAME, list_figures
from bot.content.first_screen import WORD_RANGE, count_first_screen_words, format_byline
from bot.content.loader import load_content
from tests.content import sample_content
from tests.content.test_loader import list_problems


def list_errors(folder: Path, today: date | None = None) -> list[str]:
    """What `check` refuses, with file names as an author knows them."""
    report = check_content(folder, ("help",), today)
    return [str(problem).removeprefix(f"{folder}/") for problem in report.errors]


@pytest.mark.parametrize(
    ("old", "new", "expected_message"),
    [
        ("good_for: People who look up.", "good_for:\u00a0People who look up.",
         "cards/tower.yaml:21:10 a no-break space is here; write an ordinary space"),
        ("good_for: People who look up.", "\u00a0good_for: People who look up.",
         "cards/tower.yaml:21:1 a no-break space is here; write an ordinary space"),
        ("good_for: People who look up.", "good_for\uff1a People who look up.",
         "cards/tower.yaml:21:9 a full-width colon is here; write an ordinary colon"),
        ("good_for: People who look up.", "good_for:People who look up.",
         "cards/tower.yaml:21:10 a colon needs a space after it"),
        ("good_for: People who look up.", "<<<<<<< HEAD\ngood_for: People who look up.",
         "cards/tower.yaml:21:1 a merge marker (<<<<<<<): "
         "keep one of the two versions and take the markers out"),
        ("good_for: People who look up.", 'good_for: "People who look up.',
         "cards/tower.yaml:21:11 the quote that opens here is never closed"),
        ("good_for: People who look up.\nnot_for: People",
         "good_for: 'People who look up.\nnot_for: 'People",
         "cards/tower.yaml:21:11 the quote that opens here is never closed"),
        ("good_for: People who look up.", "good_for: People who look\u200b up.",
         "cards/tower.yaml:21:26 holds the invisible character U+200B (zero width space) here; take it out"),
        ("good_for: People who look up.", "good_for: People who \u202elook up.",
         "cards/tower.yaml:21:22 holds the invisible character U+202E (right-to-left override) here; "
         "take it out"),
        ("good_for: People who look up.", "good_for: People with `code`.",
         "cards/tower.yaml:21:1 good_for: only bold, emphasis and links can be shown everywhere; "
         "found a code tick (`)"),
        ("good_for: People who look up.", "good_for: People <b>up</b>.",
         "cards/tower.yaml:21:1 good_for: only bold, emphasis and links can be shown everywhere; "
         "found an HTML tag"),
        ("good_for: People who look up.", "good_for: People ~~down~~ up.",
         "cards/tower.yaml:21:1 good_for: only bold, emphasis and links can be shown everywhere; "
         "found strikethrough (~~)"),
        ("good_for: People who look up.", "good_for: See [this](https://example.org/).",
         "cards/tower.yaml:21:1 good_for: must lead to the work itself, "
         "got the bare site https://example.org/"),
        ("good_for: People who look up.", "good_for: See [this](https://example.org/category/careers).",
         "cards/tower.yaml:21:1 good_for: must lead to the work itself, "
         "got the category page https://example.org/category/careers"),
        ("share: true", "share: true\nquiz: towers", "cards/tower.yaml:27:1 quiz: there is no quiz 'towers'"),
        ("share: true", "share: true\ncomparison: tower-gardn",
         "cards/tower.yaml:27:1 comparison: there is no comparison 'tower-gardn'; "
         "did you mean 'tower-garden'?"),
        ("reviewed: 2026-11-22", "reviewed: yesterday",
         "cards/tower.yaml:27:1 reviewed: must be a date like 2026-11-22, got 'yesterday'"),
        ("try_this_week:", "try_this_weak:",
         "cards/tower.yaml:2:1 try_this_week: is missing\n"
         "cards/tower.yaml:23:1 unknown key 'try_this_weak'; did you mean 'try_this_week'?"),
    ],
)  # fmt: skip
def test_each_fault_has_its_sentence_at_its_place(
    folder: Path, old: str, new: str, expected_message: str
) -> None:
    sample_content.replace_text(folder, "cards/tower.yaml", old, new)
    assert list_problems(folder) == expected_message.splitlines()


def test_a_quoted_text_over_two_lines_is_no_unclosed_quote(folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/tower.yaml", "good_for: People who look up.", "good_for: 'People who\n  look up.'"
    )
    assert list_errors(folder) == []


def test_an_author_who_is_no_source_of_the_card_is_an_error(folder: Path) -> None:
    with (folder / "sources.yaml").open("a", encoding="utf-8") as sources:
        sources.write(
            "new-book:\n  author: the author of walls.org and Max Brick\n  title: Walls\n  year: 2001\n"
            "  caveat: who builds walls\n"
        )
    assert list_errors(folder) == [
        "sources.yaml:8:1 new-book: nothing rests on this source; take it out, or name it where it is used"
    ]
    sample_content.replace_text(
        folder,
        "cards/tower.yaml",
        "good_for: People who look up.",
        "good_for: People like Brick of walls.org.",
    )
    errors = list_errors(folder)
    assert "cards/tower.yaml:21:1 good_for: names brick, so 'new-book' must be among its sources" in errors
    assert (
        "cards/tower.yaml:21:1 good_for: names walls.org, so 'new-book' must be among its sources" in errors
    )


def test_a_site_that_is_no_source_is_an_error(folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/tower.yaml", "good_for: People who look up.", "good_for: Readers of stairs.com."
    )
    assert list_errors(folder) == [
        "cards/tower.yaml:21:1 good_for: names stairs.com, which is no source of sources.yaml"
    ]


def test_a_figure_needs_its_line_and_a_line_its_figure(folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/tower.yaml", "good_for: People who look up.", "good_for: The 60 % whom Stone counts."
    )
    (folder / FIGURES_FILE_NAME).write_text("# none yet\n", encoding="utf-8")
    (error,) = list_errors(folder)
    assert error.startswith(
        "cards/tower.yaml:21:1 good_for: the figure 60% is not in figures.lock; add the line"
    )
    (folder / FIGURES_FILE_NAME).write_text(
        "cards/tower.yaml | 60 % | old-book | sixty of a hundred climb\n"
        "cards/tower.yaml | 61 % | old-book | sixty-one\n"
        "cards/tower.yaml | 62 %\n",
        encoding="utf-8",
    )
    assert list_errors(folder) == [
        "figures.lock:2:1 no text of cards/tower.yaml has the figure 61%; take the line out",
        "figures.lock:3:1 must be `file | figure | source | at most six words of it`",
    ]


def test_a_quote_is_short_and_of_a_source_of_the_text(folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/tower.yaml", "good_for: People who look up.", "good_for: The 60 % whom Stone counts."
    )
    (folder / FIGURES_FILE_NAME).write_text(
        "cards/tower.yaml | 60 % | old-boke | one two three four five six seven\n", encoding="utf-8"
    )
    assert list_errors(folder) == [
        "figures.lock:1:1 'old-boke' is not a source of cards/tower.yaml; did you mean 'old-book'?",
        "figures.lock:1:1 the quote must have at most 6 words, got 7",
    ]


def test_figures_have_one_spelling_and_years_are_none() -> None:
    text = "In 2021 3\u20134x, 4 to 10 years, 75 % of 30+ and 91.4%* of v2."
    assert list_figures(text) == ["3-4x", "4-10", "75%", "30+", "91.4%"]


def test_the_shipped_content_keeps_its_list_of_figures() -> None:
    assert (sample_content.SHIPPED_CONTENT / FIGURES_FILE_NAME).is_file()


def test_dates_in_the_future_are_errors(folder: Path) -> None:
    assert list_errors(folder, date(2026, 11, 21)) == [], "a day's grace for other time zones"
    errors = list_errors(folder, date(2026, 11, 20))
    assert "cards/tower.yaml:27:1 reviewed: must not be in the future, got 2026-11-22" in errors
    assert "sources.yaml:5:3 old-book.year: must not be in the future, got 1999" in list_errors(
        folder, date(1998, 1, 1)
    )


def test_a_first_screen_has_60_to_120_words(folder: Path) -> None:
    sample_content.replace_text(
        folder,
        "cards/tower.yaml",
        "try_this_week: Count the steps",
        f"try_this_week: {'Go up. ' * 25}Count the steps",
    )
    (error,) = list_errors(folder)
    assert error.startswith(
        "cards/tower.yaml:6:1 answer: the first screen (cells, answer, try_this_week and byline)"
    )


def test_every_shipped_card_fits_its_first_screen() -> None:
    content = load_content(sample_content.SHIPPED_CONTENT)
    counts = {card_id: count_first_screen_words(card, content) for card_id, card in content.cards.items()}
    assert {i: n for i, n in counts.items() if not WORD_RANGE[0] <= n <= WORD_RANGE[1]} == {}


def test_the_caveat_is_in_the_byline_of_one_source_alone() -> None:
    sources = load_content(sample_content.SHIPPED_CONTENT).sources
    gorelik, bazeley = sources["gorelik-2021"], sources["bazeley-2023"]
    assert format_byline([gorelik]) == "From Boris Gorelik, 2021, who calls himself biased: he has a PhD"
    assert format_byline([gorelik, bazeley]) == "From Boris Gorelik, 2021; Mikiko Bazeley, 2023"
    assert gorelik.url is None


def test_nearly_the_same_name_for_two_comparisons_is_an_error(folder: Path) -> None:
    text = (folder / "comparisons/tower-garden.yaml").read_text(encoding="utf-8")
    (folder / "comparisons/towers-gardens.yaml").write_text(text, encoding="utf-8")
    assert any("is nearly the title of 'tower-garden'" in error for error in list_errors(folder))


def test_a_comparison_that_no_card_names_is_an_error_once_cards_name_any(folder: Path) -> None:
    assert list_errors(folder) == []
    text = (folder / "comparisons/tower-garden.yaml").read_text(encoding="utf-8")
    (folder / "comparisons/walls.yaml").write_text(
        text.replace("Tower or garden", "A wall of one's own"), encoding="utf-8"
    )
    sample_content.replace_text(
        folder, "cards/tower.yaml", "share: true", "share: true\ncomparison: tower-garden"
    )
    assert list_errors(folder) == [
        "comparisons/walls.yaml:2:1 no card names this comparison; "
        "add `comparison: walls` to the cards that lead to it"
    ]


def test_a_tip_rests_on_a_source_of_its_card(tmp_path: Path) -> None:
    folder = sample_content.write_content(tmp_path / "content")
    with (folder / "sources.yaml").open("a", encoding="utf-8") as sources:
        sources.write("new-book:\n  author: Max Brick\n  title: Walls\n  caveat: who builds walls\n")
    (folder / "tips").mkdir(exist_ok=True)
    (folder / "tips/more.yaml").write_text(
        "# yaml-language-server: $schema=../schema/tips.json\n"
        "- id: knock\n  text: Knock before you lean on it.\n  card: tower\n  source: new-book\n",
        encoding="utf-8",
    )
    assert list_errors(folder) == [
        "tips/more.yaml:5:3 0.source: 'new-book' is not among the sources of the tip's card 'tower'"
    ]
