"""What a look costs follows what is due: no step reads a table whole, however much is remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, event, insert, text

from bot.store.community import Community
from bot.store.store import Store
from bot.store.tables import TIP_ADMINS, TIP_DELIVERIES, TIP_SUBSCRIPTIONS, TIP_WORDS
from bot.store.tips import Done, Had, Pick, Subscription
from tests.databases import Server
from tests.store.conftest import RING

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SLACK, REPEATS = frozenset({"slack"}), frozenset({"discord"})
MANY, DUE = 4_000, 5
_DONE = {"state": "sent", "claim": "", "due_at": None, "begun_at": None, "reason": "", "message": "1"}
_KEPT = {"direct": False, "owner": "U", "days": "daily", "at": "09:00", "zone": "UTC", "tags": ""}
_SAID = {"kind": "paused", "mark": "m", "turn": 0, "direct": False, "person": "U", "why": "gone", "number": 0}


def _daily(subscription: Subscription, had: Had, slot: datetime) -> Pick:
    return Pick(f"tip {len(had.used)}", subscription.round, slot + timedelta(days=1))


def _place(number: int) -> dict[str, Any]:
    return {"platform": "slack", "workspace": f"T{number % 9}", "channel": f"C{number}"}


def _rows(number: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    """What is remembered of one channel: a third of them is paused, each had two tips and an admin."""
    place = _place(number)
    later = None if number % 3 == 0 else NINE + timedelta(minutes=number)
    due = {"since": NINE.date(), "next_due_at": NINE if number < DUE else later, "paused": "", "until": None}
    yield TIP_SUBSCRIPTIONS, {**place, **_KEPT, **due, "round": 3}
    for days in (1, 2):
        slot = {"slot": NINE - timedelta(days=days), "tip": "t", "round": 3, "at": NINE}
        yield TIP_DELIVERIES, {**place, **_DONE, **slot}
    yield TIP_WORDS, {**place, **_DONE, **_SAID, "slot": NINE, "since": NINE, "at": NINE}
    yield TIP_ADMINS, {**place, "person": f"U{number}", "at": NINE}


@pytest.fixture
def full(store: Store) -> Store:
    """A store with much that is not due."""
    rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for number in range(MANY):
        for table, row in _rows(number):
            rows[table].append({name: value for name, value in row.items() if name in table.c})
    with store._database.write() as connection:
        for table, these in rows.items():
            connection.execute(insert(table), these)
        connection.execute(text("ANALYZE"))
    return store


@contextmanager
def _heard(store: Store) -> Iterator[list[tuple[str, Any]]]:
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


def _plan(store: Store, statement: str, values: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if store._database.is_sqlite else "EXPLAIN "
    with store._database.write() as connection:
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values))


def _reads_whole(plan: str) -> list[str]:
    """The lines of a plan that read a whole table, or an index from end to end."""
    return [line for line in plan.splitlines() if "SCAN tip_" in line or "Seq Scan on tip_" in line]


def test_no_step_of_a_tick_reads_a_table_whole(full: Store) -> None:
    with _heard(full) as said:
        claimed, _ = full.deliveries.claim(NINE, SLACK, REPEATS, _daily)
        assert len(claimed) == DUE
        claims = [one.claim for one in claimed]
        assert len(full.deliveries.begin(claims, NINE)) == DUE
        sent, doubt, rests, *others = claims
        done = [
            Done(sent, "sent", "1"),
            Done(doubt, "unknown", reason="lost"),
            Done(rests, "paused", reason="gone"),
        ]
        full.deliveries.settle(
            [*done, *(Done(one, "skipped", reason="ours") for one in others)], NINE, REPEATS
        )
        _, words = full.deliveries.claim(NINE, SLACK, REPEATS, _daily)
        assert len(words) == 2
        full.words.begin([one.claim for one in words], NINE)
        full.words.settle([Done(one.claim, "paused", reason="closed") for one in words], NINE, REPEATS)
        full.deliveries.next_due(SLACK)
    read = [one for one in said if one[0].lstrip().startswith(("SELECT", "UPDATE", "WITH"))]
    assert len(read) > 15
    whole = [line for statement, values in read for line in _reads_whole(_plan(full, statement, values))]
    assert not whole


def test_a_claim_is_a_few_statements_however_many_it_brings(full: Store) -> None:
    def statements(due: int, now: datetime) -> int:
        where = TIP_SUBSCRIPTIONS.c.channel.in_([f"C{number}" for number in range(due)])
        with full._database.write() as connection:
            connection.execute(TIP_SUBSCRIPTIONS.update().where(where).values(next_due_at=now))
        with _heard(full) as said:
            claimed, _ = full.deliveries.claim(now, SLACK, REPEATS, _daily)
            assert len(claimed) == due
            assert len(full.deliveries.begin([one.claim for one in claimed], now)) == due
            full.deliveries.settle([Done(one.claim, "sent", "1") for one in claimed], now, REPEATS)
        return len([one for one in said if not one[0].startswith("BEGIN")])

    assert statements(DUE, NINE) == statements(40, NINE + timedelta(seconds=1)) <= 8


def test_postgresql_plans_for_the_values_at_hand(postgresql: Server, tmp_path: Path) -> None:
    """A driver prepares what runs often; with one plan for any values a claim took half a second."""
    store = Store.open(tmp_path, postgresql.new_database(), RING)
    with closing(store), store._database.read() as connection:
        assert connection.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"


def test_what_waits_on_another_platform_is_not_read(full: Store) -> None:
    there = Community("discord", "9")
    row = Subscription(there, "1", False, "U", "daily", "09:00", "UTC", date(2026, 1, 1), next_due_at=NINE)
    full.subscriptions.put(row, NINE)
    assert full.deliveries.next_due(frozenset({"discord"})) == NINE
    with _heard(full) as said:
        full.deliveries.claim(NINE - timedelta(days=1), SLACK, REPEATS, _daily)
    assert not any("discord" in str(values) for _, values in said)
