"""What was posted in channels. The history belongs to the channel, whichever subscription posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, Integer, Text, and_, column, select, values

from bot.domain.outbox import DeliveryState
from bot.domain.tips.rotation import TAG_SPACING, PostHistory
from bot.domain.tips.subscription import Subscription
from bot.store.tables import TIP_DELIVERIES, tenant_condition

_D = TIP_DELIVERIES
_IS_POSTED = _D.c.tip.is_not(None) & (_D.c.state != DeliveryState.SKIPPED)
_REQUESTED = values(
    column("platform", Text),
    column("workspace", Text),
    column("channel", Text),
    column("after_cycle", Integer),
    name="requested",
)


def load_histories(
    connection: Connection, subscriptions: Sequence[Subscription]
) -> dict[Subscription, PostHistory]:
    """Load the post history of many subscriptions' channels in one query.

    Every cycle has a post, so the last posts are of as many cycles at most, and older rows are not read.
    """
    posts: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    oldest_cycles: dict[tuple[str, str, str], int] = {}
    for subscription in subscriptions:
        key, cycle = _channel_key(subscription), subscription.cycle - TAG_SPACING
        oldest_cycles[key] = min(cycle, oldest_cycles.get(key, cycle))
    # A table of values, because SQLite reads every row for a list of pairs.
    requested = _REQUESTED.data([(*key, cycle) for key, cycle in oldest_cycles.items()]).cte("requested")
    query = (
        select(_D.c.platform, _D.c.workspace, _D.c.channel, _D.c.cycle, _D.c.tip)
        .join(
            requested,
            and_(*(_D.c[name] == requested.c[name] for name in ("platform", "workspace", "channel"))),
        )
        .where(_D.c.cycle > requested.c.after_cycle, _IS_POSTED)
        .order_by(_D.c.scheduled_at.desc())
    )
    for row in connection.execute(query):
        posts[row.platform, row.workspace, row.channel].append((row.cycle, row.tip))
    return {
        subscription: _build_history(posts[_channel_key(subscription)], subscription.cycle)
        for subscription in subscriptions
    }


def load_history(connection: Connection, subscription: Subscription) -> PostHistory:
    """Load the post history of one channel, whose subscription need not be saved yet."""
    query = (
        select(_D.c.cycle, _D.c.tip)
        .where(tenant_condition(_D, subscription.tenant), _D.c.channel == subscription.channel)
        .where(_D.c.cycle > subscription.cycle - TAG_SPACING, _IS_POSTED)
        .order_by(_D.c.scheduled_at.desc())
    )
    rows = connection.execute(query)
    return _build_history([(row.cycle, row.tip) for row in rows], subscription.cycle)


def _channel_key(subscription: Subscription) -> tuple[str, str, str]:
    return subscription.tenant.platform, subscription.tenant.workspace, subscription.channel


def _build_history(posts: list[tuple[int, str]], cycle: int) -> PostHistory:
    """Build a history from the posts of a channel, newest first."""
    used = frozenset(tip for post_cycle, tip in posts if post_cycle == cycle)
    return PostHistory(cycle, used, tuple(tip for _, tip in posts[:TAG_SPACING]))
