"""What a look costs follows what is due: no step reads a table whole, however much is remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, event, insert, text

from bot.domain.tenant import Tenant
from bot.domain.tips.rotation import PlannedPost, PostHistory
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.store.store import Store
from bot.store.tables import TIP_ADMINS, TIP_DELIVERIES, TIP_NOTIFICATIONS, TIP_SUBSCRIPTIONS
from tests.postgres import PostgresServer
from tests.store.conftest import KEY_RING, FakeTipPool, build_post, build_result

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SLACK, IDEMPOTENT_PLATFORMS = frozenset({"slack"}), frozenset({"discord"})
ROW_COUNT, DUE_COUNT = 4_000, 5
_DELIVERY_COLUMNS = {
    "state": "sent",
    "claim_token": "",
    "due_at": None,
    "send_started_at": None,
    "reason": "",
    "platform_message_id": "1",
    "attempts": 1,
}
_SUBSCRIPTION_COLUMNS = {
    "is_direct": False,
    "owner": "U",
    "days": "daily",
    "local_time": "09:00",
    "zone": "UTC",
    "tags": "",
}
_NOTIFICATION_COLUMNS = {
    "kind": "paused",
    "dedupe_key": "m",
    "recipient_index": 0,
    "is_direct": False,
    "recipient_id": "U",
    "detail": "gone",
    "remaining": 0,
}


@FakeTipPool
def _plan_daily(subscription: Subscription, history: PostHistory, scheduled_at: datetime) -> PlannedPost:
    tip = f"tip {len(history.used_tips)}"
    return build_post(scheduled_at, tip, scheduled_at + timedelta(days=1), subscription.cycle)


def _build_channel_key(number: int) -> dict[str, Any]:
    return {"platform": "slack", "workspace": f"T{number % 9}", "channel": f"C{number}"}


def _build_rows(number: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    """What is remembered of one channel: a third of them is paused, each had two tips and an admin."""
    place = _build_channel_key(number)
    later = None if number % 3 == 0 else NINE + timedelta(minutes=number)
    due = {
        "anchor_date": NINE.date(),
        "next_due_at": NINE if number < DUE_COUNT else later,
        "pause_reason": "",
        "paused_until": None,
    }
    yield TIP_SUBSCRIPTIONS, {**place, **_SUBSCRIPTION_COLUMNS, **due, "cycle": 3}
    for days in (1, 2):
        slot = {"scheduled_at": NINE - timedelta(days=days), "tip": "t", "cycle": 3, "updated_at": NINE}
        yield TIP_DELIVERIES, {**place, **_DELIVERY_COLUMNS, **slot}
    yield (
        TIP_NOTIFICATIONS,
        {
            **place,
            **_DELIVERY_COLUMNS,
            **_NOTIFICATION_COLUMNS,
            "scheduled_at": NINE,
            "created_at": NINE,
            "updated_at": NINE,
        },
    )
    yield TIP_ADMINS, {**place, "person": f"U{number}", "last_used_at": NINE}


@pytest.fixture
def full_store(store: Store) -> Store:
    """A store with much that is not due."""
    rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for number in range(ROW_COUNT):
        for table, row in _build_rows(number):
            rows[table].append({name: value for name, value in row.items() if name in table.c})
    with store._database.write() as connection:
        for table, these in rows.items():
            connection.execute(insert(table), these)
        connection.execute(text("ANALYZE"))
    return store


@contextmanager
def _record_statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is run, with the values of one run."""
    said: list[tuple[str, Any]] = []
    engines = {store._database._reader, store._database._writer}

    def hear(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        said.append((statement, values[0] if many and isinstance(values, list) else values))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    yield said
    for engine in engines:
        event.remove(engine, "before_cursor_execute", hear)


def _explain(store: Store, statement: str, values: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if store._database.is_sqlite else "EXPLAIN "
    with store._database.write() as connection:
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values))


