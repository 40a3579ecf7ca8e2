"""Any sequence of presses ends where a replay of the kept answers ends; a thousand runs cost no memory."""

from __future__ import annotations

import gc
import tracemalloc
from random import Random

from bot.dialogue.action import Action
from bot.dialogue.reply import Reply, presses
from bot.dialogue.request import Origin, Request, User
from bot.domain.assess import SKIPPED, Run
from bot.library.assessment import Assessment
from bot.service import Service
from tests.chat import CHANNEL, NOON, Chat, service_of
from tests.proof.finding import Finding

SEQUENCES = 2_000
RUNS = 1_000
MOST_BYTES = 1_024  # a run, kept by the bot
_WITHIN = ("begin", "answer", "skip", "back", "stop", "go", "start")


class Screen:
    """One message on a person's screen; what is pressed may be on it, or was, or is pressed twice."""

    def __init__(self, service: Service, quiz: str, draw: Random) -> None:
        self._service = service
        self._draw = draw
        self._old: list[Action] = []
        self.shown = Chat(service).do(Action("quiz"), {"name": quiz}).reply

    @property
    def actions(self) -> list[Action]:
        """What leads on from here within the run."""
        return [press.action for press in presses(self.shown.blocks) if press.action.verb in _WITHIN]

    def press(self) -> str:
        """Press something; what kind of press it was."""
        kind = self._draw.choices(("fresh", "double", "old", "old unseen"), (12, 2, 3, 1))[0]
        if kind.startswith("old") and self._old:
            action = self._draw.choice(self._old)
            before = self.shown
            self._answer(action, told=kind == "old")
            if kind == "old" and action not in [press.action for press in presses(before.blocks)]:
                assert self.shown == before or before_any_question(before), "a late press changed the message"
            return kind
        action = self._draw.choice(self.actions)
        self._answer(action)
        if kind == "double":
            once = self.shown
            self._answer(action, told=False)
            assert self.shown == once, "a second press did something"
        self._old.append(action)
        return kind

    def _answer(self, action: Action, told: bool = True) -> None:
        now = [press.action.encode() for press in presses(self.shown.blocks)]
        request = Request(
            User("U1", "Ann"), CHANNEL, action, NOON, "k", showing=frozenset(now if told else ())
        )
        answer = self._service.respond(request)
        assert isinstance(answer, Reply)
        self.shown = answer


def before_any_question(shown: Reply) -> bool:
    """Whether this is a start page, which tells nothing of a run that a late press could be behind."""
    return any(press.action.name == "quiz.begin" for press in presses(shown.blocks))


def kept(shown: Reply) -> str | None:
    """The answers that a question page or result holds."""
    for press in presses(shown.blocks):
        if press.action.name in ("quiz.stop", "quiz.share"):
            return press.action.args[2]
    return None


def replayed(service: Service, quiz: str, assessment: Assessment, answers: str) -> Reply:
    """The same answers given afresh, by the words on the buttons."""
    chat = Chat(service).do(Action("quiz"), {"name": quiz}).press("Begin")
    run = Run.replay(assessment, answers)
    for question in run.asked:
        if question is run.next:
            break
        option = run.option(question)
        assert option is not None or run.char(question) == SKIPPED
        chat.press(option.label if option is not None else "Skip")
    return chat.reply


def prove(seed: int, share: float) -> list[Finding]:
    """Press about, and hold many runs at once."""
    service, draw = service_of(), Random(seed)
    assessments = service.context.library.assessments
    tried, pressed, faults, first = round(SEQUENCES * share), 0, 0, ""
    for _ in range(tried):
        quiz = draw.choice(list(assessments))
        screen = Screen(service, quiz, draw)
        try:
            for _ in range(draw.randint(1, 25)):
                screen.press()
                pressed += 1
            answers = kept(screen.shown)
            if answers is not None:
                assert screen.shown == replayed(service, quiz, assessments[quiz], answers), "replay differs"
        except AssertionError as error:
            faults += 1
            first = first or f"{quiz}: {str(error).splitlines()[0]}"
    return [
        Finding(
            "sequences of presses, old, doubled, reordered", tried, faults, f"{pressed:,} presses {first}"
        ),
        _memory(service, draw, round(RUNS * max(share, 0.2))),
    ]


def _memory(service: Service, draw: Random, runs: int) -> Finding:
    """Every person half-way, all at once: what the bot then holds more than before."""
    names = list(service.context.library.assessments)
    _half_way(service, draw.choice(names), "warm")
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.take_snapshot()
        for number in range(runs):
            _half_way(service, draw.choice(names), f"U{number}")
        gc.collect()
        grown = sum(one.size_diff for one in tracemalloc.take_snapshot().compare_to(before, "filename"))
    finally:
        tracemalloc.stop()
    each = grown / runs
    return Finding("runs at once, half-way", runs, int(each > MOST_BYTES), f"{each:.0f} bytes a run")


def _half_way(service: Service, quiz: str, user: str) -> None:
    chat = Chat(service, user=User(user, "Ann"), origin=Origin("test", "W1", f"C{user}"))
    chat.do(Action("quiz"), {"name": quiz}).press("Begin")
    for _ in range(4):
        chat.do(presses_of(chat.reply)[0])


def presses_of(shown: Reply) -> list[Action]:
    """What can be pressed, in reading order."""
    return [press.action for press in presses(shown.blocks)]
