"""The ledger of what was asked in vain: nothing can be read that fewer than five people brought."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.community import Community
from bot.store.gaps import PEOPLE
from bot.store.keys import ring_of
from bot.store.masks import WINDOW, window_of
from bot.store.store import Store

HERE = Community("slack", "T1")
THERE = Community("discord", "9")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WORDS = ("visa", "sponsor", "berlin", "salari", "harassment")


@dataclass(frozen=True)
class Miss:
    """Somebody asked in vain."""

    community: Community
    user: str
    stems: frozenset[str]


@dataclass(frozen=True)
class Forget:
    """Somebody asked to be forgotten."""

    community: Community
    user: str


@dataclass(frozen=True)
class Wait:
    """Days pass."""

    days: int


@dataclass(frozen=True)
class NewSecret:
    """The operator puts a new key before the old ones."""


PLACES = st.sampled_from([HERE, THERE])
USERS = st.sampled_from([f"U{number}" for number in range(7)])
MISSES = st.builds(Miss, PLACES, USERS, st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=3))
OTHERS = st.one_of(
    st.builds(Forget, PLACES, USERS), st.builds(Wait, st.integers(1, 100)), st.just(NewSecret())
)
HISTORIES = st.lists(st.one_of(MISSES, MISSES, MISSES, MISSES, MISSES, OTHERS), max_size=60)


@settings(max_examples=60, deadline=None)
@given(history=HISTORIES)
def test_nothing_can_be_read_that_fewer_than_five_people_brought(
    history: list[Miss | Forget | Wait | NewSecret],
) -> None:
    with TemporaryDirectory() as folder:
        secrets, now, brought = ["first"], NOW, defaultdict[tuple[object, ...], set[str]](set)
        store = Store.open(Path(folder), None, ring_of(tuple(secrets)))
        for step in history:
            match step:
                case Miss(community, user, stems):
                    store.gaps.missed(community, user, stems, now)
                    for text in [(stem,) for stem in stems] + list(combinations(sorted(stems), 2)):
                        brought[community, window_of(now), text].add(user)
                case Forget(community, user):
                    store.people.forget(community, user)
                    for (where, *_), people in brought.items():
                        if where == community:
                            people.discard(user)
                case Wait(days):
                    now += timedelta(days=days)
                case NewSecret():
                    secrets.insert(0, f"secret {len(secrets)}")
                    store.close()
                    store = Store.open(Path(folder), None, ring_of(tuple(secrets)))
            _holds(store, Path(folder), brought, rotated=len(secrets) > 1)
        store.close()


def _holds(store: Store, folder: Path, brought: dict[tuple[object, ...], set[str]], *, rotated: bool) -> None:
    ripe = {key for key, people in brought.items() if len(people) >= PEOPLE}
    readable = {(term.community, term.window, term.stems): term.people for term in store.gaps.readable()}
    assert set(readable) <= ripe
    for key, people in readable.items():
        assert PEOPLE <= people <= len(brought[key])
    if (
        not rotated and readable
    ):  # with one key all along nothing that is ripe is missing, but for old windows
        newest = max(window for _, window, _ in readable)
        assert {key for key in ripe if key[1] == newest} == {key for key in readable if key[1] == newest}
    allowed = {stem for *_, stems in ripe for stem in stems}  # type: ignore[attr-defined]
    dump = _all_that_can_be_read(folder)
    for word in WORDS:
        assert (word in dump) <= (word in allowed), f"{word!r} can be read"
    assert not any(f"U{number}'" in dump for number in range(7)), "a person can be read"


def _all_that_can_be_read(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "career-bot.db")) as connection:
        return "\n".join(connection.iterdump())


def test_the_fifth_person_makes_a_stem_readable_and_the_same_person_never_counts_twice(store: Store) -> None:
    for _ in range(10):
        store.gaps.missed(HERE, "U0", {"visa", "sponsor"}, NOW)
    for number in range(1, PEOPLE):
        assert store.gaps.readable() == ()
        store.gaps.missed(HERE, f"U{number}", {"visa", f"own{number}"}, NOW)
    (term,) = store.gaps.readable(HERE)
    assert (term.stems, term.people) == (("visa",), PEOPLE)
    assert store.gaps.readable(THERE) == ()


def test_two_stems_are_told_together_when_five_people_said_both(store: Store) -> None:
    for number in range(PEOPLE):
        store.gaps.missed(HERE, f"U{number}", {"visa", "sponsor"}, NOW)
    assert {term.stems for term in store.gaps.readable()} == {("visa",), ("sponsor",), ("sponsor", "visa")}


def test_a_new_window_counts_anew_and_a_year_later_nothing_is_left(store: Store) -> None:
    for number in range(PEOPLE):
        store.gaps.missed(HERE, f"U{number}", {"visa"}, NOW + number // 3 * WINDOW)
    assert store.gaps.readable() == ()
    for number in range(PEOPLE):
        store.gaps.missed(HERE, f"U{number}", {"visa"}, NOW + WINDOW)
    assert len(store.gaps.readable()) == 1
    store.gaps.missed(HERE, "U0", {"visa"}, NOW + 6 * WINDOW)
    assert store.gaps.readable() == ()


def test_whoever_is_forgotten_takes_the_readable_text_along(store: Store) -> None:
    for number in range(PEOPLE):
        store.gaps.missed(HERE, f"U{number}", {"visa"}, NOW)
    store.people.forget(HERE, "U3")
    assert store.gaps.readable() == ()
