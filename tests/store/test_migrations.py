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
from bot.store.community import Community
from bot.store.database import Database, address
from bot.store.store import Store
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS
from bot.store.tips import Done, Had, Pick, Subscription
from tests.store.conftest import RING

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BOTH, REPEATS = frozenset({"slack", "discord"}), frozenset({"discord"})
LEFT = {"claimed": 60, "sending": 60, "failed": 30, "unknown": None, "sent": None, "skipped": None}
"""The states before words were rows, and in how many seconds such a row was looked at again."""
DONE = dict.fromkeys(LEFT, "sent") | {"unknown": "unknown", "skipped": "skipped"}
BECAME = {"discord": DONE, "slack": DONE | {"sending": "unknown"}}


def _write(connection: Connection) -> None:
    """A channel for each state on each platform, with the slot that left it so."""
    for platform in sorted(BOTH):
        for state, seconds in LEFT.items():
            place = {"platform": platform, "workspace": "T1", "channel": state}
            due = None if seconds is None else NINE + timedelta(seconds=seconds)
            row = {**place, "slot": NINE, "tip": "a tip", "round": 0, "state": state, "claim": f"{state}'s"}
            row |= {"due_at": due, "reason": "", "at": NINE}
            connection.execute(insert(TIP_DELIVERIES).values(row))
            row = {**place, "direct": False, "owner": "UADA", "days": "daily", "at": "09:00", "zone": "UTC"}
            row |= {"since": date(2026, 1, 1), "tags": "", "paused": "", "round": 0}
            row |= {"next_due_at": NINE + timedelta(days=1)}
            connection.execute(insert(TIP_SUBSCRIPTIONS).values(row))


def _daily(subscription: Subscription, _had: Had, slot: datetime) -> Pick:
    return Pick("another", subscription.round, slot + timedelta(days=1))


def test_what_was_due_before_words_were_rows_is_sent_once_or_in_doubt(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with closing(Database(address(Path(), database_url))) as database:
        with database.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0003")
            _write(connection)
        with closing(Store.open(Path(), database_url, RING)) as store:
            sent, told = _all_sent(store)
        with database.read() as connection:
            rows: list[Any] = [*connection.execute(select(TIP_DELIVERIES))]
    assert {(row.platform, row.channel): row.state for row in rows} == {
        (platform, state): became for platform, states in BECAME.items() for state, became in states.items()
    }
    assert len(sent) == len(set(sent)) == 5
    assert told == [("slack", "sending", "unknown")]
    with closing(Store.open(Path(), database_url, RING)) as store:
        assert store.deliveries.decide(Community("slack", "T1"), "unknown", NINE, NINE, post=True)


def _all_sent(store: Store) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """What goes out in the next minutes, and what is said of it."""
    sent, told = [], []
    for seconds in range(0, 600, 20):
        now = NINE + timedelta(seconds=seconds)
        claimed, words = store.deliveries.claim(now, BOTH, REPEATS, _daily)
        for rows, claims in ((store.deliveries, claimed), (store.words, words)):
            begun = rows.begin([one.claim for one in claims], now)
            rows.settle([Done(claim, "sent", "1") for claim in begun], now, REPEATS)
        sent += [(one.community.platform, one.channel) for one in claimed]
        told += [(one.community.platform, one.channel, one.matter.kind) for one in words]
    return sent, told
