"""Tables that an earlier version filled, opened by this one: nothing is lost, and nothing is posted twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Date, DateTime, MetaData, insert, inspect, select

from bot.domain.outbox import DeliveryState, NotificationKind, PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.rotation import PlannedPost, PostHistory
from bot.domain.tips.subscription import Subscription
from bot.store import migrate
from bot.store.database import Database, build_database_url
from bot.store.store import Store
from bot.store.tables import METADATA, TIP_DELIVERIES, TIP_NOTIFICATIONS
from tests.store.conftest import KEY_RING, FakeTipPool, build_post, build_result

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PLATFORMS, IDEMPOTENT_PLATFORMS = frozenset({"slack", "discord"}), frozenset({"discord"})
OLD_ROWS = Path(__file__).parent / "old_rows" / "rows_0004.json"
"""Every table as the last version with the old names wrote it, each state of each outbox on each platform."""
OLD_NAMES = {
    "seen_messages": "processed_messages",
    "gap_marks": "unanswered_hits",
    "gap_texts": "unanswered_terms",
    "tip_words": "tip_notifications",
}
SECONDS_BY_STATE = {
    "claimed": 60,
    "sending": 60,
    "failed": 30,
    "unknown": None,
    "sent": None,
    "skipped": None,
}
"""The states before notifications were rows, and in how many seconds such a row was looked at again."""
SETTLED_STATES = dict.fromkeys(SECONDS_BY_STATE, "sent") | {"unknown": "unknown", "skipped": "skipped"}
EXPECTED_STATES = {"discord": SETTLED_STATES, "slack": SETTLED_STATES | {"sending": "unknown"}}


def _insert_rows(connection: Connection, rows_by_table: dict[str, Sequence[dict[str, Any]]]) -> None:
    """Insert rows into the tables as an old revision has them."""
    metadata = MetaData()
    metadata.reflect(connection)
    for name, rows in rows_by_table.items():
        table = metadata.tables[name]
        for row in rows:
            connection.execute(
                insert(table).values({key: _decode(value, table.c[key].type) for key, value in row.items()})
            )


def _decode(value: Any, column_type: Any) -> Any:
    if isinstance(column_type, DateTime) and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        return moment if column_type.timezone else moment.replace(tzinfo=None)
    if isinstance(column_type, Date) and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _build_oldest_rows() -> dict[str, Sequence[dict[str, Any]]]:
    """A channel for each state on each platform, with the slot that left it so."""
    subscriptions, deliveries = [], []
    for platform in sorted(PLATFORMS):
        for state, seconds in SECONDS_BY_STATE.items():
            place = {"platform": platform, "workspace": "T1", "channel": state}
            due = None if seconds is None else NINE + timedelta(seconds=seconds)
            row = {**place, "slot": NINE, "tip": "a tip", "round": 0, "state": state, "claim": f"{state}'s"}
            deliveries.append({**row, "due_at": due, "reason": "", "at": NINE})
            row = {**place, "direct": False, "owner": "UADA", "days": "daily", "at": "09:00", "zone": "UTC"}
            row |= {"since": date(2026, 1, 1), "tags": "", "paused": "", "round": 0}
            subscriptions.append({**row, "next_due_at": NINE + timedelta(days=1)})
    return {"tip_subscriptions": subscriptions, "tip_deliveries": deliveries}


@FakeTipPool
def _plan_daily(subscription: Subscription, _history: PostHistory, scheduled_at: datetime) -> PlannedPost:
    return build_post(scheduled_at, "another", scheduled_at + timedelta(days=1), subscription.cycle)


@contextmanager
def _open_after(
    database_url: str, revision: str, rows_by_table: dict[str, Sequence[dict[str, Any]]]
) -> Iterator[tuple[Store, Database]]:
    """A database that a revision filled, opened by this version."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with closing(Database(build_database_url(Path(), database_url))) as database:
        with database.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            _insert_rows(connection, rows_by_table)
        with closing(Store.open(Path(), database_url, KEY_RING)) as store:
            yield store, database


def test_deliveries_from_before_notifications_are_sent_once_or_uncertain(database_url: str) -> None:
    with _open_after(database_url, "0003", _build_oldest_rows()) as (store, database):
        sent, told = _send_all(store)
        with database.read() as connection:
            rows: list[Any] = [*connection.execute(select(TIP_DELIVERIES))]
    assert {(row.platform, row.channel): row.state for row in rows} == {
        (platform, state): became
        for platform, states in EXPECTED_STATES.items()
        for state, became in states.items()
    }
    assert len(sent) == len(set(sent)) == 5
    assert told == [("slack", "sending", NotificationKind.UNKNOWN)]
    with closing(Store.open(Path(), database_url, KEY_RING)) as store:
        assert store.deliveries.resolve_uncertain(
            Tenant("slack", "T1"), "unknown", NINE, NINE, should_resend=True
        )


