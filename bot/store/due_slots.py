"""What comes of a subscription that is due: one slot, or all that came while nobody looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.store.outbox import CLAIM_LEASE, create_claim_token
from bot.store.records import ClaimedTip, LowPool, SlotPlan, StoredHistory, Subscription

MAX_LATENESS = timedelta(hours=3)
"""A tip that could not go out for so long is skipped."""
DELIVERY_DEFAULTS = MappingProxyType(
    {"tip": None, "round": 0, "claim": "", "due_at": None, "begun_at": None, "reason": "", "message": None}
)
"""What a delivery holds of which nothing is known."""

SlotPlanner = Callable[[Subscription, StoredHistory, datetime], SlotPlan]


@dataclass(slots=True)
class DueSlots:
    """What comes of one due subscription.

    Attributes:
        place: the key of its row.
        rows: one a slot that came.
        claimed: those of them that are to be sent.
        few: what its owner has to know, with the tip that made it so.
    """

    subscription_key: dict[str, str]
    next_due_at: datetime | None
    cycle: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    claimed_tips: list[ClaimedTip] = field(default_factory=list)
    low_pools: list[tuple[ClaimedTip, LowPool]] = field(default_factory=list)


def plan_due_slots(
    subscription: Subscription, history: StoredHistory, now: datetime, plan_slot: SlotPlanner
) -> DueSlots:
    """Every slot until now: sent unless it is too late."""
    place = {**subscription.tenant.column_values, "channel": subscription.channel}
    course = DueSlots(place, subscription.next_due_at, subscription.cycle)
    while (slot := course.next_due_at) is not None and slot <= now:
        pick = plan_slot(replace(subscription, cycle=course.cycle), history, slot)
        row = {**DELIVERY_DEFAULTS, **place, "slot": slot, "at": now}
        if now - slot > MAX_LATENESS or pick.tip is None:
            reason = "empty" if pick.tip is None else "missed"
            course.rows.append({**row, "state": "skipped", "reason": reason})
        else:
            claimed = ClaimedTip(
                subscription.tenant,
                subscription.channel,
                subscription.is_direct,
                slot,
                pick.tip,
                create_claim_token(),
            )
            history = history.with_tip(pick.tip, starts_cycle=pick.cycle != course.cycle)
            lease = {"claim": claimed.claim_token, "due_at": now + CLAIM_LEASE}
            new = {"state": "claimed", "tip": pick.tip, "round": pick.cycle, **lease}
            course.rows.append({**row, **new})
            course.claimed_tips.append(claimed)
            course.cycle = pick.cycle
            if pick.low_pool is not None:
                course.low_pools.append((claimed, pick.low_pool))
        course.next_due_at = pick.next_due_at
    return course
