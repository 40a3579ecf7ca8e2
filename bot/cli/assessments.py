"""What `check` proves of assessments over every way through them, and the list of letters that it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.cli.saying import near
from bot.domain.assess.proof import preferred_by_none, ways
from bot.errors import ContentProblem
from bot.library.check import Checked
from bot.library.letters import LOCK, grown
from bot.library.library import Library


def unproven(checked: Checked, folder: Path) -> Iterator[ContentProblem]:
    """Every result that no answers lead to, and every option that no result prefers."""
    if checked.library is None:
        return
    for quiz, assessment in checked.library.assessments.items():
        document = checked.documents[folder / "assessments" / f"{quiz}.yaml"]
        for result, number in ways(assessment).to.items():
            if not number:
                yield document.problem(("results", result), "no way of answering leads to this result")
        for question, option in preferred_by_none(assessment):
            message = "no result prefers this option: for each of them another one here does more"
            yield document.problem(("questions", question, "options", option, "weighs"), message)


def kept_letters(library: Library, folder: Path) -> str:
    """Add new slots and letters to the committed list; a line that says so, empty when nothing is new."""
    text = grown(library.assessments, library.letters)
    if text is None:
        return ""
    file = folder / LOCK
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        return f"{near(file)}: new slots and letters could not be noted ({error.strerror})"
    return f"{near(file)}: new slots and letters noted; commit it"
