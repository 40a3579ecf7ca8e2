"""Forgetting and showing a person: no table is missed, no other person and no other community is touched."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.store.community import Community
from bot.store.database import Database, address
from bot.store.keys import ring_of
from bot.store.store import Store
from bot.store.tables import METADATA, VOTES
from bot.store.tips import Few, Had, Matter, Pick, Subscription
from bot.store.votes import Tally
from tests.store.conftest import RING

HERE = Community("slack", "T1")
THERE = Community("slack", "T2")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANN, BEN = "U-ANN", "U-BEN"


def _vote(store: Store, community: Community, user: str) -> None:
    store.votes.vote(community, user, "phd-or-not", helpful=True, now=NOW)


def _miss(store: Store, community: Community, user: str) -> None:
    store.gaps.missed(community, user, {"visa"}, NOW)


def _subscribe(store: Store, community: Community, user: str) -> None:
    store.subscriptions.put(
        Subscription(community, user, True, user, "daily", "09:00", "UTC", NOW.date(), next_due_at=NOW), NOW
    )


def _deliver(store: Store, community: Community, user: str) -> None:
    store.deliveries.skip(community, user, NOW, NOW)


def _administer(store: Store, community: Community, user: str) -> None:
    channel = Subscription(community, f"C-{user}", False, user, "daily", "09:00", "UTC", NOW.date())
    store.subscriptions.put(channel, NOW)
    store.subscriptions.remove(community, channel.channel)


def _tell(store: Store, community: Community, user: str) -> None:
    matter = Matter("unknown", "a mark", NOW)
    with store._database.write() as connection:
        store.words.tell(connection, community, user, matter, NOW, direct=True)


# How a row about a person comes to be, for each table that holds one. A new table is a new line.
WRITES: dict[str, Callable[[Store, Community, str], None]] = {
    "votes": _vote,
    "gap_marks": _miss,
    "tip_subscriptions": _subscribe,
    "tip_deliveries": _deliver,
    "tip_admins": _administer,
    "tip_words": _tell,
}


def test_every_table_says_whether_it_holds_a_person_and_is_covered() -> None:
    for table in METADATA.tables.values():
        assert "people" in table.info, f"{table.name} does not say which of its columns hold a person"
        for person in table.info["people"]:
            assert person.column in table.c
            assert table.name in WRITES, f"no test writes a row of {table.name}, so nobody knows it is erased"


@pytest.mark.parametrize("table", WRITES)
def test_forgetting_erases_the_persons_rows_here_and_nobody_elses(store: Store, table: str) -> None:
    for community in (HERE, THERE):
        for user in (ANN, BEN):
            WRITES[table](store, community, user)
    assert list(store.people.rows(HERE, ANN)) == [table]
    assert store.people.forget(HERE, ANN) == len(store.people.rows(HERE, BEN)[table])
    assert store.people.rows(HERE, ANN) == {}
    assert store.people.forget(HERE, ANN) == 0
    for community, user in ((HERE, BEN), (THERE, ANN), (THERE, BEN)):
        assert list(store.people.rows(community, user)) == [table]


def test_rows_come_in_one_order_however_they_came_to_be(store: Store, database_url: str) -> None:
    """Without it a page of an export may repeat a line of the one before, and leave another out."""
    for channel in ("C2", "C3", "C1"):
        store.deliveries.skip(HERE, ANN, NOW.replace(minute=int(channel[1])), NOW)
        store.votes.vote(HERE, ANN, channel, helpful=True, now=NOW)
    store.votes.vote(HERE, ANN, "C2", helpful=False, now=NOW)
    database = Database(address(Path(), database_url))
    with database.write() as connection:
        connection.execute(
            text("ANALYZE")
        )  # as PostgreSQL does in time; then it reads small tables as they lie
    database.close()
    rows = store.people.rows(HERE, ANN)
    assert [row["card"] for row in rows["votes"]] == ["C1", "C2", "C3"]
    assert [row["slot"].minute for row in rows["tip_deliveries"]] == [1, 2, 3]


def test_no_row_of_a_mask_names_the_person(store: Store, database_url: str) -> None:
    for write in WRITES.values():
        write(store, HERE, ANN)
    database = Database(address(Path(), database_url))
    with database.read() as connection:
        for table in METADATA.tables.values():
            masked = [person for person in table.info["people"] if person.masked_with]
            for row in connection.execute(select(table)) if masked else ():
                assert ANN not in str(row)
    database.close()


def test_forgetting_works_on_rows_under_an_older_key(database_url: str) -> None:
    old = Store.open(Path(), database_url, RING)
    _vote(old, HERE, ANN)
    old.close()
    new = Store.open(Path(), database_url, ring_of(("new", "a secret of the tests")))
    assert new.people.forget(HERE, ANN) == 1
    new.close()


def test_an_uninstall_erases_the_workspace_and_no_other(store: Store) -> None:
    for community in (HERE, THERE):
        for write in WRITES.values():
            write(store, community, ANN)
        store.seen(community.platform, community.workspace, "C1-1", NOW)
    for _ in range(2):  # Slack tells of it under two names, in either order
        store.people.forget_community(HERE)
    assert store.people.rows(HERE, ANN) == {}
    assert not store.seen("slack", "T1", "C1-1", NOW)
    assert len(store.people.rows(THERE, ANN)) == len(WRITES)
    assert store.seen("slack", "T2", "C1-1", NOW)


@pytest.mark.parametrize("erase", ["person", "community"])
def test_what_is_claimed_while_somebody_is_erased_is_erased_too(
    store: Store, database_url: str, erase: str
) -> None:
    _subscribe(store, HERE, ANN)
    people, erasing = store.people, list[Future[object]]()

    def chosen(subscription: Subscription, _had: Had, slot: datetime) -> Pick:
        if not erasing:
            forget = (people.forget, HERE, ANN) if erase == "person" else (people.forget_community, HERE)
            erasing.append(pool.submit(*forget))
            _wait_for_a_lock(database_url, erasing[0])
        return Pick("a tip", 0, slot + timedelta(days=1), Few(1, ""))

    with ThreadPoolExecutor(1) as pool:
        assert store.deliveries.claim(NOW, {"slack"}, set(), chosen)[0]
        erasing[0].result()
    assert store.people.rows(HERE, ANN) == {}


def _wait_for_a_lock(database_url: str, erasing: Future[object]) -> None:
    """Until what erases waits for who claims; SQLite lets one write at a time anyway."""
    if database_url.startswith("sqlite"):
        return
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with closing(Database(address(Path(), database_url))) as database:
        while not erasing.done():
            with database.read() as connection:
                if connection.scalar(text(waiting)):
                    return


def test_one_vote_a_person_the_last_one_counts_also_across_keys(database_url: str) -> None:
    for secrets, helpful in ((("old",), True), (("old",), False), (("new", "old"), True)):
        store = Store.open(Path(), database_url, ring_of(secrets))
        store.votes.vote(HERE, ANN, "phd-or-not", helpful=helpful, now=NOW)
        store.close()
    store = Store.open(Path(), database_url, ring_of(("new",)))
    store.votes.vote(HERE, BEN, "phd-or-not", helpful=False, now=NOW)
    assert store.votes.tallies(HERE) == (Tally("phd-or-not", 1, 1),)
    assert store.votes.tallies(THERE) == ()
    store.close()


def test_masks_of_one_person_cannot_be_put_together(store: Store, database_url: str) -> None:
    for card in ("one", "two"):
        store.votes.vote(HERE, ANN, card, helpful=True, now=NOW)
    database = Database(address(Path(), database_url))
    with database.read() as connection:
        voters = set(connection.scalars(select(VOTES.c.voter)))
    database.close()
    assert len(voters) == 2
