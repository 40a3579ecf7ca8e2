"""Why an answer was given adds up, and how good the answers are is counted right."""

from __future__ import annotations

import json
import re
from io import BytesIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.domain.evaluation import (
    ConfusedPair,
    EvalQuestion,
    ask_questions,
    compute_intervals,
    compute_reliability,
    evaluate_search,
    list_confused_pairs,
)
from bot.domain.search import ConfidenceBand, SearchHit, SearchResult
from tests.cli.conftest import CommandRunner

LINE = re.compile(r"^ +([+-]\d+\.\d{3}) +(-?\d+%) ", re.MULTILINE)


def test_the_shares_of_an_explanation_add_up_to_the_score(run: CommandRunner) -> None:
    ran = run("explain", "is a tower worth the stairs", "or the water")
    best, _, rest = ran.out.partition("runners-up")
    assert re.match(
        r"(certain|sure|maybe|miss): confidence \d\.\d{3} that a card answers \(a miss below \d", best
    )
    assert "tower: Worth the climb?" in best
    shares = LINE.findall(best)
    assert len(shares) > 1
    (score,) = re.findall(r"^ +(-?\d\.\d{3}) +the score", best, re.MULTILINE)
    assert sum(float(points) for points, _ in shares) == pytest.approx(float(score), abs=0.0006 * len(shares))
    assert sum(int(part.rstrip("%")) for _, part in shares) == pytest.approx(100, abs=len(shares))
    assert re.search(r"^(garden|well|bridge): ", rest, re.MULTILINE), "no runner-up"


def test_no_match_is_explained_and_has_its_own_status(run: CommandRunner) -> None:
    ran = run("explain", "xyzzy plugh")
    assert ran.status == 3
    assert ran.out.startswith("miss: confidence ")
    assert "Traceback" not in ran.err


QUESTIONS: list[dict[str, object]] = [
    {"q": "is a tower worth it", "gold": "tower", "also": [], "in_scope": True},
    {"q": "who waters the beds", "gold": "well", "also": ["garden"], "in_scope": True},
    {"q": "xyzzy plugh", "gold": None, "also": [], "in_scope": False},
]


