"""What rows about tips say, for those who handle them without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.store.community import Community


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


@dataclass(frozen=True, slots=True)
class Pick:
    """What a due subscription gets: a tip and its round, or none; and when it is due again."""

    tip: str | None
    round: int
    next_due_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """One tip to send now."""

    community: Community
    channel: str
    direct: bool
    slot: datetime
    tip: str
    claim: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a person has to know, once.

    Attributes:
        state: `unknown`, or `paused` for the whole subscription.
    """

    about: Claimed
    person: str
    state: str
    reason: str
