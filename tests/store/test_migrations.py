"""Tables that an earlier version filled, opened by this one: nothing is lost, and nothing comes twice."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, select

from bot.store import migrate
from bot.store.database import Database, build_database_url
from bot.store.records import ClaimResult, SlotPlan, StoredHistory, Subscription
from bot.store.store import Store
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS
from bot.store.tenant import Tenant
from tests.store.conftest import KEY_RING

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PLATFORMS, IDEMPOTENT_PLATFORMS = frozenset({"slack", "discord"}), frozenset({"discord"})
SECONDS_BY_STATE = {
    "claimed": 60,
    "sending": 60,
    "failed": 30,
    "unknown": None,
    "sent": None,
    "skipped": None,
}
"""The states before words were rows, and in how many seconds such a row was looked at again."""
SETTLED_STATES = dict.fromkeys(SECONDS_BY_STATE, "sent") | {"unknown": "unknown", "skipped": "skipped"}
EXPECTED_STATES = {"discord": SETTLED_STATES, "slack": SETTLED_STATES | {"sending": "unknown"}}


def _insert_old_rows(connection: Connection) -> None:
    """A channel for each state on each platform, with the slot that left it so."""
    for platform in sorted(PLATFORMS):
        for state, seconds in SECONDS_BY_STATE.items():
            place = {"platform": platform, "workspace": "T1", "channel": state}
            due = None if seconds is None else NINE + timedelta(seconds=seconds)
            row = {**place, "slot": NINE, "tip": "a tip", "round": 0, "state": state, "claim": f"{state}'s"}
            row |= {"due_at": due, "reason": "", "at": NINE}
            connection.execute(insert(TIP_DELIVERIES).values(row))
            row = {**place, "direct": False, "owner": "UADA", "days": "daily", "at": "09:00", "zone": "UTC"}
            row |= {"since": date(2026, 1, 1), "tags": "", "paused": "", "round": 0}
            row |= {"next_due_at": NINE + timedelta(days=1)}
            connection.execute(insert(TIP_SUBSCRIPTIONS).values(row))


def _plan_daily(subscription: Subscription, _history: StoredHistory, scheduled_at: datetime) -> SlotPlan:
    return SlotPlan("another", subscription.cycle, scheduled_at + timedelta(days=1))


def test_deliveries_from_before_notifications_are_sent_once_or_uncertain(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with closing(Database(build_database_url(Path(), database_url))) as database:
        with database.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0003")
            _insert_old_rows(connection)
        with closing(Store.open(Path(), database_url, KEY_RING)) as store:
            sent, told = _send_all(store)
        with database.read() as connection:
            rows: list[Any] = [*connection.execute(select(TIP_DELIVERIES))]
    assert {(row.platform, row.channel): row.state for row in rows} == {
        (platform, state): became
        for platform, states in EXPECTED_STATES.items()
        for state, became in states.items()
    }
    assert len(sent) == len(set(sent)) == 5
    assert told == [("slack", "sending", "unknown")]
    with closing(Store.open(Path(), database_url, KEY_RING)) as store:
        assert store.deliveries.resolve_uncertain(
            Tenant("slack", "T1"), "unknown", NINE, NINE, should_resend=True
        )


def _send_all(store: Store) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """What goes out in the next minutes, and what is said of it."""
    sent, told = [], []
    for seconds in range(0, 600, 20):
        now = NINE + timedelta(seconds=seconds)
        claimed, words = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)
        for rows, claims in ((store.deliveries, claimed), (store.notifications, words)):
            begun = rows.mark_sending([one.claim_token for one in claims], now)
            rows.record_results(
                [ClaimResult(claim, "sent", "1") for claim in begun], now, IDEMPOTENT_PLATFORMS
            )
        sent += [(one.tenant.platform, one.channel) for one in claimed]
        told += [(one.tenant.platform, one.channel, one.subject.kind) for one in words]
    return sent, told
