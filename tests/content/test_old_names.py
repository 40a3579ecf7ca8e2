"""Old folders, files and keys are read for one release, and each says its new name at its own place."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.content.content_check import check_content
from bot.content.loader import load_content
from bot.content.old_names import OLD_FILE_NAMES
from tests.content import sample_content
from tests.content.sample_quiz import QUIZ

NEW_TO_OLD_KEYS = (
    ("cards/tower.yaml", "  - claim:", "  - says:"),
    ("cards/tower.yaml", "    fits_if:", "    suits:"),
    ("quizzes/up-or-out.yaml", "    dimension:", "    leads:"),
    ("quizzes/up-or-out.yaml", "        code:", "        letter:"),
    ("quizzes/up-or-out.yaml", "\n    code:", "\n    slot:"),
    ("quizzes/up-or-out.yaml", "        scores:", "        weighs:"),
    ("sources.yaml", "  author:", "  by:"),
    ("sources.yaml", "  caveat:", "  kind:"),
    ("words.yaml", "synonyms:", "same:"),
    ("words.yaml", "corrections:", "spelled:"),
    ("words.yaml", "stopwords:", "ignored:"),
)


def list_warnings(folder: Path) -> list[str]:
    """What `check` warns of, with file names as an author knows them."""
    report = check_content(folder, ("help",))
    assert report.content is not None, report.errors
    return [str(problem).removeprefix(f"{folder}/") for problem in report.warnings]


@pytest.fixture
def old_folder(folder: Path) -> Path:
    """The small content with every name as it was."""
    (folder / "quizzes").mkdir()
    (folder / "quizzes/up-or-out.yaml").write_text(QUIZ, encoding="utf-8")
    for name, new, old in NEW_TO_OLD_KEYS:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert new in text
        file.write_text(text.replace(new, old), encoding="utf-8")
    for new_name, old_name in OLD_FILE_NAMES.items():
        if (folder / new_name).exists():
            (folder / new_name).rename(folder / old_name)
    return folder


def test_content_with_every_old_name_is_the_same_content(old_folder: Path, tmp_path: Path) -> None:
    new_folder = sample_content.write_content(tmp_path / "new")
    (new_folder / "quizzes").mkdir()
    (new_folder / "quizzes/up-or-out.yaml").write_text(QUIZ, encoding="utf-8")
    old, new = load_content(old_folder), load_content(new_folder)
    assert old.cards == new.cards
    assert old.quizzes == new.quizzes
    assert old.sources == new.sources
    assert old.utterances == new.utterances
    assert old.vocabulary == new.vocabulary


def test_each_old_name_is_a_warning_at_its_place(old_folder: Path) -> None:
    warnings = list_warnings(old_folder)
    assert "asks:1:1 old name 'asks': rename it to 'utterances'" in warnings
    assert "assessments:1:1 old name 'assessments': rename it to 'quizzes'" in warnings
    assert "texts.yaml:1:1 old name 'texts.yaml': rename it to 'strings.yaml'" in warnings
    assert "cards/tower.yaml:15:5 views.0.says: old key 'says': rename it to 'claim'" in warnings
    assert "cards/tower.yaml:16:5 views.0.suits: old key 'suits': rename it to 'fits_if'" in warnings
    assert "sources.yaml:3:3 old-book.by: old key 'by': rename it to 'author'" in warnings


def test_a_problem_under_an_old_key_is_reported_at_its_line(old_folder: Path) -> None:
    sample_content.replace_text(old_folder, "cards/tower.yaml", "says: Climb it slowly.", "says: true")
    report = check_content(old_folder, ())
    assert [str(problem).removeprefix(f"{old_folder}/") for problem in report.errors] == [
        "cards/tower.yaml:15:5 views.0.claim: must be text, got true; put it in quotes"
    ]


def test_an_old_and_a_new_key_together_are_a_key_twice(folder: Path) -> None:
    sample_content.replace_text(
        folder, "sources.yaml", "  author: Ada Stone\n", "  author: Ada Stone\n  by: Ada\n"
    )
    report = check_content(folder, ())
    assert [problem.message for problem in report.errors] == ["appears twice, first in line 3; keep one"]


def test_loading_logs_every_old_name(old_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        load_content(old_folder)
    assert "old key 'by': rename it to 'author'" in caplog.text


def test_current_content_has_no_old_names() -> None:
    assert not [
        warning
        for warning in list_warnings(sample_content.SHIPPED_CONTENT)
        if ": old " in warning or " old name" in warning
    ]