def test_every_row_under_the_old_names_is_kept(database_url: str) -> None:
    old = json.loads(OLD_ROWS.read_text())
    with _open_after(database_url, "0004", old) as (_, database), database.read() as connection:
        kept = {table.name: connection.execute(select(table)).all() for table in METADATA.tables.values()}
    assert {name: len(rows) for name, rows in kept.items()} == {
        OLD_NAMES.get(name, name): len(rows) for name, rows in old.items()
    }
    before = {(row["platform"], row["channel"]): row for row in old["tip_subscriptions"]}
    for row in kept["tip_subscriptions"]:
        was = before[row.platform, row.channel]
        assert row.subscription_id == "default"
        assert (row.local_time, row.zone, row.days, row.tags) == tuple(
            was[name] for name in ("at", "zone", "days", "tags")
        )
        assert (row.is_direct, row.pause_reason, row.cycle) == (was["direct"], was["paused"], was["round"])
        assert str(row.anchor_date) == was["since"]
        assert (row.next_due_at and row.next_due_at.isoformat()) == was["next_due_at"]
        assert (row.paused_until and row.paused_until.isoformat()) == was["until"]
    for row in (*kept["tip_deliveries"], *kept["tip_notifications"]):
        assert row.attempts == 0


def test_old_states_go_on_where_they_were_and_nothing_is_posted_twice(database_url: str) -> None:
    old = json.loads(OLD_ROWS.read_text())
    with _open_after(database_url, "0004", old) as (store, database):
        sent, told = _send_all(store, NINE + timedelta(minutes=8))
        with database.read() as connection:
            states = {
                (row.platform, row.channel): row.state
                for row in connection.execute(
                    select(TIP_DELIVERIES).where(TIP_DELIVERIES.c.scheduled_at == NINE)
                )
            }
            open_rows = connection.execute(
                select(TIP_NOTIFICATIONS).where(TIP_NOTIFICATIONS.c.due_at.is_not(None))
            ).all()
        paused = store.subscriptions.find(Tenant("slack", "T1"), "C-paused")
    waiting = ("C-asked-again", "C-claimed", "C-failed")
    assert sorted(sent) == sorted((platform, channel) for platform in PLATFORMS for channel in waiting)
    for platform in PLATFORMS:
        for row in old["tip_deliveries"]:
            if row["platform"] == platform and datetime.fromisoformat(row["slot"]) == NINE:
                expected = {"C-sending": "unknown"} | dict.fromkeys(waiting, "sent")
                became = states[platform, row["channel"]]
                assert became == expected.get(row["channel"], row["state"]), (platform, row["channel"])
    assert sorted(told) == [
        ("discord", "C-few", NotificationKind.LOW_POOL),
        ("discord", "C-refused", NotificationKind.PAUSED),
        ("discord", "C-sending", NotificationKind.UNKNOWN),
        ("discord", "C-unknown", NotificationKind.UNKNOWN),
        ("slack", "C-few", NotificationKind.LOW_POOL),
        ("slack", "C-refused", NotificationKind.PAUSED),
        ("slack", "C-sending", NotificationKind.UNKNOWN),
    ]
    assert open_rows == []
    assert paused is not None
    assert (paused.pause_reason, paused.next_due_at) == (PauseReason.GONE, None)


def test_people_are_found_in_rows_under_the_old_names(database_url: str) -> None:
    """Pseudonyms hash the name that a table had when they were made."""
    old = json.loads(OLD_ROWS.read_text())
    with _open_after(database_url, "0004", old) as (store, _):
        rows = store.personal_data.load_rows(Tenant("slack", "T1"), "U0")
        assert {name: len(found) for name, found in rows.items()} == {"votes": 1, "unanswered_hits": 3}
        assert store.unanswered_terms.list_readable_terms(Tenant("slack", "T1"))


def test_migrated_tables_are_those_of_the_code(database_url: str) -> None:
    with (
        _open_after(database_url, "0004", json.loads(OLD_ROWS.read_text())) as (_, database),
        database.read() as connection,
    ):
        inspector = inspect(connection)
        for table in METADATA.tables.values():
            columns = {column["name"] for column in inspector.get_columns(table.name)}
            assert columns == {column.name for column in table.c}, table.name
            key = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert sorted(key) == sorted(column.name for column in table.primary_key), table.name
            indexes = {index["name"] for index in inspector.get_indexes(table.name)}
            assert indexes == {index.name for index in table.indexes}, table.name


def _send_all(
    store: Store, start: datetime = NINE
) -> tuple[list[tuple[str, str]], list[tuple[str, str, NotificationKind]]]:
    """What is posted in the next minutes, and what people are notified of."""
    sent, told = [], []
    for seconds in range(0, 600, 20):
        now = start + timedelta(seconds=seconds)
        claimed, notifications = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)
        for outbox, tokens in (
            (store.deliveries, [tip.claim_token for tip in claimed]),
            (store.notifications, [notification.claim_token for notification in notifications]),
        ):
            begun = outbox.mark_sending(tokens, now)
            results = [build_result(token, DeliveryState.SENT, "1") for token in begun]
            outbox.record_results(results, now, IDEMPOTENT_PLATFORMS)
        sent += [(tip.tenant.platform, tip.channel) for tip in claimed]
        told += [(one.tenant.platform, one.channel, one.subject.kind) for one in notifications]
    return sent, told
