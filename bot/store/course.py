"""What comes of a subscription that is due: one slot, or all that came while nobody looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.store.outbox import LEASE, new_claim
from bot.store.tips import Claimed, Few, Had, Pick, Subscription

LATE = timedelta(hours=3)
"""A tip that could not go out for so long is skipped."""
NO_ROW = MappingProxyType(
    {"tip": None, "round": 0, "claim": "", "due_at": None, "begun_at": None, "reason": "", "message": None}
)
"""What a delivery holds of which nothing is known."""

Choose = Callable[[Subscription, Had, datetime], Pick]


@dataclass(slots=True)
class Course:
    """What comes of one due subscription.

    Attributes:
        place: the key of its row.
        rows: one a slot that came.
        claimed: those of them that are to be sent.
        few: what its owner has to know, with the tip that made it so.
    """

    place: dict[str, str]
    next_due_at: datetime | None
    round: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    claimed: list[Claimed] = field(default_factory=list)
    few: list[tuple[Claimed, Few]] = field(default_factory=list)


def course_of(one: Subscription, had_so_far: Had, now: datetime, choose: Choose) -> Course:
    """Every slot until now: sent unless it is too late."""
    place = {**one.community.columns, "channel": one.channel}
    course = Course(place, one.next_due_at, one.round)
    while (slot := course.next_due_at) is not None and slot <= now:
        pick = choose(replace(one, round=course.round), had_so_far, slot)
        row = {**NO_ROW, **place, "slot": slot, "at": now}
        if now - slot > LATE or pick.tip is None:
            reason = "empty" if pick.tip is None else "missed"
            course.rows.append({**row, "state": "skipped", "reason": reason})
        else:
            claimed = Claimed(one.community, one.channel, one.direct, slot, pick.tip, new_claim())
            had_so_far = had_so_far.after(pick.tip, begins=pick.round != course.round)
            lease = {"claim": claimed.claim, "due_at": now + LEASE}
            new = {"state": "claimed", "tip": pick.tip, "round": pick.round, **lease}
            course.rows.append({**row, **new})
            course.claimed.append(claimed)
            course.round = pick.round
            if pick.few is not None:
                course.few.append((claimed, pick.few))
        course.next_due_at = pick.next_due_at
    return course
