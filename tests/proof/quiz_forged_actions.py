"""Crafted presses: tampered, truncated, of another person, place, name or version. None is accepted."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable
from random import Random

from bot.commands.quiz.quiz_session import decode_session
from bot.errors import LimitExceededError
from bot.messaging.action import Action
from bot.messaging.reply import Audience, Reply, ReplyOutcome, iter_controls
from bot.messaging.request import Origin, Request, User
from bot.service import Service
from tests.chat import CHANNEL, NOON, Chat, build_service
from tests.proof.proof_result import ProofResult

ACTION_COUNT = 100_000
_ALPHABET = string.ascii_letters + string.digits + "-_."
_VERBS = ("begin", "answer", "skip", "back", "stop", "go", "start", "share", "mine", "moved", "compare")
_ANN = User("U1", "Ann")

Forgery = Callable[[Random, Action], tuple[User, Origin, Action]]


def collect_genuine_actions(service: Service, random: Random) -> list[Action]:
    """Buttons that the bot wrote for Ann: of every assessment, in private and in public, along whole runs."""
    written: list[Action] = []
    for quiz in service.context.content.quizzes:
        for here in ("", "here"):
            chat = (
                Chat(service, user=_ANN)
                .send_action(Action("quiz"), {"name": quiz, "here": here})
                .press("Start")
            )
            while any(press.action.verb == "stop" for press in iter_controls(chat.reply.blocks)):
                actions = [press.action for press in iter_controls(chat.reply.blocks)]
                written += [action for action in actions if action.verb in _VERBS]
                chat.send_action(random.choice([action for action in actions if action.verb == "answer"]))
            written += [one.action for one in iter_controls(chat.reply.blocks) if one.action.verb in _VERBS]
    return written


def tamper_action(random: Random, action: Action) -> tuple[User, Origin, Action]:
    """One character, or several, of what the button carries."""
    text = list(action.encode())
    begin = len(action.name) + 1
    for at in random.sample(range(begin, len(text)), random.choice((1, 1, 1, 2, 5))):
        text[at] = random.choice(_ALPHABET.replace(text[at], ""))
    return _ANN, CHANNEL, Action.decode("".join(text))


def truncate_action(random: Random, action: Action) -> tuple[User, Origin, Action]:
    """Cut off somewhere, or with something after it."""
    text, at = action.encode(), random.randrange(len(action.name), len(action.encode()))
    return (
        _ANN,
        CHANNEL,
        Action.decode(random.choice((text[:at], text + random.choice(_ALPHABET), f"{text}:"))),
    )


def change_user(random: Random, action: Action) -> tuple[User, Origin, Action]:
    """Pressed by somebody else."""
    return User(f"U{random.randrange(2, 10**9)}", "Bob"), CHANNEL, action


def change_workspace(random: Random, action: Action) -> tuple[User, Origin, Action]:
    """Pressed in another workspace or on another platform, by somebody with the same id."""
    number = str(random.randrange(10**9))
    origin = random.choice((Origin("test", f"W{number}", "C1"), Origin(number, "W1", "C1")))
    return _ANN, origin, action


def change_name(random: Random, action: Action) -> tuple[User, Origin, Action]:
    """The same arguments under another button's name."""
    verb = random.choice([verb for verb in _VERBS if verb != action.verb])
    return _ANN, CHANNEL, Action(f"quiz.{verb}", action.args)


def change_version(random: Random, action: Action) -> tuple[User, Origin, Action]:
    """Another shape of the quiz than the one that was signed."""
    version = "".join(random.choice(_ALPHABET) for _ in range(4))
    quiz, was, *rest = action.args
    return _ANN, CHANNEL, Action(action.name, (quiz, version if version != was else "zzzz", *rest))


def fabricate_arguments(random: Random, action: Action) -> tuple[User, Origin, Action]:
    """The right shape, everything else drawn."""
    args = ["".join(random.choice(_ALPHABET) for _ in part) for part in action.args]
    quiz = action.args[0] if random.random() < 0.5 else args[0]
    return _ANN, CHANNEL, Action(action.name, (quiz, *args[1:]))


FORGERIES: tuple[Forgery, ...] = (
    tamper_action,
    truncate_action,
    change_user,
    change_workspace,
    change_name,
    change_version,
    fabricate_arguments,
)


def prove(seed: int, share: float) -> list[ProofResult]:
    """Press them; the bot's own, pressed by Ann, prove that the others are refused for what they are."""
    service, draw = build_service(), Random(seed)
    mine = collect_genuine_actions(service, draw)
    faults: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for action in mine:
        tried["genuine"] += 1
        faults["genuine"] += (
            decode_session(Request(_ANN, CHANNEL, action, NOON, "k"), service.context) is None
        )
    for number in range(round(ACTION_COUNT * share)):
        craft = FORGERIES[number % len(FORGERIES)]
        try:
            user, origin, action = craft(draw, draw.choice(mine))
        except LimitExceededError:  # longer than any button: no platform brings it
            continue
        tried[craft.__name__] += 1
        faults[craft.__name__] += not _is_refused(service.respond(Request(user, origin, action, NOON, "k")))
    return [
        ProofResult(f"ids: {name.replace('_', ' ')}", tried[name], faults[name])
        for name in ("genuine", *(craft.__name__ for craft in FORGERIES))
    ]


def _is_refused(answer: object) -> bool:
    """A private sentence, in a message of its own."""
    return (
        isinstance(answer, Reply)
        and answer.outcome is ReplyOutcome.REFUSED
        and answer.audience is Audience.ASKER
        and not answer.replace_original
    )
