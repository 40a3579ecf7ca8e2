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

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.tenant import Tenant
from bot.store.key_ring import build_key_ring
from bot.store.pseudonyms import PERIOD, period_index
from bot.store.store import Store
from bot.store.unanswered_terms import MIN_PEOPLE

TENANT = Tenant("slack", "T1")
OTHER_TENANT = Tenant("discord", "9")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STEMS = ("visa", "sponsor", "berlin", "salari", "harassment")


@dataclass(frozen=True)
class RecordMiss:
    """Somebody asked in vain."""

    tenant: Tenant
    user: str
    stems: frozenset[str]


@dataclass(frozen=True)
class ForgetUser:
    """Somebody asked to be forgotten."""

    tenant: Tenant
    user: str


@dataclass(frozen=True)
class PassDays:
    """Days pass."""

    days: int


@dataclass(frozen=True)
class RotateKey:
    """The operator puts a new key before the old ones."""


TENANTS = st.sampled_from([TENANT, OTHER_TENANT])
USERS = st.sampled_from([f"U{number}" for number in range(7)])
MISSES = st.builds(RecordMiss, TENANTS, USERS, st.frozensets(st.sampled_from(STEMS), min_size=1, max_size=3))
OTHERS = st.one_of(
    st.builds(ForgetUser, TENANTS, USERS), st.builds(PassDays, st.integers(1, 100)), st.just(RotateKey())
)
HISTORIES = st.lists(st.one_of(MISSES, MISSES, MISSES, MISSES, MISSES, OTHERS), max_size=60)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(history=HISTORIES)
def test_nothing_is_readable_below_five_people(
    history: list[RecordMiss | ForgetUser | PassDays | RotateKey],
) -> None:
    with TemporaryDirectory() as folder:
        secrets, now, brought = ["first"], NOW, defaultdict[tuple[object, ...], set[str]](set)
        store = Store.open(Path(folder), None, build_key_ring(tuple(secrets)))
        for step in history:
            match step:
                case RecordMiss(community, user, stems):
                    store.unanswered_terms.record_unanswered(community, user, stems, now)
                    for text in [(stem,) for stem in stems] + list(combinations(sorted(stems), 2)):
                        brought[community, period_index(now), text].add(user)
                case ForgetUser(community, user):
                    store.personal_data.erase_user(community, user)
                    for (where, *_), people in brought.items():
                        if where == community:
                            people.discard(user)
                case PassDays(days):
                    now += timedelta(days=days)
                case RotateKey():
                    secrets.insert(0, f"secret {len(secrets)}")
                    store.close()
                    store = Store.open(Path(folder), None, build_key_ring(tuple(secrets)))
            _check_anonymity(store, Path(folder), brought, is_key_rotated=len(secrets) > 1)
        store.close()


def _check_anonymity(
    store: Store, folder: Path, people_by_stems: dict[tuple[object, ...], set[str]], *, is_key_rotated: bool
) -> None:
    ripe = {key for key, people in people_by_stems.items() if len(people) >= MIN_PEOPLE}
    readable = {
        (term.tenant, term.period, term.stems): term.person_count
        for term in store.unanswered_terms.list_readable_terms()
    }
    assert set(readable) <= ripe
    for key, people in readable.items():
        assert MIN_PEOPLE <= people <= len(people_by_stems[key])
    if (
        not is_key_rotated and readable
    ):  # with one key all along nothing that is ripe is missing, but for old windows
        newest = max(window for _, window, _ in readable)
        assert {key for key in ripe if key[1] == newest} == {key for key in readable if key[1] == newest}
    allowed = {stem for *_, stems in ripe for stem in stems}  # type: ignore[attr-defined]
    dump = _dump_database(folder)
    for word in STEMS:
        assert (word in dump) <= (word in allowed), f"{word!r} can be read"
    assert not any(f"U{number}'" in dump for number in range(7)), "a person can be read"


def _dump_database(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "career-bot.db")) as connection:
        return "\n".join(connection.iterdump())


def test_the_fifth_person_makes_a_stem_readable_and_the_same_person_never_counts_twice(store: Store) -> None:
    for _ in range(10):
        store.unanswered_terms.record_unanswered(TENANT, "U0", {"visa", "sponsor"}, NOW)
    for number in range(1, MIN_PEOPLE):
        assert store.unanswered_terms.list_readable_terms() == ()
        store.unanswered_terms.record_unanswered(TENANT, f"U{number}", {"visa", f"own{number}"}, NOW)
    (term,) = store.unanswered_terms.list_readable_terms(TENANT)
    assert (term.stems, term.person_count) == (("visa",), MIN_PEOPLE)
    assert store.unanswered_terms.list_readable_terms(OTHER_TENANT) == ()


def test_stem_pair_is_readable_when_five_people_used_both(store: Store) -> None:
    for number in range(MIN_PEOPLE):
        store.unanswered_terms.record_unanswered(TENANT, f"U{number}", {"visa", "sponsor"}, NOW)
    assert {term.stems for term in store.unanswered_terms.list_readable_terms()} == {
        ("visa",),
        ("sponsor",),
        ("sponsor", "visa"),
    }


def test_new_period_counts_from_zero_and_expires_after_a_year(store: Store) -> None:
    for number in range(MIN_PEOPLE):
        store.unanswered_terms.record_unanswered(TENANT, f"U{number}", {"visa"}, NOW + number // 3 * PERIOD)
    assert store.unanswered_terms.list_readable_terms() == ()
    for number in range(MIN_PEOPLE):
        store.unanswered_terms.record_unanswered(TENANT, f"U{number}", {"visa"}, NOW + PERIOD)
    assert len(store.unanswered_terms.list_readable_terms()) == 1
    store.unanswered_terms.record_unanswered(TENANT, "U0", {"visa"}, NOW + 6 * PERIOD)
    assert store.unanswered_terms.list_readable_terms() == ()


def test_deleting_a_person_removes_the_readable_text(store: Store) -> None:
    for number in range(MIN_PEOPLE):
        store.unanswered_terms.record_unanswered(TENANT, f"U{number}", {"visa"}, NOW)
    store.personal_data.erase_user(TENANT, "U3")
    assert store.unanswered_terms.list_readable_terms() == ()
