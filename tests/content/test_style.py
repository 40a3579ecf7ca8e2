"""The reading aid counts what it says it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loader import load_content
from bot.content.style import (
    compute_reading_ease,
    count_syllables,
    format_style,
    is_reporting,
    measure_cards,
    split_sentences,
)
from tests.content import sample_content


@pytest.mark.parametrize(
    ("word", "count"), [("the", 1), ("table", 2), ("make", 1), ("career", 2), ("data", 2), ("engineer", 3)]
)
def test_syllables(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_reading_ease_of_short_words_is_high() -> None:
    assert compute_reading_ease(["the", "cat", "sat", "on", "the", "mat"], 1) > 100
    assert compute_reading_ease(["institutionalisation"] * 20, 1) < 0
    assert compute_reading_ease([], 0) == 0


def test_sentences_end_at_a_full_stop_and_a_capital() -> None:
    assert split_sentences("Go up. Then 3.5 steps, e.g. two. (Stop there.) Why?") == [
        "Go up.", "Then 3.5 steps, e.g. two.", "(Stop there.", "Why?",
    ]  # fmt: skip


def test_a_reporting_sentence_has_a_verb_of_saying_and_a_name() -> None:
    assert is_reporting("Gorelik says that it helps.", {"gorelik"})
    assert is_reporting("The author thinks so.", set())
    assert not is_reporting("You may think that it helps.", {"gorelik"})
    assert not is_reporting("Gorelik has a PhD.", {"gorelik"})


def test_contractions_and_you_are_counted_per_100_words(folder: Path) -> None:
    answer = (
        "answer: |\n  "
        + "You'll see that it's your tower and you don't need the author's stairs at all. " * 4
    )
    card = (folder / "cards/tower.yaml").read_text(encoding="utf-8")
    text = card[: card.index("answer:")] + answer + "\n" + card[card.index("views:") :]
    (folder / "cards/tower.yaml").write_text(text, encoding="utf-8")
    for name in ("garden", "well", "bridge"):
        (folder / f"cards/{name}.yaml").unlink()
        (folder / f"utterances/{name}.txt").unlink()
    (folder / "comparisons/tower-garden.yaml").unlink()
    text = text.replace("related: [garden]", "related: [tower2]")
    (folder / "cards/tower.yaml").write_text(text, encoding="utf-8")
    (folder / "cards/tower2.yaml").write_text(
        text.replace("related: [tower2]", "related: [tower]").replace("Worth the climb?", "Two"),
        encoding="utf-8",
    )
    measures = measure_cards(load_content(folder))
    assert measures.cards == 2
    assert measures.contractions == pytest.approx(100 * 3 / 15)
    assert measures.you == pytest.approx(100 * 3 / 15)


def test_the_shipped_cards_reach_their_aims() -> None:
    measures = measure_cards(load_content(sample_content.SHIPPED_CONTENT))
    assert measures.reporting_share < 0.15
    assert measures.you > 5
    assert measures.first_screen_words <= 115
    assert "reporting sentences" in format_style(measures)
