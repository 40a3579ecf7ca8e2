"""Tips of all communities at a glance: a few rows, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.outbox import PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.store.storage import Storage
from bot.store.store import Store

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, database_url: str) -> Iterator[Store]:
    home = Storage(tmp_path, database_url, ("a secret of the tests",))
    yield home.open_store()
    home.close()


def _add_subscription(
    store: Store,
    channel_key: str,
    due_in_hours: int | None = None,
    pause_reason: str = "",
    *,
    is_direct: bool = False,
) -> None:
    platform, workspace, channel = channel_key.split()
    at = None if due_in_hours is None else NOON + timedelta(hours=due_in_hours)
    community, since = Tenant(platform, workspace), date(2026, 11, 1)
    one = Subscription(
        community,
        channel,
        is_direct,
        "UADA",
        Schedule("daily", time(9), "UTC", since),
        next_due_at=at,
        pause_reason=PauseReason(pause_reason) if pause_reason else None,
    )
    store.subscriptions.save(one, NOON)


def _list_channels(page: tuple[object, int]) -> tuple[list[str], int]:
    some, total = page
    return [one.channel for one in some], total  # type: ignore[attr-defined]


def test_next_due_comes_first(store: Store) -> None:
    assert store.operator_report.list_upcoming(3) == ([], 0)
    _add_subscription(store, "slack T1 C1", 3)
    _add_subscription(store, "slack T2 C2", 1)
    _add_subscription(store, "discord 1 77", 2)
    _add_subscription(store, "slack T1 U9", 0, is_direct=True)
    _add_subscription(store, "slack T1 C3", None, "asked")
    assert _list_channels(store.operator_report.list_upcoming(3)) == (["U9", "C2", "77"], 4)
    assert _list_channels(store.operator_report.list_upcoming(3, "slack")) == (["C2", "C1"], 2)
    assert _list_channels(store.operator_report.list_upcoming(1, "slack")) == (["C2"], 2)


def test_paused_by_request_differs_from_paused_by_error(store: Store) -> None:
    _add_subscription(store, "slack T1 C1", 3)
    for number, why in enumerate(("asked", "gone", "forbidden")):
        _add_subscription(store, f"slack T1 C{number + 2}", None, why)
    assert _list_channels(store.operator_report.list_paused(0, by_request=True)) == ([], 1)
    assert _list_channels(store.operator_report.list_paused(5, by_request=False)) == (["C3", "C4"], 2)
