"""Assessments: a question page and a result, signed and sealed, and the proof that an author waits for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from random import Random

from bot.domain.quiz.reachability import count_result_paths
from bot.messaging.action import Action
from bot.messaging.reply import iter_controls
from bot.service import Service
from tests.bench.timing import BenchResult, time_calls
from tests.chat import Chat, build_service

RUNS = 40


def measure() -> list[BenchResult]:
    """The rows of this bench."""
    service = build_service()
    quizzes = service.context.content.quizzes.values()
    proof, _ = time_calls(lambda: [count_result_paths(quiz) for quiz in quizzes], 3)
    return [
        *_measure_pages(service, "", "signed"),
        *_measure_pages(service, "here", "sealed"),
        BenchResult("proof of all assessments", proof, "ms"),
    ]


def _measure_pages(service: Service, here: str, kind: str) -> Iterator[BenchResult]:
    questions, results = _collect_actions(service, here)
    for name, actions in (("question", questions), ("result", results)):
        turn = cycle(actions)
        median, slowest = time_calls(lambda turn=turn: Chat(service).send_action(next(turn)), 200)  # type: ignore[misc]
        yield BenchResult(f"respond {kind} {name}, p50", median, "ms")
        yield BenchResult(f"respond {kind} {name}, p99", slowest, "ms")


def _collect_actions(service: Service, here: str) -> tuple[list[Action], list[Action]]:
    """Presses that lead to a question, and those that lead to a result."""
    draw = Random(1)
    questions: list[Action] = []
    results: list[Action] = []
    names = list(service.context.content.quizzes)
    for number in range(RUNS):
        chat = Chat(service).send_action(Action("quiz"), {"name": names[number % len(names)], "here": here})
        chat.press("Start")
        while "Stop" in chat.labels:
            answers = [one.action for one in iter_controls(chat.reply.blocks) if one.action.verb == "answer"]
            pressed = draw.choice(answers)
            chat.send_action(pressed)
            (questions if "Stop" in chat.labels else results).append(pressed)
    return questions, results
