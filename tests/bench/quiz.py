"""Assessments: a question page and a result, signed and sealed, and the proof that an author waits for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from random import Random

from bot.dialogue.action import Action
from bot.dialogue.reply import presses
from bot.domain.assess.proof import ways
from bot.service import Service
from tests.bench.measure import Row, times
from tests.chat import Chat, service_of

RUNS = 40


def measure() -> list[Row]:
    """The rows of this bench."""
    service = service_of()
    quizzes = service.context.library.assessments.values()
    proof, _ = times(lambda: [ways(quiz) for quiz in quizzes], 3)
    return [
        *_pages(service, "", "signed"),
        *_pages(service, "here", "sealed"),
        Row("proof of all assessments", proof, "ms"),
    ]


def _pages(service: Service, here: str, kind: str) -> Iterator[Row]:
    questions, results = _presses(service, here)
    for name, actions in (("question", questions), ("result", results)):
        turn = cycle(actions)
        median, slowest = times(lambda turn=turn: Chat(service).do(next(turn)), 200)  # type: ignore[misc]
        yield Row(f"respond {kind} {name}, p50", median, "ms")
        yield Row(f"respond {kind} {name}, p99", slowest, "ms")


def _presses(service: Service, here: str) -> tuple[list[Action], list[Action]]:
    """Presses that lead to a question, and those that lead to a result."""
    draw = Random(1)
    questions: list[Action] = []
    results: list[Action] = []
    names = list(service.context.library.assessments)
    for number in range(RUNS):
        chat = Chat(service).do(Action("quiz"), {"name": names[number % len(names)], "here": here})
        chat.press("Begin")
        while "Stop" in chat.labels:
            answers = [one.action for one in presses(chat.reply.blocks) if one.action.verb == "answer"]
            pressed = draw.choice(answers)
            chat.do(pressed)
            (questions if "Stop" in chat.labels else results).append(pressed)
    return questions, results
