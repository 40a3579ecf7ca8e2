"""Any sequence of presses ends where a replay of the kept answers ends; a thousand runs cost no memory."""

from __future__ import annotations

import gc
import tracemalloc
from random import Random
from unittest.mock import patch

from bot.content.quiz_models import Quiz
from bot.domain.quiz import SKIPPED, QuizRun
from bot.domain.quiz.option_order import NO_SEED
from bot.messaging.action import Action
from bot.messaging.reply import Reply, iter_controls
from bot.messaging.request import Origin, Request, User
from bot.service import Service
from tests.chat import CHANNEL, NOON, Chat, build_service
from tests.proof.proof_result import ProofResult

SEQUENCE_COUNT = 2_000
RUN_COUNT = 1_000
MAX_BYTES_PER_RUN = 1_024  # a run, kept by the bot
_QUIZ_VERBS = ("begin", "answer", "skip", "back", "stop", "go", "start")


class QuizScreen:
    """One message on a person's screen; what is pressed may be on it, or was, or is pressed twice."""

    def __init__(self, service: Service, quiz: str, draw: Random) -> None:
        self._service = service
        self._random = draw
        self._pressed_actions: list[Action] = []
        self.reply = Chat(service).send_action(Action("quiz"), {"name": quiz}).reply

    @property
    def actions(self) -> list[Action]:
        """What leads on from here within the run."""
        return [
            press.action for press in iter_controls(self.reply.blocks) if press.action.verb in _QUIZ_VERBS
        ]

    def press(self) -> str:
        """Press something; what kind of press it was."""
        kind = self._random.choices(("fresh", "double", "old", "old unseen"), (12, 2, 3, 1))[0]
        if kind.startswith("old") and self._pressed_actions:
            action = self._random.choice(self._pressed_actions)
            before = self.reply
            self._send_action(action, send_visible_actions=kind == "old")
            if kind == "old" and action not in [press.action for press in iter_controls(before.blocks)]:
                assert self.reply == before or is_start_page(before), "a late press changed the message"
            return kind
        action = self._random.choice(self.actions)
        self._send_action(action)
        if kind == "double":
            once = self.reply
            self._send_action(action, send_visible_actions=False)
            assert self.reply == once, "a second press did something"
        self._pressed_actions.append(action)
        return kind

    def _send_action(self, action: Action, send_visible_actions: bool = True) -> None:
        now = [press.action.encode() for press in iter_controls(self.reply.blocks)]
        request = Request(
            User("U1", "Ann"),
            CHANNEL,
            action,
            NOON,
            "k",
            visible_actions=frozenset(now if send_visible_actions else ()),
        )
        answer = self._service.respond(request)
        assert isinstance(answer, Reply)
        self.reply = answer


def is_start_page(reply: Reply) -> bool:
    """Whether this is a start page, which tells nothing of a run that a late press could be behind."""
    return any(press.action.name == "quiz.begin" for press in iter_controls(reply.blocks))


def extract_answers(reply: Reply) -> str | None:
    """The answers that a question page or result holds."""
    for press in iter_controls(reply.blocks):
        if press.action.name in ("quiz.stop", "quiz.share"):
            return press.action.args[2]
    return None


def replay_quiz(service: Service, quiz: str, assessment: Quiz, answers: str) -> Reply:
    """The same answers given afresh, by the words on the buttons."""
    chat = Chat(service).send_action(Action("quiz"), {"name": quiz}).press("Start")
    run = QuizRun.replay(assessment, answers)
    for question in run.asked_questions:
        if question is run.next_question:
            break
        option = run.find_selected_option(question)
        assert option is not None or run.get_answer_code(question) == SKIPPED
        chat.press(option.label if option is not None else "Skip")
    return chat.reply


def prove(seed: int, share: float) -> list[ProofResult]:
    """Press about, and hold many runs at once; without a seed, since a replay has the options in order."""
    with patch("bot.commands.quiz.quiz_command.choose_seed", lambda: NO_SEED):
        return _prove(seed, share)


def _prove(seed: int, share: float) -> list[ProofResult]:
    service, draw = build_service(), Random(seed)
    assessments = service.context.content.quizzes
    tried, pressed, faults, first = round(SEQUENCE_COUNT * share), 0, 0, ""
    for _ in range(tried):
        quiz = draw.choice(list(assessments))
        screen = QuizScreen(service, quiz, draw)
        try:
            for _ in range(draw.randint(1, 25)):
                screen.press()
                pressed += 1
            answers = extract_answers(screen.reply)
            if answers is not None:
                assert screen.reply == replay_quiz(service, quiz, assessments[quiz], answers), (
                    "replay differs"
                )
        except AssertionError as error:
            faults += 1
            first = first or f"{quiz}: {str(error).splitlines()[0]}"
    return [
        ProofResult(
            "sequences of presses, old, doubled, reordered", tried, faults, f"{pressed:,} presses {first}"
        ),
        _measure_memory(service, draw, round(RUN_COUNT * max(share, 0.2))),
    ]


def _measure_memory(service: Service, draw: Random, runs: int) -> ProofResult:
    """Every person half-way, all at once: what the bot then holds more than before."""
    names = list(service.context.content.quizzes)
    _play_half(service, draw.choice(names), "warm")
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.take_snapshot()
        for number in range(runs):
            _play_half(service, draw.choice(names), f"U{number}")
        gc.collect()
        grown = sum(one.size_diff for one in tracemalloc.take_snapshot().compare_to(before, "filename"))
    finally:
        tracemalloc.stop()
    each = grown / runs
    return ProofResult(
        "runs at once, half-way", runs, int(each > MAX_BYTES_PER_RUN), f"{each:.0f} bytes a run"
    )


def _play_half(service: Service, quiz: str, user: str) -> None:
    chat = Chat(service, user=User(user, "Ann"), origin=Origin("test", "W1", f"C{user}"))
    chat.send_action(Action("quiz"), {"name": quiz}).press("Start")
    for _ in range(4):
        chat.send_action(list_actions(chat.reply)[0])


def list_actions(reply: Reply) -> list[Action]:
    """What can be pressed, in reading order."""
    return [press.action for press in iter_controls(reply.blocks)]
