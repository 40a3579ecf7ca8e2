"""Tips of all communities at a glance: a few rows, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.community import Community
from bot.store.home import Home
from bot.store.store import Store
from bot.store.tips import Subscription

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, database_url: str) -> Iterator[Store]:
    home = Home(tmp_path, database_url, ("a secret of the tests",))
    yield home.store
    home.close()


def _put(store: Store, place: str, due: int | None = None, paused: str = "", *, direct: bool = False) -> None:
    platform, workspace, channel = place.split()
    at = None if due is None else NOON + timedelta(hours=due)
    community, since = Community(platform, workspace), date(2026, 11, 1)
    one = Subscription(
        community, channel, direct, "UADA", "daily", "09:00", "UTC", since, next_due_at=at, paused=paused
    )
    store.subscriptions.put(one, NOON)


def _names(found: tuple[object, int]) -> tuple[list[str], int]:
    some, total = found
    return [one.channel for one in some], total  # type: ignore[attr-defined]


def test_what_comes_next_comes_first_whoever_gets_it(store: Store) -> None:
    assert store.overview.coming(3) == ([], 0)
    _put(store, "slack T1 C1", 3)
    _put(store, "slack T2 C2", 1)
    _put(store, "discord 1 77", 2)
    _put(store, "slack T1 U9", 0, direct=True)
    _put(store, "slack T1 C3", None, "asked")
    assert _names(store.overview.coming(3)) == (["U9", "C2", "77"], 4)
    assert _names(store.overview.coming(3, "slack")) == (["C2", "C1"], 2)
    assert _names(store.overview.coming(1, "slack")) == (["C2"], 2)


def test_what_rests_is_told_apart_by_whether_somebody_asked_for_it(store: Store) -> None:
    _put(store, "slack T1 C1", 3)
    for number, why in enumerate(("asked", "gone", "forbidden")):
        _put(store, f"slack T1 C{number + 2}", None, why)
    assert _names(store.overview.resting(0, asked=True)) == ([], 1)
    assert _names(store.overview.resting(5, asked=False)) == (["C3", "C4"], 2)
