"""What reads and is still wrong or doubtful is said at its place."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
from rapidfuzz import fuzz

import bot.commands
from bot.content.attribution_lint import find_unattributed_sentences
from bot.content.content_check import check_content
from bot.content.loader import load_content
from bot.content.utterance_conflicts import LocatedUtterance, find_conflicts
from tests.content import sample_content

COMMANDS = frozenset(command.name for command in bot.commands.COMMANDS)


def list_messages(folder: Path) -> tuple[list[str], list[str]]:
    """Errors and warnings, with file names as an author knows them."""
    checked = check_content(folder, COMMANDS)
    errors, warnings = (
        [str(problem).removeprefix(f"{folder}/") for problem in problems]
        for problems in (checked.errors, checked.warnings)
    )
    return errors, warnings


def test_sample_content_has_no_problems(folder: Path) -> None:
    assert list_messages(folder) == ([], [])


def test_shipped_content_has_no_problems() -> None:
    assert list_messages(sample_content.SHIPPED_CONTENT) == ([], [])


def test_unreadable_content_reports_only_load_and_header_errors(folder: Path) -> None:
    sample_content.replace_text(folder, "cards/tower.yaml", "kind: decision", "kind: choice")
    sample_content.replace_text(
        folder, "cards/well.yaml", "# yaml-language-server: $schema=../schema/card.json\n", ""
    )
    (folder / "utterances/well.txt").unlink()
    errors, warnings = list_messages(folder)
    assert [error.split(" ")[0] for error in errors] == ["cards/tower.yaml:4:1", "cards/well.yaml:1:1"]
    assert warnings == []
    assert check_content(folder, COMMANDS).content is None


def test_near_duplicate_utterance_names_both_lines(folder: Path) -> None:
    sample_content.replace_text(
        folder, "utterances/well.txt", "what of a dry summer", "is the tower worht it??"
    )
    assert list_messages(folder) == ([], [
        "utterances/tower.txt:3:1 is nearly the same question as well.txt:4: 'is the tower worht it??'"
    ])  # fmt: skip


def test_questions_that_merely_share_words_are_left_alone(folder: Path) -> None:
    sample_content.replace_text(
        folder, "utterances/well.txt", "what of a dry summer", "is a well in the garden worth it in winter"
    )
    assert list_messages(folder) == ([], [])


def test_a_question_that_no_card_answers_may_not_look_like_one_that_a_card_does(folder: Path) -> None:
    (folder / "utterances/none-weather.txt").write_text("will it rain\nwhy climb at all\n", encoding="utf-8")
    assert list_messages(folder)[1] == [
        "utterances/none-weather.txt:2:1 is nearly the same question as tower.txt:4: 'why climb at all'"
    ]


def test_a_question_that_nothing_answers_is_an_error(folder: Path) -> None:
    for outside in ("weather", "pay", "command-climb", "command-help"):
        (folder / f"utterances/none-{outside}.txt").write_text(f"what about {outside}\n", encoding="utf-8")
    assert list_messages(folder)[0] == [
        "utterances/none-command-climb.txt:1:1 there is no command 'climb'",
        "utterances/none-weather.txt:1:1 there is no sentence 'outside.weather'",
    ]


def test_no_pair_is_lost_by_comparing_only_lines_of_like_length() -> None:
    chance = random.Random(7)
    words = ["do", "data", "people", "research", "a", "phd", "or", "not", "engineering", "what", "next"]
    askings = [
        LocatedUtterance(Path(f"{n % 5}.txt"), n, " ".join(chance.choices(words, k=chance.randint(1, 9))))
        for n in range(1_500)
    ]
    found = {frozenset((one.line, other.line)) for one, other in find_conflicts(askings)}
    keys = {asking.line: " ".join(sorted(asking.text.split())) for asking in askings}
    wanted = {
        frozenset((one.line, other.line))
        for at, one in enumerate(askings)
        for other in askings[:at]
        if one.file != other.file and fuzz.ratio(keys[one.line], keys[other.line]) >= 80
    }
    assert wanted
    assert found == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "Some 60 % of towers lean.",
        "Towers lean 3-4 times as often as walls.",
        "It pays four to five times as much.",
        "It takes ten years to build.",
        "Of 30 towers in 2021, some leaned.",
    ],
)
def test_a_figure_without_a_name_is_found(folder: Path, sentence: str) -> None:
    sample_content.replace_text(
        folder, "cards/well.yaml", "good_for: People who look up.", f"good_for: {sentence}"
    )
    errors, warnings = list_messages(folder)
    assert not errors
    assert warnings == [
        "cards/well.yaml:14:1 good_for: a figure without a name: say in this sentence that it is "
        f"Ada Stone's, or our own: {sentence!r}"
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "By Ada Stone's count 60 % of towers lean.",
        "Stone (1999) counts 60 %.",
        "Three in five is our own guess, so 60 %.",
        "Towers changed in 2021.",
        "Two views are possible, and one of them is better.",
        "Ask three people.",
    ],
)
def test_a_figure_with_its_name_and_a_number_that_claims_nothing_are_left_alone(
    folder: Path, sentence: str
) -> None:
    sample_content.replace_text(
        folder, "cards/well.yaml", "good_for: People who look up.", f'good_for: "{sentence}"'
    )
    assert list_messages(folder) == ([], [])


def test_a_figure_in_a_verdict_an_assessment_or_a_tip_needs_its_name_too(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(sample_content.SHIPPED_CONTENT, folder)
    quiz = "quizzes/research-or-engineering.yaml"
    sample_content.replace_text(
        folder, quiz, "30+ data scientists in the juyang.co survey, 20 %", "people asked, 20 %"
    )
    sample_content.replace_text(
        folder, "comparisons/sectors.yaml", "verdict: >-\n", "verdict: >-\n  In 3 of 4 themes.\n"
    )
    sample_content.replace_text(
        folder, "tips/risk.yaml", "The author of nirantk.com took a 75 % cut", "Somebody took a 75 % cut"
    )
    warnings = list_messages(folder)[1]
    assert [re.sub(r":\d+:\d+ ", " ", warning).split(" a figure")[0] for warning in warnings] == [
        "comparisons/sectors.yaml verdict:",
        f"{quiz} context:",
        "tips/risk.yaml 4.text:",
    ]


def test_each_sentence_answers_for_its_own_figure() -> None:
    (source,) = (load_content(sample_content.SHIPPED_CONTENT).sources["sectors-2024"],)
    text = "In 2024 Dreossi put it at 1 %. Others say 5 % (or more). So does msultan.github.io, at 9 %."
    assert list(find_unattributed_sentences(text, [source])) == ["Others say 5 % (or more)."]


def test_what_to_try_this_week_may_count(folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/well.yaml", "try_this_week: Visit one.", "try_this_week: Visit 3 in 10 years."
    )
    assert list_messages(folder) == ([], [])


def test_small_tags_and_cards_with_few_utterances_are_reported(folder: Path) -> None:
    for name in ("well", "bridge"):
        sample_content.replace_text(folder, f"cards/{name}.yaml", "tags: [towers]", "tags: [water]")
    with (folder / "tags.yaml").open("a", encoding="utf-8") as tags:
        tags.write("water:\n  name: Water\n  about: All that flows.\nair:\n  name: Air\n  about: The rest.\n")
    sample_content.replace_text(folder, "utterances/well.txt", "what of a dry summer\n", "")
    (folder / "utterances/bridge.txt").unlink()
    assert list_messages(folder)[1] == [
        "tags.yaml:2:1 towers: needs at least 4 cards, found 2",
        "tags.yaml:5:1 water: needs at least 4 cards, found 2",
        "tags.yaml:8:1 air: needs at least 4 cards, found none",
        "utterances/bridge.txt:1:1 needs at least 6 ways of asking, found none",
        "utterances/well.txt:1:1 needs at least 6 ways of asking, found 5",
    ]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("  - [tower, spire, steeple]", "  - [tower, spire]\n  - [garden, Spire]",
         "words.yaml:4:14 synonyms.1.1: 'Spire' means 'tower' already"),
        ("[tower, spire, steeple]", "[tower, spire, Tower]",
         "words.yaml:3:20 synonyms.0.2: 'Tower' appears twice in this line"),
        ("  - the a is it", "  - the a is spire",
         "words.yaml:7:5 stopwords.0: 'spire' is ignored, yet means 'tower'"),
        ("towre: tower", "tower: Tower",
         "words.yaml:5:3 corrections.tower: is spelled the same on both sides"),
        ("towre: tower", "spire: tower",
         "words.yaml:5:3 corrections.spire: is a wrong spelling here and a right one under `synonyms`"),
        ("towre: tower", "towre: towwer\n  towwer: tower",
         "words.yaml:5:3 corrections.towre: leads to 'towwer', which is listed as wrong itself"),
        ("towre: tower", "to wer: tower",
         "words.yaml:5:3 corrections.to wer: must be one word: only single words are corrected"),
    ],
)  # fmt: skip
def test_word_with_two_synonym_groups_is_an_error(folder: Path, old: str, new: str, error: str) -> None:
    sample_content.replace_text(folder, "words.yaml", old, new)
    assert list_messages(folder) == ([error], [])
