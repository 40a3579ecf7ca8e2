"""Where someone is in an assessment travels in the buttons: written here, checked and read here.

An action is `quiz.answer:<quiz>:<version>:<answers>:<code>:<signature>`, at most 64 characters: the quiz as
its mark, four characters for its shape, one character a slot, the code of an earlier run or nothing, and 64
bits over all of it, the action's name and the person. Where others read along the answers are encrypted too:
`quiz.answer:<quiz>:<version>:<sealed>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.commands.command import Context
from bot.domain.assess import NOTHING, Run, dropped
from bot.library.assessment import SLOTS, Assessment
from bot.library.library import mark
from bot.messaging.action import Action
from bot.messaging.request import Request

_WIDTH = len(SLOTS)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's run, as a message shows it.

    Attributes:
        since: the bare code of an earlier run to compare with; empty when there is none.
        public: whether it runs where others read along.
        changed: whether the quiz has changed since the button was written.
        lost: slot and letter of the answers that the change took away.
    """

    quiz: str
    run: Run
    since: str = ""
    public: bool = False
    changed: bool = False
    lost: tuple[tuple[str, str], ...] = ()

    @classmethod
    def new(cls, quiz: str, context: Context, *, since: str = "", public: bool = False) -> Sitting:
        """A run that begins."""
        return cls(quiz, Run.replay(context.library.assessments[quiz], NOTHING), since, public)

    @property
    def assessment(self) -> Assessment:
        """What is asked."""
        return self.run.assessment

    def at(self, run: Run) -> Sitting:
        """The same sitting elsewhere on the way."""
        return replace(self, run=run)


def written(sitting: Sitting, verb: str, request: Request, context: Context) -> Action:
    """What a button carries: the state after its press, for the asker alone."""
    head = (mark(sitting.quiz), sitting.assessment.version)
    told = _told(f"quiz.{verb}", head, request)
    kept = sitting.run.kept
    if sitting.public:
        return Action(f"quiz.{verb}", (*head, context.seal.close(kept + sitting.since, told)))
    signature = context.seal.sign(kept + sitting.since, told)
    return Action(f"quiz.{verb}", (*head, kept, sitting.since, signature))


def opened(request: Request, context: Context) -> Sitting | None:
    """The run in a pressed button; None when it is not this person's, or nothing that this bot wrote.

    A quiz that has changed since keeps every answer that still means something.
    """
    text, public = _text(request, context)
    quiz = context.library.assessment_marked(request.action.args[0]) if text is not None else None
    if text is None or quiz is None:
        return None
    assessment = context.library.assessments[quiz]
    kept, since = text[:_WIDTH], text[_WIDTH:]
    run = Run.replay(assessment, kept)
    changed = request.action.args[1] != assessment.version
    return Sitting(quiz, run, since, public, changed, dropped(kept, run))


def showing(request: Request) -> Iterator[Action]:
    """What the clicked message carries now, when the platform told."""
    yield from (Action.decode(encoded) for encoded in sorted(request.visible_actions))


def _text(request: Request, context: Context) -> tuple[str | None, bool]:
    match request.action.args:
        case (quiz, version, kept, since, signature):
            told = _told(request.action.name, (quiz, version), request)
            good = len(kept) == _WIDTH and context.seal.signed(kept + since, told, signature)
            return (kept + since if good else None), False
        case (quiz, version, closed):
            return context.seal.open(closed, _told(request.action.name, (quiz, version), request)), True
        case _:
            return None, False


def _told(name: str, head: tuple[str, str], request: Request) -> tuple[str, ...]:
    origin = request.origin
    return (name, *head, origin.platform, origin.workspace, request.user.id)
