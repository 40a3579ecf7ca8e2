"""What channels had so far, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, Integer, Text, and_, column, select, values

from bot.store.tables import TIP_DELIVERIES, owned
from bot.store.tips import RECENT, Had, Subscription

_D = TIP_DELIVERIES
_ASKED = values(
    column("platform", Text),
    column("workspace", Text),
    column("channel", Text),
    column("since", Integer),
    name="asked",
)


def had_by(connection: Connection, subscriptions: Sequence[Subscription]) -> dict[Subscription, Had]:
    """What each of these had; a tip that was skipped was not had.

    Every round has a post, so the last posts are of as many rounds at most, and older history is not read.
    """
    of: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    # As rows of their own: asked for as a list of pairs, SQLite reads every subscription there is.
    asked = _ASKED.data([(*_place(one), one.round - RECENT) for one in subscriptions]).cte("asked")
    wanted = (
        select(_D.c.platform, _D.c.workspace, _D.c.channel, _D.c.round, _D.c.tip)
        .join(asked, and_(*(_D.c[name] == asked.c[name] for name in ("platform", "workspace", "channel"))))
        .where(_D.c.round > asked.c.since, _D.c.tip.is_not(None), _D.c.state != "skipped")
        .order_by(_D.c.slot.desc())
    )
    for row in connection.execute(wanted):
        of[row.platform, row.workspace, row.channel].append((row.round, row.tip))
    return {one: _had(of[*_place(one)], one.round) for one in subscriptions}


def had(connection: Connection, subscription: Subscription) -> Had:
    """What one of these had, which need not be written yet."""
    posted = (
        select(_D.c.round, _D.c.tip)
        .where(owned(_D, subscription.community), _D.c.channel == subscription.channel)
        .where(_D.c.round > subscription.round - RECENT, _D.c.tip.is_not(None), _D.c.state != "skipped")
    )
    rows = connection.execute(posted.order_by(_D.c.slot.desc()))
    return _had([(row.round, row.tip) for row in rows], subscription.round)


def _place(one: Subscription) -> tuple[str, str, str]:
    return one.community.platform, one.community.workspace, one.channel


def _had(posted: list[tuple[int, str]], number: int) -> Had:
    used = frozenset(tip for round_, tip in posted if round_ == number)
    return Had(used, tuple(tip for _, tip in posted[:RECENT]))
