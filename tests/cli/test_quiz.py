"""An author's side of assessments: what `check` proves, and a run in the terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.library import small
from tests.library.quiz import QUIZ

NAME = "assessments/up-or-out.yaml"


@pytest.fixture
def quiz(folder: Path) -> Path:
    """The small content with an assessment."""
    (folder / NAME).parent.mkdir()
    (folder / NAME).write_text(QUIZ, encoding="utf-8")
    return folder


def test_check_notes_the_letters_of_a_new_assessment_once(run: Run, quiz: Path) -> None:
    first = run("check")
    assert first.status == 0
    assert "content/assessments.lock: new slots and letters noted; commit it" in first.out
    assert "up-or-out f qf a=high b=low" in (quiz / "assessments.lock").read_text(encoding="utf-8")
    assert run("check").out == "4 cards: 0 errors, 0 warnings\n"


def test_check_notes_nothing_while_something_is_wrong(run: Run, quiz: Path) -> None:
    small.change(quiz, "cards/tower.yaml", "tags: [towers]", "tags: [moats]")
    assert run("check").status == 1
    assert not (quiz / "assessments.lock").exists()


def test_check_finds_a_result_that_no_answers_lead_to(run: Run, quiz: Path) -> None:
    text = (quiz / NAME).read_text(encoding="utf-8")
    both = "  both:\n    name: Both\n    between: [up, out]\n    within: 1\n    says: You like all.\n"
    both += "    cards: [garden, well]\n    experiment: Sit.\nquestions:\n"
    seven = text + text[text.index("  - id: qf") :].replace("qf", "qg").replace("slot: f", "slot: g")
    (quiz / NAME).write_text(seven.replace("questions:\n", both), encoding="utf-8")
    ran = run("check")
    assert ran.status == 1
    assert f"content/{NAME}:25:3 results.both: no way of answering leads to this result" in ran.out


def test_check_finds_an_option_that_no_result_prefers(run: Run, quiz: Path) -> None:
    third = (
        "      - id: middling\n        letter: c\n        label: Middling\n        weighs:\n          up: 1\n"
    )
    small.change(quiz, NAME, "  - id: qb\n", third + "  - id: qb\n")
    ran = run("check")
    assert ran.status == 1
    assert "questions.0.options.2.weighs: no result prefers this option" in ran.out


def test_it_plays_in_the_terminal_to_result_and_code(
    run: Run, quiz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n" * 7))
    ran = run("quiz", "up-or-out")
    assert ran.status == 0
    assert "6 of about 6" in ran.out
    assert "Up or out: The tower" in ran.out
    code = ran.out.partition("what has moved: ")[2].split()[0]
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n" + "2\n" * 6))
    again = run("quiz", "up", "or", "out", "--since", code)
    assert "Your code says The tower" in again.out
    assert "Since your code: it was The tower, it is The garden." in again.out


def test_an_unknown_name_says_so_and_fails(run: Run, quiz: Path) -> None:
    ran = run("quiz", "tarot")
    assert ran.status == 2
    assert "no assessment called tarot" in ran.out
