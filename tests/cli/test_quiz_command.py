"""An author's side of assessments: what `check` proves, and a run in the terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import CommandRunner
from tests.content import sample_content
from tests.content.sample_quiz import QUIZ

QUIZ_FILE = "quizzes/up-or-out.yaml"


@pytest.fixture
def quiz_content(folder: Path) -> Path:
    """The small content with an assessment."""
    (folder / QUIZ_FILE).parent.mkdir()
    (folder / QUIZ_FILE).write_text(QUIZ, encoding="utf-8")
    return folder


def test_check_records_answer_codes_of_a_new_quiz_once(
    run: CommandRunner, quiz_content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two results alone cannot stay within the bounds for random players.
    monkeypatch.setattr("bot.cli.quiz_checks.find_bias", lambda *_: ())
    first = run("check")
    assert first.status == 0
    assert "content/quizzes.lock: new slots and letters noted; commit it" in first.out
    assert "up-or-out f qf a=high b=low" in (quiz_content / "quizzes.lock").read_text(encoding="utf-8")
    lines = run("check").out.splitlines()
    assert lines[-1] == "4 cards: 0 errors, 0 warnings"
    assert len(lines) == 3, "the quiz at random, the training and the count: nothing is noted twice"


def test_check_records_nothing_while_content_has_errors(run: CommandRunner, quiz_content: Path) -> None:
    sample_content.replace_text(quiz_content, "cards/tower.yaml", "tags: [towers]", "tags: [moats]")
    assert run("check").status == 1
    assert not (quiz_content / "quizzes.lock").exists()


def test_check_finds_a_result_that_no_answers_lead_to(run: CommandRunner, quiz_content: Path) -> None:
    text = (quiz_content / QUIZ_FILE).read_text(encoding="utf-8")
    both = "  both:\n    name: Both\n    tie_between: [up, out]\n    tie_within: 1\n    says: You like all.\n"
    both += "    cards: [garden, well]\n    experiment: Sit.\nquestions:\n"
    seven = text + text[text.index("  - id: qf") :].replace("qf", "qg").replace(
        "code: f\n    ask", "code: g\n    ask"
    )
    (quiz_content / QUIZ_FILE).write_text(seven.replace("questions:\n", both), encoding="utf-8")
    ran = run("check")
    assert ran.status == 1
    assert f"content/{QUIZ_FILE}:25:3 results.both: no way of answering leads to this result" in ran.out


def test_check_finds_an_option_that_no_result_prefers(run: CommandRunner, quiz_content: Path) -> None:
    third = (
        "      - id: middling\n        code: c\n        label: Middling\n        weighs:\n          up: 1\n"
    )
    sample_content.replace_text(quiz_content, QUIZ_FILE, "  - id: qb\n", third + "  - id: qb\n")
    ran = run("check")
    assert ran.status == 1
    assert "questions.0.options.2.scores: no result prefers this option" in ran.out


def test_it_plays_in_the_terminal_to_result_and_code(
    run: CommandRunner, quiz_content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No seed: the author's order.
    monkeypatch.setattr("bot.commands.quiz.quiz_command.choose_seed", str)
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n" * 7))
    ran = run("quiz", "up-or-out")
    assert ran.status == 0
    assert "6 of about 6" in ran.out
    assert "Up or out: The tower" in ran.out
    code = ran.out.partition("what changed: ")[2].split()[0]
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n" + "2\n" * 6))
    again = run("quiz", "up", "or", "out", "--since", code)
    assert "Your code says The tower" in again.out
    assert "Since your code: it was The tower, now it's The garden." in again.out


def test_an_unknown_name_says_so_and_fails(run: CommandRunner, quiz_content: Path) -> None:
    ran = run("quiz", "tarot")
    assert ran.status == 2
    assert "no quiz called tarot" in ran.out
