"""What channels had so far, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, Integer, Text, and_, column, select, values

from bot.store.records import RECENT_LIMIT, StoredHistory, Subscription
from bot.store.tables import TIP_DELIVERIES, tenant_condition

_D = TIP_DELIVERIES
_REQUESTED = values(
    column("platform", Text),
    column("workspace", Text),
    column("channel", Text),
    column("since", Integer),
    name="asked",
)


def load_histories(
    connection: Connection, subscriptions: Sequence[Subscription]
) -> dict[Subscription, StoredHistory]:
    """What each of these had; a tip that was skipped was not had.

    Every round has a post, so the last posts are of as many rounds at most, and older history is not read.
    """
    of: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    # As rows of their own: asked for as a list of pairs, SQLite reads every subscription there is.
    asked = _REQUESTED.data([(*_channel_key(one), one.cycle - RECENT_LIMIT) for one in subscriptions]).cte(
        "asked"
    )
    wanted = (
        select(_D.c.platform, _D.c.workspace, _D.c.channel, _D.c.round, _D.c.tip)
        .join(asked, and_(*(_D.c[name] == asked.c[name] for name in ("platform", "workspace", "channel"))))
        .where(_D.c.round > asked.c.since, _D.c.tip.is_not(None), _D.c.state != "skipped")
        .order_by(_D.c.slot.desc())
    )
    for row in connection.execute(wanted):
        of[row.platform, row.workspace, row.channel].append((row.round, row.tip))
    return {one: _build_history(of[*_channel_key(one)], one.cycle) for one in subscriptions}


def load_history(connection: Connection, subscription: Subscription) -> StoredHistory:
    """What one of these had, which need not be written yet."""
    posted = (
        select(_D.c.round, _D.c.tip)
        .where(tenant_condition(_D, subscription.tenant), _D.c.channel == subscription.channel)
        .where(_D.c.round > subscription.cycle - RECENT_LIMIT, _D.c.tip.is_not(None), _D.c.state != "skipped")
    )
    rows = connection.execute(posted.order_by(_D.c.slot.desc()))
    return _build_history([(row.round, row.tip) for row in rows], subscription.cycle)


def _channel_key(subscription: Subscription) -> tuple[str, str, str]:
    return subscription.tenant.platform, subscription.tenant.workspace, subscription.channel


def _build_history(posts: list[tuple[int, str]], cycle: int) -> StoredHistory:
    used = frozenset(tip for round_, tip in posts if round_ == cycle)
    return StoredHistory(used, tuple(tip for _, tip in posts[:RECENT_LIMIT]))