def test_eval_prints_one_flat_object(run: CommandRunner, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n\n".join(json.dumps(question) for question in QUESTIONS) + "\n", encoding="utf-8")
    ran = run("eval", str(file), "--json")
    assert (ran.status, ran.err) == (0, "")
    measured = json.loads(ran.out)
    assert list(measured)[:16] == [
        "hit1", "hit3", "hit1_gold", "hit3_gold", "mrr", "auroc", "auroc_len", "answered_in", "answered_out",
        "sure", "sure_precision", "threshold", "p50_ms", "p95_ms", "n_in", "n_out",
    ]  # fmt: skip
    assert measured["hit1_low"] <= measured["hit1"] <= measured["hit1_high"]
    assert measured["untrained_lines"] >= 0
    assert (measured["n_in"], measured["n_out"], measured["hit1"]) == (2, 1, 1.0)
    assert measured["hit1_gold"] == 0.5
    assert measured["answered_out"] == 0.0
    assert measured["auroc_len"] is None, "no in-scope question is as short as the other"
    table = run("eval", str(file)).out
    assert all(re.search(rf"^{name} ", table, re.MULTILINE) for name in list(measured)[:16])
    assert "confidence that the first card is right, and how often it was:" in table
    assert "  1  well for garden" not in table, "a card that also answers is not confused with the best one"


@pytest.mark.parametrize(
    ("line", "expected_message"),
    [
        ("{", "is not JSON: "),
        ("[]", 'is not an object like {"q": '),
        ('{"q": "", "gold": "tower", "in_scope": true}', '"q" is the question, a text'),
        ('{"q": "x", "gold": "tower"}', '"in_scope" is true or false'),
        ('{"q": "x", "gold": null, "in_scope": true}', '"gold" is the id of the card'),
        ('{"q": "x", "gold": "tower", "also": "well", "in_scope": true}', '"also" is a list of card ids'),
        ("[" * 50_000, "is not JSON: "),
    ],
)
def test_a_bad_line_is_named_by_its_number(
    run: CommandRunner, tmp_path: Path, line: str, expected_message: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f"{json.dumps(QUESTIONS[0])}\n\n{line}\n{json.dumps(QUESTIONS[1])}\n{line}\n", "utf-8")
    ran = run("eval", str(file), "--json")
    assert (ran.status, ran.out) == (1, "")
    first, second = ran.err.splitlines()
    assert first.startswith(f"{file}:3: {expected_message}")
    assert second.startswith(f"{file}:5: {expected_message}")


def test_bytes_that_are_no_text_are_a_bad_line(run: CommandRunner, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\xff\xfe\n")
    ran = run("eval", str(file))
    assert ran.status == 1
    assert ran.err.startswith(f"{file}:1: is not JSON")


def test_a_file_without_questions_is_a_problem_and_one_that_is_not_there_too(
    run: CommandRunner, tmp_path: Path
) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    assert run("eval", str(tmp_path / "empty.jsonl")).err == f"{tmp_path}/empty.jsonl:1: holds no questions\n"
    ran = run("eval", str(tmp_path / "none.jsonl"))
    assert (ran.status, ran.err) == (
        1,
        f"career-bot eval: {tmp_path}/none.jsonl: No such file or directory\n",
    )


def test_a_card_that_is_not_there_is_said_and_counts_as_not_found(run: CommandRunner, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({**QUESTIONS[0], "gold": "moat"}), encoding="utf-8")
    ran = run("eval", str(file), "--json")
    assert ran.status == 0
    assert ran.err == "career-bot eval: no card is called 'moat'; it cannot be found\n"
    assert json.loads(ran.out)["hit3"] == 0.0


def _build_search_result(confidence: float, *cards: str) -> SearchResult:
    verdict = ConfidenceBand.SURE if confidence >= 0.5 else ConfidenceBand.NO_MATCH
    return SearchResult(
        tuple(SearchHit(card, confidence, ()) for card in cards),
        confidence,
        verdict,
        (),
        confidence,
        0.7,
        0.5,
    )


def test_every_measure_is_counted_as_it_says() -> None:
    findings = {
        "one two three four five": _build_search_result(0.9, "a", "b", "c", "d"),
        "one two three four five six": _build_search_result(0.4, "b", "c", "a", "d"),
        "one": _build_search_result(0.6, "d", "c", "b", "a"),
        "nothing found": _build_search_result(0.0),
        "off the map one two": _build_search_result(0.6, "a"),
        "off": _build_search_result(0.6, "a"),
    }
    questions = [
        EvalQuestion("one two three four five", "a", (), True),
        EvalQuestion("one two three four five six", "a", ("c",), True),
        EvalQuestion("one", "a", (), True),
        EvalQuestion("nothing found", "a", (), True),
        EvalQuestion("off the map one two", None, (), False),
        EvalQuestion("off", None, (), False),
    ]
    ticks = count(step=0.002)
    measured = evaluate_search(questions, findings.__getitem__, lambda: next(ticks))
    assert measured.hit1 == 1 / 4
    assert measured.hit3 == 2 / 4
    assert measured.hit1_gold == 1 / 4
    assert measured.hit3_gold == 2 / 4
    assert measured.mrr == (1 + 1 / 2 + 1 / 4 + 0) / 4
    assert measured.auroc == (1 + 0 + 0.5 + 0) * 2 / 8
    # of five words: those of five and six; of one word: only the other of one word
    assert measured.auroc_len == (1 + 0 + 0.5) / 3
    assert measured.answered_in == 2 / 4
    assert measured.answered_out == 1.0
    assert measured.threshold == 0.5
    assert measured.p50_ms == pytest.approx(2.0)
    assert (measured.n_in, measured.n_out) == (4, 2)


def test_without_out_of_scope_questions_nothing_is_claimed_about_them() -> None:
    measured = evaluate_search(
        [EvalQuestion("q", "a", (), True)], lambda _: _build_search_result(0.9, "a"), lambda: 0.0
    )
    assert measured.auroc is None
    assert measured.auroc_len is None
    assert measured.answered_out is None


def test_report_shows_intervals_reliability_and_confused_pairs() -> None:
    results = {
        "right": _build_search_result(0.95, "a", "b"),
        "wrong": _build_search_result(0.95, "b", "a"),
        "wrong again": _build_search_result(0.5, "b", "c"),
        "outside": _build_search_result(0.95, "b"),
    }
    questions = [EvalQuestion(text, "a", (), True) for text in ("right", "wrong", "wrong again")]
    questions.append(EvalQuestion("outside", None, (), False))
    asked = ask_questions(questions, results.__getitem__, lambda: 0.0)
    assert compute_intervals(asked) == compute_intervals(asked), "the same sample each time"
    low, high = compute_intervals(asked)["hit1"]
    assert 0 <= low <= 1 / 3 <= high <= 1
    rows = {row.low: row for row in compute_reliability(asked)}
    assert (rows[0.9].count, rows[0.9].right) == (3, 1 / 3)
    assert (rows[0.4].count, rows[0.4].confidence) == (1, 0.5)
    assert list_confused_pairs(asked) == [ConfusedPair("b", "a", 2)]
    assert evaluate_search(questions, results.__getitem__, lambda: 0.0).sure_precision == 1 / 4


def test_eval_reads_standard_input_for_a_hyphen(run: CommandRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    question = b'{"q": "is the tower worth it", "gold": "tower", "also": [], "in_scope": true}\n'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(question)))
    assert run("eval", "-", "--json").status == 0
