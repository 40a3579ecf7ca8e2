"""Crafted presses: tampered, truncated, of another person, place, name or version. None is accepted."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable
from random import Random

from bot.commands.quiz.state import opened
from bot.dialogue.action import Action
from bot.dialogue.reply import Audience, Outcome, Reply, presses
from bot.dialogue.request import Origin, Request, User
from bot.errors import DoesNotFit
from bot.service import Service
from tests.chat import CHANNEL, NOON, Chat, service_of
from tests.proof.finding import Finding

IDS = 100_000
_ALPHABET = string.ascii_letters + string.digits + "-_."
_VERBS = ("begin", "answer", "skip", "back", "stop", "go", "start", "share", "mine", "moved", "compare")
_ANN = User("U1", "Ann")

Craft = Callable[[Random, Action], tuple[User, Origin, Action]]


def genuine(service: Service, draw: Random) -> list[Action]:
    """Buttons that the bot wrote for Ann: of every assessment, in private and in public, along whole runs."""
    written: list[Action] = []
    for quiz in service.context.library.assessments:
        for here in ("", "here"):
            chat = Chat(service, user=_ANN).do(Action("quiz"), {"name": quiz, "here": here}).press("Begin")
            while any(press.action.verb == "stop" for press in presses(chat.reply.blocks)):
                actions = [press.action for press in presses(chat.reply.blocks)]
                written += [action for action in actions if action.verb in _VERBS]
                chat.do(draw.choice([action for action in actions if action.verb == "answer"]))
            written += [one.action for one in presses(chat.reply.blocks) if one.action.verb in _VERBS]
    return written


def tampered(draw: Random, action: Action) -> tuple[User, Origin, Action]:
    """One character, or several, of what the button carries."""
    text = list(action.encode())
    begin = len(action.name) + 1
    for at in draw.sample(range(begin, len(text)), draw.choice((1, 1, 1, 2, 5))):
        text[at] = draw.choice(_ALPHABET.replace(text[at], ""))
    return _ANN, CHANNEL, Action.decode("".join(text))


def truncated(draw: Random, action: Action) -> tuple[User, Origin, Action]:
    """Cut off somewhere, or with something after it."""
    text, at = action.encode(), draw.randrange(len(action.name), len(action.encode()))
    return _ANN, CHANNEL, Action.decode(draw.choice((text[:at], text + draw.choice(_ALPHABET), f"{text}:")))


def foreign_user(draw: Random, action: Action) -> tuple[User, Origin, Action]:
    """Pressed by somebody else."""
    return User(f"U{draw.randrange(2, 10**9)}", "Bob"), CHANNEL, action


def foreign_workspace(draw: Random, action: Action) -> tuple[User, Origin, Action]:
    """Pressed in another workspace or on another platform, by somebody with the same id."""
    number = str(draw.randrange(10**9))
    origin = draw.choice((Origin("test", f"W{number}", "C1"), Origin(number, "W1", "C1")))
    return _ANN, origin, action


def other_name(draw: Random, action: Action) -> tuple[User, Origin, Action]:
    """The same arguments under another button's name."""
    verb = draw.choice([verb for verb in _VERBS if verb != action.verb])
    return _ANN, CHANNEL, Action(f"quiz.{verb}", action.args)


def wrong_version(draw: Random, action: Action) -> tuple[User, Origin, Action]:
    """Another shape of the quiz than the one that was signed."""
    version = "".join(draw.choice(_ALPHABET) for _ in range(4))
    quiz, was, *rest = action.args
    return _ANN, CHANNEL, Action(action.name, (quiz, version if version != was else "zzzz", *rest))


def made_up(draw: Random, action: Action) -> tuple[User, Origin, Action]:
    """The right shape, everything else drawn."""
    args = ["".join(draw.choice(_ALPHABET) for _ in part) for part in action.args]
    quiz = action.args[0] if draw.random() < 0.5 else args[0]
    return _ANN, CHANNEL, Action(action.name, (quiz, *args[1:]))


CRAFTS: tuple[Craft, ...] = (
    tampered,
    truncated,
    foreign_user,
    foreign_workspace,
    other_name,
    wrong_version,
    made_up,
)


def prove(seed: int, share: float) -> list[Finding]:
    """Press them; the bot's own, pressed by Ann, prove that the others are refused for what they are."""
    service, draw = service_of(), Random(seed)
    mine = genuine(service, draw)
    faults: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for action in mine:
        tried["genuine"] += 1
        faults["genuine"] += opened(Request(_ANN, CHANNEL, action, NOON, "k"), service.context) is None
    for number in range(round(IDS * share)):
        craft = CRAFTS[number % len(CRAFTS)]
        try:
            user, origin, action = craft(draw, draw.choice(mine))
        except DoesNotFit:  # longer than any button: no platform brings it
            continue
        tried[craft.__name__] += 1
        faults[craft.__name__] += not _refused(service.respond(Request(user, origin, action, NOON, "k")))
    return [
        Finding(f"ids: {name.replace('_', ' ')}", tried[name], faults[name])
        for name in ("genuine", *(craft.__name__ for craft in CRAFTS))
    ]


def _refused(answer: object) -> bool:
    """A private sentence, in a message of its own."""
    return (
        isinstance(answer, Reply)
        and answer.outcome is Outcome.REFUSED
        and answer.audience is Audience.ASKER
        and not answer.replace
    )
