"""Forgetting and showing a person: no table is missed, no other person and no other community is touched."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.domain.outbox import NotificationKind
from bot.domain.tenant import Tenant
from bot.domain.tips.claims import NotificationSubject
from bot.domain.tips.rotation import PlannedPost, PostHistory
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.store.database import Database, build_database_url
from bot.store.key_ring import build_key_ring
from bot.store.store import Store
from bot.store.tables import METADATA, VOTES
from bot.store.votes import VoteTally
from tests.store.conftest import KEY_RING, FakeTipPool, build_post

TENANT = Tenant("slack", "T1")
OTHER_TENANT = Tenant("slack", "T2")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANN, BEN = "U-ANN", "U-BEN"


def _record_vote(store: Store, tenant: Tenant, user: str) -> None:
    store.votes.record_vote(tenant, user, "phd-or-not", helpful=True, now=NOW)


def _record_miss(store: Store, tenant: Tenant, user: str) -> None:
    store.unanswered_terms.record_unanswered(tenant, user, {"visa"}, NOW)


def _add_subscription(store: Store, tenant: Tenant, user: str) -> None:
    store.subscriptions.save(
        Subscription(
            tenant, user, True, user, Schedule("daily", time(9), "UTC", NOW.date()), next_due_at=NOW
        ),
        NOW,
    )


def _add_delivery(store: Store, tenant: Tenant, user: str) -> None:
    store.deliveries.skip_slot(tenant, user, NOW, NOW)


def _add_tip_admin(store: Store, tenant: Tenant, user: str) -> None:
    channel = Subscription(tenant, f"C-{user}", False, user, Schedule("daily", time(9), "UTC", NOW.date()))
    store.subscriptions.save(channel, NOW)
    store.subscriptions.remove(tenant, channel.channel)


def _add_notification(store: Store, tenant: Tenant, user: str) -> None:
    matter = NotificationSubject(NotificationKind.UNKNOWN, "a mark", NOW)
    with store._database.write() as connection:
        store.notifications.enqueue(connection, tenant, user, matter, NOW, is_direct=True)


# How a row about a person comes to be, for each table that holds one. A new table is a new line.
WRITERS_BY_TABLE: dict[str, Callable[[Store, Tenant, str], None]] = {
    "votes": _record_vote,
    "unanswered_hits": _record_miss,
    "tip_subscriptions": _add_subscription,
    "tip_deliveries": _add_delivery,
    "tip_admins": _add_tip_admin,
    "tip_notifications": _add_notification,
}


def test_every_table_says_whether_it_holds_a_person_and_is_covered() -> None:
    for table in METADATA.tables.values():
        assert "people" in table.info, f"{table.name} does not say which of its columns hold a person"
        for person in table.info["people"]:
            assert person.column in table.c
            assert table.name in WRITERS_BY_TABLE, (
                f"no test writes a row of {table.name}, so nobody knows it is erased"
            )


@pytest.mark.parametrize("table", WRITERS_BY_TABLE)
def test_forgetting_erases_the_persons_rows_here_and_nobody_elses(store: Store, table: str) -> None:
    for community in (TENANT, OTHER_TENANT):
        for user in (ANN, BEN):
            WRITERS_BY_TABLE[table](store, community, user)
    assert list(store.personal_data.load_rows(TENANT, ANN)) == [table]
    assert store.personal_data.erase_user(TENANT, ANN) == len(
        store.personal_data.load_rows(TENANT, BEN)[table]
    )
    assert store.personal_data.load_rows(TENANT, ANN) == {}
    assert store.personal_data.erase_user(TENANT, ANN) == 0
    for community, user in ((TENANT, BEN), (OTHER_TENANT, ANN), (OTHER_TENANT, BEN)):
        assert list(store.personal_data.load_rows(community, user)) == [table]


def test_rows_come_in_one_order_however_they_came_to_be(store: Store, database_url: str) -> None:
    """Without it a page of an export may repeat a line of the one before, and leave another out."""
    for channel in ("C2", "C3", "C1"):
        store.deliveries.skip_slot(TENANT, ANN, NOW.replace(minute=int(channel[1])), NOW)
        store.votes.record_vote(TENANT, ANN, channel, helpful=True, now=NOW)
    store.votes.record_vote(TENANT, ANN, "C2", helpful=False, now=NOW)
    database = Database(build_database_url(Path(), database_url))
    with database.write() as connection:
        connection.execute(
            text("ANALYZE")
        )  # as PostgreSQL does in time; then it reads small tables as they lie
    database.close()
    rows = store.personal_data.load_rows(TENANT, ANN)
    assert [row["card"] for row in rows["votes"]] == ["C1", "C2", "C3"]
    assert [row["scheduled_at"].minute for row in rows["tip_deliveries"]] == [1, 2, 3]


def test_pseudonymous_rows_do_not_contain_the_user_id(store: Store, database_url: str) -> None:
    for write in WRITERS_BY_TABLE.values():
        write(store, TENANT, ANN)
    database = Database(build_database_url(Path(), database_url))
    with database.read() as connection:
        for table in METADATA.tables.values():
            masked = [person for person in table.info["people"] if person.pseudonymized_with]
            for row in connection.execute(select(table)) if masked else ():
                assert ANN not in str(row)
    database.close()


def test_forgetting_works_on_rows_under_an_older_key(database_url: str) -> None:
    old = Store.open(Path(), database_url, KEY_RING)
    _record_vote(old, TENANT, ANN)
    old.close()
    new = Store.open(Path(), database_url, build_key_ring(("new", "a secret of the tests")))
    assert new.personal_data.erase_user(TENANT, ANN) == 1
    new.close()


def test_an_uninstall_erases_the_workspace_and_no_other(store: Store) -> None:
    for community in (TENANT, OTHER_TENANT):
        for write in WRITERS_BY_TABLE.values():
            write(store, community, ANN)
        store.check_and_mark_processed(community.platform, community.workspace, "C1-1", NOW)
    for _ in range(2):  # Slack tells of it under two names, in either order
        store.personal_data.erase_tenant(TENANT)
    assert store.personal_data.load_rows(TENANT, ANN) == {}
    assert not store.check_and_mark_processed("slack", "T1", "C1-1", NOW)
    assert len(store.personal_data.load_rows(OTHER_TENANT, ANN)) == len(WRITERS_BY_TABLE)
    assert store.check_and_mark_processed("slack", "T2", "C1-1", NOW)


@pytest.mark.parametrize("erase", ["person", "community"])
def test_what_is_claimed_while_somebody_is_erased_is_erased_too(
    store: Store, database_url: str, erase: str
) -> None:
    _add_subscription(store, TENANT, ANN)
    people, erasing = store.personal_data, list[Future[object]]()

    @FakeTipPool
    def chosen(_subscription: Subscription, _history: PostHistory, slot: datetime) -> PlannedPost:
        if not erasing:
            forget = (people.erase_user, TENANT, ANN) if erase == "person" else (people.erase_tenant, TENANT)
            erasing.append(pool.submit(*forget))
            _wait_until_blocked(database_url, erasing[0])
        return build_post(slot, "a tip", slot + timedelta(days=1), remaining=1)

    with ThreadPoolExecutor(1) as pool:
        assert store.deliveries.claim_due(NOW, {"slack"}, set(), chosen)[0]
        erasing[0].result()
    assert store.personal_data.load_rows(TENANT, ANN) == {}


def _wait_until_blocked(database_url: str, erasure: Future[object]) -> None:
    """Until what erases waits for who claims; SQLite lets one write at a time anyway."""
    if database_url.startswith("sqlite"):
        return
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with closing(Database(build_database_url(Path(), database_url))) as database:
        while not erasure.done():
            with database.read() as connection:
                if connection.scalar(text(waiting)):
                    return


def test_one_vote_a_person_the_last_one_counts_also_across_keys(database_url: str) -> None:
    for secrets, helpful in ((("old",), True), (("old",), False), (("new", "old"), True)):
        store = Store.open(Path(), database_url, build_key_ring(secrets))
        store.votes.record_vote(TENANT, ANN, "phd-or-not", helpful=helpful, now=NOW)
        store.close()
    store = Store.open(Path(), database_url, build_key_ring(("new",)))
    store.votes.record_vote(TENANT, BEN, "phd-or-not", helpful=False, now=NOW)
    assert store.votes.count_votes(TENANT) == (VoteTally("phd-or-not", 1, 1),)
    assert store.votes.count_votes(OTHER_TENANT) == ()
    store.close()


def test_pseudonyms_of_one_person_are_unlinkable(store: Store, database_url: str) -> None:
    for card in ("one", "two"):
        store.votes.record_vote(TENANT, ANN, card, helpful=True, now=NOW)
    database = Database(build_database_url(Path(), database_url))
    with database.read() as connection:
        voters = set(connection.scalars(select(VOTES.c.voter_hash)))
    database.close()
    assert len(voters) == 2
