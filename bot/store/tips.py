"""What rows about tips say, for those who handle them without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.store.community import Community

RECENT = 3
"""So many of the last tips of a channel matter to the next one."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One row.

    Attributes:
        channel: the channel's id, or the person's own when `direct`.
        owner: who set it up; None when that person was forgotten.
        days, at, zone, since: the schedule, as `domain.tips.schedule` keeps it; `at` is like `09:00`.
        next_due_at: None while it is paused until somebody resumes it.
        paused: why: empty, `asked`, or what a platform's refusal meant.
        until: the day before which nothing is posted.
        round: how often the pool was used up.
    """

    community: Community
    channel: str
    direct: bool
    owner: str | None
    days: str
    at: str
    zone: str
    since: date
    tags: tuple[str, ...] = ()
    next_due_at: datetime | None = None
    paused: str = ""
    until: date | None = None
    round: int = field(default=0)


@dataclass(frozen=True, slots=True)
class Had:
    """What a channel had: the tips of this round, and the last ones, newest first."""

    used: frozenset[str]
    recent: tuple[str, ...]

    def after(self, tip: str, *, begins: bool) -> Had:
        """What it had once a tip is posted too.

        Args:
            begins: whether a new round begins with it.
        """
        used = frozenset[str]() if begins else self.used
        return Had(used | {tip}, (tip, *self.recent[: RECENT - 1]))


@dataclass(frozen=True, slots=True)
class Pick:
    """What a due subscription gets: a tip and its round, or none; and when it is due again.

    Attributes:
        few: what its owner has to know of what is left; None when there is enough.
    """

    tip: str | None
    round: int
    next_due_at: datetime
    few: Few | None = None


@dataclass(frozen=True, slots=True)
class Few:
    """Few tips are left.

    Attributes:
        number: how many.
        mark: what it is said about, once: a round; or nothing, when there never are more.
    """

    number: int
    mark: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """One tip to send now.

    Attributes:
        claim: who may send and settle it; nobody else's claim is the same.
    """

    community: Community
    channel: str
    direct: bool
    slot: datetime
    tip: str
    claim: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What a person has to know of a channel's tips.

    Attributes:
        kind: `unknown`, `paused`, `few`.
        mark: tells it from others of its kind about the channel.
        slot: the slot that it is about.
        why: why they rest: the end of a phrase's key.
        number: how many are left.
    """

    kind: str
    mark: str
    slot: datetime
    why: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to tell a person now.

    Attributes:
        person: who is told.
        zone: the subscription's.
        turn: how many people could not be reached before.
    """

    community: Community
    channel: str
    direct: bool
    person: str
    matter: Matter
    zone: str
    turn: int
    claim: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a claim.

    Attributes:
        state: `sent`, `failed` (try again), `skipped`, `unknown`, or `paused` when a person has to mend it.
        message: the platform's id of it, when it was sent.
        reason: why it was not.
        again: when to try again.
    """

    claim: str
    state: str
    message: str = ""
    reason: str = ""
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A tip of which nobody knows whether it was posted."""

    community: Community
    channel: str
    slot: datetime