def _find_full_scans(plan: str) -> list[str]:
    """The lines of a plan that read a whole table, or an index from end to end."""
    return [line for line in plan.splitlines() if "SCAN tip_" in line or "Seq Scan on tip_" in line]


def test_no_tick_statement_scans_a_full_table(full_store: Store) -> None:
    with _record_statements(full_store) as said:
        claimed, _ = full_store.deliveries.claim_due(NINE, SLACK, IDEMPOTENT_PLATFORMS, _plan_daily)
        assert len(claimed) == DUE_COUNT
        claims = [one.claim_token for one in claimed]
        assert len(full_store.deliveries.mark_sending(claims, NINE)) == DUE_COUNT
        sent, doubt, rests, *others = claims
        done = [
            build_result(sent, "sent", "1"),
            build_result(doubt, "unknown", reason="lost"),
            build_result(rests, "paused", reason="gone"),
        ]
        full_store.deliveries.record_results(
            [*done, *(build_result(one, "skipped", reason="ours") for one in others)],
            NINE,
            IDEMPOTENT_PLATFORMS,
        )
        _, words = full_store.deliveries.claim_due(NINE, SLACK, IDEMPOTENT_PLATFORMS, _plan_daily)
        assert len(words) == 2
        full_store.notifications.mark_sending([one.claim_token for one in words], NINE)
        full_store.notifications.record_results(
            [build_result(one.claim_token, "paused", reason="closed") for one in words],
            NINE,
            IDEMPOTENT_PLATFORMS,
        )
        full_store.deliveries.find_next_due(SLACK)
    read = [one for one in said if one[0].lstrip().startswith(("SELECT", "UPDATE", "WITH"))]
    assert len(read) > 15
    whole = [
        line
        for statement, values in read
        for line in _find_full_scans(_explain(full_store, statement, values))
    ]
    assert not whole


def test_claim_uses_few_statements_for_any_size(full_store: Store) -> None:
    def statements(due: int, now: datetime) -> int:
        where = TIP_SUBSCRIPTIONS.c.channel.in_([f"C{number}" for number in range(due)])
        with full_store._database.write() as connection:
            connection.execute(TIP_SUBSCRIPTIONS.update().where(where).values(next_due_at=now))
        with _record_statements(full_store) as said:
            claimed, _ = full_store.deliveries.claim_due(now, SLACK, IDEMPOTENT_PLATFORMS, _plan_daily)
            assert len(claimed) == due
            assert len(full_store.deliveries.mark_sending([one.claim_token for one in claimed], now)) == due
            full_store.deliveries.record_results(
                [build_result(one.claim_token, "sent", "1") for one in claimed], now, IDEMPOTENT_PLATFORMS
            )
        return len([one for one in said if not one[0].startswith("BEGIN")])

    assert statements(DUE_COUNT, NINE) == statements(40, NINE + timedelta(seconds=1)) <= 8


def test_postgresql_plans_for_the_values_at_hand(postgresql: PostgresServer, tmp_path: Path) -> None:
    """A driver prepares what runs often; with one plan for any values a claim took half a second."""
    store = Store.open(tmp_path, postgresql.new_database(), KEY_RING)
    with closing(store), store._database.read() as connection:
        assert connection.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"


def test_what_waits_on_another_platform_is_not_read(full_store: Store) -> None:
    there = Tenant("discord", "9")
    row = Subscription(
        there, "1", False, "U", Schedule("daily", time(9), "UTC", date(2026, 1, 1)), next_due_at=NINE
    )
    full_store.subscriptions.save(row, NINE)
    assert full_store.deliveries.find_next_due(frozenset({"discord"})) == NINE
    with _record_statements(full_store) as said:
        full_store.deliveries.claim_due(NINE - timedelta(days=1), SLACK, IDEMPOTENT_PLATFORMS, _plan_daily)
    assert not any("discord" in str(values) for _, values in said)
