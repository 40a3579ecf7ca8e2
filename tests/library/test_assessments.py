"""What an author of an assessment is told: by file and line, before anybody takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library.letters import LOCK, grown
from bot.library.read import read
from tests.library import small
from tests.library.quiz import QUIZ
from tests.library.test_read import problems

NAME = "assessments/up-or-out.yaml"


@pytest.fixture
def quiz(folder: Path) -> Path:
    """The small content with an assessment."""
    file = folder / NAME
    file.parent.mkdir()
    file.write_text(QUIZ, encoding="utf-8")
    return folder


def test_a_file_is_the_whole_work_of_adding_one(quiz: Path) -> None:
    assert list(read(quiz).assessments) == ["up-or-out"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: old-book", "source: new-book", "6:1 source: 'new-book' is not in sources.yaml"),
        ("cards: [tower, bridge]", "cards: [tower, moat]",
         "17:20 results.tower.cards.1: there is no card 'moat'"),
        ("cards: [tower, bridge]", "cards: [tower, tower]", "17:5 results.tower.cards: names one card twice"),
        ("cards: [tower, bridge]", "cards: [tower]", "17:5 results.tower.cards.1: is missing"),
        ("    leads: out\n", "    leads: off\n",
         "11:3 dimensions.out: no results say `leads: out`; it needs one\n"
         "21:5 results.garden.leads: 'off' is not a dimension of this assessment"),
        ("    leads: out\n", "", "19:3 results.garden: has either `leads` or `between`"),
        ("    leads: out\n", "    between: [up, out]\n",
         "19:3 results.garden: `between` and `within` stand together"),
        ("  - id: qb\n", "  - id: qa\n", "40:5 questions.1.id: the question 'qa' stands twice"),
        ("    slot: b\n", "    slot: a\n", "41:5 questions.1.slot: is the slot of 'qa' too"),
        ("    slot: b\n", "    slot: z\n", "41:5 questions.1.slot: is 'a', 'b',"),
        ("    ask: Where is b?\n", "    ask: Where is b?\n    show_if:\n      qc: [high]\n",
         "44:7 questions.1.show_if.qc: there is no earlier question 'qc'"),
        ("    ask: Where is b?\n", "    ask: Where is b?\n    show_if:\n      qa: [up]\n",
         "44:7 questions.1.show_if.qa: 'qa' has no option 'up'"),
        ("    ask: Where is b?\n", "    ask: Where is b?\n    show_if:\n      qa: [low, high]\n",
         "44:7 questions.1.show_if.qa: names every option, so it is no condition"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(quiz: Path, old: str, new: str, said: str) -> None:
    small.change(quiz, NAME, old, new)
    told = [line.removeprefix(f"{NAME}:") for line in problems(quiz)]
    assert len(told) == len(said.splitlines()), told
    for line, wanted in zip(told, said.splitlines(), strict=True):
        assert line.startswith(wanted), told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("          out: 2\n", "          up: 2\n", "all weigh the same, so the question decides nothing"),
        ("          out: 2\n", "          sideways: 2\n", "is not a dimension of this assessment"),
        ("          out: 2\n", "          out: 7\n", "is at most 3"),
        ("        letter: b\n", "        letter: a\n", "'a' stands twice in this question"),
        ("        label: Low\n", "        label: high\n", "'high' stands twice in this question"),
        ("        label: Low\n", "        label: Low, but with a very fine view of it\n",
         "at most 34 characters fit"),
    ],
)  # fmt: skip
def test_so_is_what_is_wrong_with_an_option(quiz: Path, old: str, new: str, said: str) -> None:
    file = quiz / NAME
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    (line,) = problems(quiz)
    assert line.startswith(f"{NAME}:")
    assert said in line


# The committed list of slots and letters


@pytest.fixture
def noted(quiz: Path) -> Path:
    """The same, with its letters noted."""
    library = read(quiz)
    text = grown(library.assessments, library.letters)
    assert text is not None
    (quiz / LOCK).write_text(text, encoding="utf-8")
    return quiz


def test_nothing_is_new_once_it_is_noted(noted: Path) -> None:
    library = read(noted)
    assert grown(library.assessments, library.letters) is None


def test_a_letter_is_never_given_to_another_option(noted: Path) -> None:
    file = noted / NAME
    text = file.read_text(encoding="utf-8").replace("id: low", "id: under", 1)
    file.write_text(text, encoding="utf-8")
    (said,) = problems(noted)
    assert said.endswith("'b' was 'low' and stays so in old answers; take c")
    file.write_text(text.replace("letter: b", "letter: c", 1), encoding="utf-8")
    library = read(noted)
    text = grown(library.assessments, library.letters) or ""
    assert "up-or-out a qa a=high b=low c=under\n" in text, "what is gone stays noted"


def test_a_slot_is_never_given_to_another_question(noted: Path) -> None:
    small.change(noted, NAME, "id: qc\n", "id: other\n")
    (said,) = problems(noted)
    assert said.endswith("'c' was 'qc' and stays so in old answers; take g")


def test_a_removed_question_frees_nothing(noted: Path) -> None:
    small.change(noted, NAME, "  - id: qc\n    slot: c\n", "  - id: seventh\n    slot: g\n")
    library = read(noted)
    text = grown(library.assessments, library.letters) or ""
    assert "up-or-out c qc a=high b=low\n" in text
    assert "up-or-out g seventh a=high b=low\n" in text


@pytest.mark.parametrize("line", ["nonsense", "up-or-out z qz a=high", "up-or-out a other a=high"])
def test_a_spoilt_list_is_told(noted: Path, line: str) -> None:
    with (noted / LOCK).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert problems(noted)[0].startswith(f"{LOCK}:9:1 ")


def test_the_list_of_the_bots_own_assessments_is_complete() -> None:
    library = read(small.REAL)
    assert grown(library.assessments, library.letters) is None, "run career-bot check, and commit the list"
