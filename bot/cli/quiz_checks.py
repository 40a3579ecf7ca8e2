"""What `check` proves of assessments over every way through them, and the list of letters that it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.cli.output import to_relative_path
from bot.content.answer_codes import LOCK_FILE_NAME, merge_codes
from bot.content.content import Content
from bot.content.content_check import ContentReport
from bot.domain.quiz.random_players import find_bias, play_at_random
from bot.domain.quiz.reachability import count_result_paths, find_unpreferred_options
from bot.errors import ContentProblem


def find_scoring_problems(report: ContentReport, folder: Path) -> Iterator[ContentProblem]:
    """Every result that no answers lead to, and every option that no result prefers."""
    if report.content is None:
        return
    for quiz, assessment in report.content.quizzes.items():
        document = report.documents[folder / "quizzes" / f"{quiz}.yaml"]
        for result, number in count_result_paths(assessment).count_by_result.items():
            if not number:
                yield document.build_problem(("results", result), "no way of answering leads to this result")
        for question, option in find_unpreferred_options(assessment):
            message = "no result prefers this option: for each of them another one here does more"
            yield document.build_problem(("questions", question, "options", option, "scores"), message)


def find_biased_quizzes(report: ContentReport, folder: Path) -> Iterator[tuple[str, list[ContentProblem]]]:
    """Yield for each quiz a line on what random players come to, and where that is out of bounds."""
    if report.content is None:
        return
    for quiz_id, quiz in report.content.quizzes.items():
        document = report.documents[folder / "quizzes" / f"{quiz_id}.yaml"]
        players = play_at_random(quiz)
        shares = ", ".join(f"{name} {share:.1%}" for name, share in players.share_by_result.items())
        line = f"{quiz_id}: random players get {shares}; firm {players.firm_share:.1%}"
        problems = [
            document.build_problem(("results", result_id) if result_id else ("results",), message)
            for result_id, message in find_bias(quiz, players)
        ]
        yield line, problems


def save_new_codes(content: Content, folder: Path) -> str:
    """Add new slots and letters to the committed list; a line that says so, empty when nothing is new."""
    text = merge_codes(content.quizzes, content.answer_codes)
    if text is None:
        return ""
    file = folder / LOCK_FILE_NAME
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        return f"{to_relative_path(file)}: new slots and letters could not be noted ({error.strerror})"
    return f"{to_relative_path(file)}: new slots and letters noted; commit it"
