"""What an author of an assessment is told: by file and line, before anybody takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.answer_codes import LOCK_FILE_NAME, merge_codes
from bot.content.loader import load_content
from tests.content import sample_content
from tests.content.sample_quiz import QUIZ
from tests.content.test_loader import list_problems

QUIZ_FILE = "quizzes/up-or-out.yaml"


@pytest.fixture
def quiz_content(folder: Path) -> Path:
    """The small content with a quiz."""
    file = folder / QUIZ_FILE
    file.parent.mkdir()
    file.write_text(QUIZ, encoding="utf-8")
    return folder


def test_a_file_is_the_whole_work_of_adding_one(quiz_content: Path) -> None:
    assert list(load_content(quiz_content).quizzes) == ["up-or-out"]


@pytest.mark.parametrize(
    ("old", "new", "expected_message"),
    [
        ("source: old-book", "source: new-book", "6:1 source: 'new-book' is not in sources.yaml"),
        ("cards: [tower, bridge]", "cards: [tower, moat]",
         "17:20 results.tower.cards.1: there is no card 'moat'"),
        ("cards: [tower, bridge]", "cards: [tower, tower]", "17:5 results.tower.cards: names one card twice"),
        ("cards: [tower, bridge]", "cards: [tower]", "17:5 results.tower.cards.1: is missing"),
        ("    dimension: out\n", "    dimension: off\n",
         "11:3 dimensions.out: no results say `dimension: out`; it needs one\n"
         "21:5 results.garden.dimension: 'off' is not a dimension of this quiz"),
        ("    dimension: out\n", "", "19:3 results.garden: has either `dimension` or `tie_between`"),
        ("    dimension: out\n", "    tie_between: [up, out]\n",
         "19:3 results.garden: `tie_between` and `tie_within` belong together: give both or neither"),
        ("  - id: qb\n", "  - id: qa\n", "40:5 questions.1.id: the question 'qa' appears twice"),
        ("\n    code: b\n", "\n    code: a\n", "41:5 questions.1.code: is the code of 'qa' too"),
        ("\n    code: b\n", "\n    code: z\n", "41:5 questions.1.code: must be 'a', 'b',"),
        ("    ask: Where is b?\n", "    ask: Where is b?\n    show_if:\n      qc: [high]\n",
         "44:7 questions.1.show_if.qc: there is no earlier question 'qc'"),
        ("    ask: Where is b?\n", "    ask: Where is b?\n    show_if:\n      qa: [up]\n",
         "44:7 questions.1.show_if.qa: 'qa' has no option 'up'"),
        ("    ask: Where is b?\n", "    ask: Where is b?\n    show_if:\n      qa: [low, high]\n",
         "44:7 questions.1.show_if.qa: names every option, so it is no condition"),
    ],
)  # fmt: skip
def test_quiz_error_is_reported_at_its_line(
    quiz_content: Path, old: str, new: str, expected_message: str
) -> None:
    sample_content.replace_text(quiz_content, QUIZ_FILE, old, new)
    told = [line.removeprefix(f"{QUIZ_FILE}:") for line in list_problems(quiz_content)]
    assert len(told) == len(expected_message.splitlines()), told
    for line, wanted in zip(told, expected_message.splitlines(), strict=True):
        assert line.startswith(wanted), told


@pytest.mark.parametrize(
    ("old", "new", "expected_message"),
    [
        ("          out: 2\n", "          up: 2\n", "all have the same scores"),
        ("          out: 2\n", "          sideways: 2\n", "is not a dimension of this quiz"),
        ("          out: 2\n", "          out: 7\n", "must be at most 3"),
        ("        code: b\n", "        code: a\n", "'a' appears twice in this question"),
        ("        label: Low\n", "        label: high\n", "'high' appears twice in this question"),
        ("        label: Low\n", "        label: Low, but with a very fine view of it\n",
         "must have at most 34 characters"),
    ],
)  # fmt: skip
def test_option_error_is_reported_at_its_line(
    quiz_content: Path, old: str, new: str, expected_message: str
) -> None:
    file = quiz_content / QUIZ_FILE
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    (line,) = list_problems(quiz_content)
    assert line.startswith(f"{QUIZ_FILE}:")
    assert expected_message in line


# The committed list of codes


@pytest.fixture
def quiz_content_with_codes(quiz_content: Path) -> Path:
    """The same, with its codes in the list."""
    library = load_content(quiz_content)
    text = merge_codes(library.quizzes, library.answer_codes)
    assert text is not None
    (quiz_content / LOCK_FILE_NAME).write_text(text, encoding="utf-8")
    return quiz_content


def test_recorded_codes_do_not_change(quiz_content_with_codes: Path) -> None:
    library = load_content(quiz_content_with_codes)
    assert merge_codes(library.quizzes, library.answer_codes) is None


def test_answer_code_is_never_reused_for_another_option(quiz_content_with_codes: Path) -> None:
    file = quiz_content_with_codes / QUIZ_FILE
    text = file.read_text(encoding="utf-8").replace("id: low", "id: under", 1)
    file.write_text(text, encoding="utf-8")
    (said,) = list_problems(quiz_content_with_codes)
    assert said.endswith("'b' was 'low' and stays so in old answers; take c")
    file.write_text(text.replace("code: b", "code: c", 1), encoding="utf-8")
    library = load_content(quiz_content_with_codes)
    text = merge_codes(library.quizzes, library.answer_codes) or ""
    assert "up-or-out a qa a=high b=low c=under\n" in text, "what is gone stays noted"


def test_question_code_is_never_reused_for_another_question(quiz_content_with_codes: Path) -> None:
    sample_content.replace_text(quiz_content_with_codes, QUIZ_FILE, "id: qc\n", "id: other\n")
    (said,) = list_problems(quiz_content_with_codes)
    assert said.endswith("'c' was 'qc' and stays so in old answers; take g")


def test_removed_question_keeps_its_codes_reserved(quiz_content_with_codes: Path) -> None:
    sample_content.replace_text(
        quiz_content_with_codes, QUIZ_FILE, "  - id: qc\n    code: c\n", "  - id: seventh\n    code: g\n"
    )
    library = load_content(quiz_content_with_codes)
    text = merge_codes(library.quizzes, library.answer_codes) or ""
    assert "up-or-out c qc a=high b=low\n" in text
    assert "up-or-out g seventh a=high b=low\n" in text


@pytest.mark.parametrize("line", ["nonsense", "up-or-out z qz a=high", "up-or-out a other a=high"])
def test_corrupt_code_list_is_reported(quiz_content_with_codes: Path, line: str) -> None:
    with (quiz_content_with_codes / LOCK_FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert list_problems(quiz_content_with_codes)[0].startswith(f"{LOCK_FILE_NAME}:9:1 ")


def test_code_list_of_shipped_quizzes_is_complete() -> None:
    library = load_content(sample_content.SHIPPED_CONTENT)
    assert merge_codes(library.quizzes, library.answer_codes) is None, (
        "run career-bot check, and commit the list"
    )
