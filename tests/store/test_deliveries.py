"""The state machine of due tips: whatever crashes, each slot is sent once or listed as in doubt."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Row, select

from bot.store.community import Community
from bot.store.course import LATE
from bot.store.database import Database, address
from bot.store.outbox import LEASE
from bot.store.store import Store
from bot.store.tables import TIP_DELIVERIES
from bot.store.tips import Claimed, Done, Had, Pick, Subscription, Word
from tests.store.conftest import RING

BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SLACK, DISCORD = Community("slack", "T1"), Community("discord", "9")
PLATFORMS, REPEATS = frozenset({"slack", "discord"}), frozenset({"discord"})
HOUR = timedelta(hours=1)


def _every_hour(subscription: Subscription, had: Had, slot: datetime) -> Pick:
    """A tip an hour, so that a history of minutes holds many slots."""
    return Pick(f"tip {len(had.used)}", subscription.round, slot + HOUR)


def _subscription(community: Community, channel: str, due: datetime) -> Subscription:
    return Subscription(
        community, channel, False, "UADA", "daily", "09:00", "UTC", date(2026, 1, 1), next_due_at=due
    )


@dataclass
class Sender:
    """One process: what it claimed, and whether it began to send it."""

    claimed: list[Claimed]
    sending: list[Claimed]


class Tips(RuleBasedStateMachine):
    """Two processes on one database, a platform that counts, crashes at every step and jumps of the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.store = Store.open(self.folder, None, RING)
        self.now = BEGIN
        self.posted: Counter[tuple[str, str, datetime]] = Counter()
        self.senders = [Sender([], []), Sender([], [])]
        self.told: Counter[tuple[str, str, str, datetime]] = Counter()
        self.first: set[str] = set()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(community=st.sampled_from([SLACK, DISCORD]), channel=st.sampled_from(["C1", "C2"]))
    def subscribe(self, community: Community, channel: str) -> None:
        due = self.now + timedelta(minutes=1)
        self.store.subscriptions.put(_subscription(community, channel, due), self.now)

    @rule(community=st.sampled_from([SLACK, DISCORD]), channel=st.sampled_from(["C1", "C2"]))
    def unsubscribe(self, community: Community, channel: str) -> None:
        self.store.subscriptions.remove(community, channel)

    @rule(community=st.sampled_from([SLACK, DISCORD]), channel=st.sampled_from(["C1", "C2"]))
    def pause(self, community: Community, channel: str) -> None:
        self.store.subscriptions.set_due(community, channel, None, paused="asked", until=None)

    @rule(minutes=st.sampled_from([1, 2, 10, 59, 61, 200, 1500]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=st.integers(0, 1))
    def tick(self, who: int) -> None:
        claimed, words = self.store.deliveries.claim(self.now, PLATFORMS, REPEATS, _every_hour)
        self.senders[who].claimed += claimed
        for word in words:
            assert self.store.words.begin([word.claim], self.now)
            self.told[word.community.platform, word.channel, word.matter.kind, word.matter.slot] += 1

    @precondition(lambda self: any(sender.claimed for sender in self.senders))
    @rule(who=st.integers(0, 1), lost=st.booleans())
    def send(self, who: int, lost: bool) -> None:
        sender = self.senders[who]
        if not sender.claimed:
            return
        claimed = sender.claimed.pop(0)
        if not self.store.deliveries.begin([claimed.claim], self.now):
            return
        key = (claimed.community.platform, claimed.channel, claimed.slot)
        if not self.posted[key]:
            self.first.add(claimed.claim)
        if claimed.community.platform in REPEATS:
            self.posted[key] = 1  # the platform knows the key and takes it once
        else:
            self.posted[key] += 1
        if not lost:
            sender.sending.append(claimed)

    @rule(who=st.integers(0, 1), how=st.sampled_from(["sent", "unknown", "failed", "paused"]))
    def settle(self, who: int, how: str) -> None:
        sender = self.senders[who]
        if not sender.sending:
            return
        claimed = sender.sending.pop(0)
        key = (claimed.community.platform, claimed.channel, claimed.slot)
        match how:
            case "sent":
                self._settle(Done(claimed.claim, "sent", "m"))
            case "unknown":
                self._settle(Done(claimed.claim, "unknown", reason="lost"))
            case "failed" if self._still_ours(claimed):
                self.posted[key] -= claimed.claim in self.first  # the platform surely did not take it
                again = self.now + timedelta(seconds=30)
                self._settle(Done(claimed.claim, "failed", reason="busy", again=again))
            case "paused" if self._still_ours(claimed):
                self.posted[key] -= claimed.claim in self.first
                self._settle(Done(claimed.claim, "paused", reason="gone"))
            case _:
                self._settle(Done(claimed.claim, "sent", "m"))

    @rule(who=st.integers(0, 1))
    def crash(self, who: int) -> None:
        self.senders[who] = Sender([], [])
        self.store.close()
        self.store = Store.open(self.folder, None, RING)

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        assert all(times <= 1 for times in self.posted.values()), self.posted

    @invariant()
    def what_is_sent_stands_there_and_what_stands_there_is_no_secret(self) -> None:
        states = {(row.platform, row.channel, row.slot): row.state for row in self._rows()}
        for key, state in states.items():
            assert state != "sent" or self.posted[key] == 1, (key, state)
        for key, times in self.posted.items():
            assert not times or states[key] in ("sent", "sending", "unknown", "claimed"), (key, states[key])

    @invariant()
    def one_is_told_once(self) -> None:
        assert all(times <= 1 for times in self.told.values())

    def _settle(self, done: Done) -> None:
        self.store.deliveries.settle([done], self.now, REPEATS)

    def _still_ours(self, claimed: Claimed) -> bool:
        mine = [row for row in self._rows() if row.claim == claimed.claim]
        return bool(mine) and mine[0].state == "sending"

    def _rows(self) -> Sequence[Row[Any]]:
        database = Database(address(self.folder, None))
        with closing(database), database.read() as connection:
            return connection.execute(select(TIP_DELIVERIES)).all()


TestTips = Tips.TestCase
TestTips.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)


def _claim(store: Store, now: datetime) -> list[Claimed]:
    return store.deliveries.claim(now, PLATFORMS, REPEATS, _every_hour)[0]


def _words(store: Store, now: datetime) -> list[Word]:
    return store.deliveries.claim(now, PLATFORMS, REPEATS, _every_hour)[1]


def _settle(store: Store, one: Claimed | Word, now: datetime, state: str, **how: Any) -> None:
    """Begin to send something, and say what became of it."""
    rows = store.deliveries if isinstance(one, Claimed) else store.words
    rows.begin([one.claim], now)
    rows.settle([Done(one.claim, state, **how)], now, REPEATS)


def test_a_tip_is_claimed_once_however_many_processes_ask(store: Store) -> None:
    for number in range(20):
        store.subscriptions.put(_subscription(SLACK, f"C{number}", BEGIN), BEGIN)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        claimed = [one for found in pool.map(lambda _: _claim(store, BEGIN), range(8)) for one in found]
    assert sorted(one.channel for one in claimed) == sorted(f"C{number}" for number in range(20))


def test_back_within_three_hours_it_comes_late_and_once_later_it_is_skipped(store: Store) -> None:
    store.subscriptions.put(_subscription(SLACK, "C1", BEGIN), BEGIN)
    (late,) = _claim(store, BEGIN + timedelta(minutes=50))
    assert late.slot == BEGIN
    assert _claim(store, BEGIN + timedelta(minutes=50)) == []
    later = _claim(store, BEGIN + timedelta(hours=30, minutes=30))
    assert [one.slot for one in later if one.claim != late.claim] == [
        BEGIN + timedelta(hours=hours) for hours in (28, 29, 30)
    ]
    assert store.deliveries.last(SLACK, "C1") == (BEGIN + timedelta(hours=30), "claimed", "")


def test_what_was_claimed_and_not_begun_is_claimed_again_when_its_process_died(store: Store) -> None:
    store.subscriptions.put(_subscription(SLACK, "C1", BEGIN), BEGIN)
    (first,) = _claim(store, BEGIN)
    assert _claim(store, BEGIN + LEASE / 2) == []
    (second,) = _claim(store, BEGIN + LEASE)
    assert (second.slot, second.tip) == (first.slot, first.tip)
    assert store.deliveries.begin([first.claim, second.claim], BEGIN + LEASE) == {second.claim}


def test_what_was_being_sent_is_in_doubt_on_slack_and_repeated_by_key_on_discord(
    store: Store,
) -> None:
    for community in (SLACK, DISCORD):
        store.subscriptions.put(_subscription(community, "C1", BEGIN), BEGIN)
    for claimed in _claim(store, BEGIN):
        assert store.deliveries.begin([claimed.claim], BEGIN)
    again, words = store.deliveries.claim(BEGIN + LEASE, PLATFORMS, REPEATS, _every_hour)
    assert [one.community for one in again] == [DISCORD]
    assert [(one.person, one.matter.kind) for one in words] == [("UADA", "unknown")]
    last = store.deliveries.last(SLACK, "C1")
    assert last is not None
    assert last[1] == "unknown"


def test_a_permanent_refusal_rests_the_subscription_and_tells_once(store: Store) -> None:
    store.subscriptions.put(_subscription(SLACK, "C1", BEGIN), BEGIN)
    store.subscriptions.put(replace(_subscription(SLACK, "C1", BEGIN), owner=None), BEGIN)
    (claimed,) = _claim(store, BEGIN)
    _settle(store, claimed, BEGIN, "paused", reason="gone")
    _settle(store, claimed, BEGIN, "paused", reason="gone")
    assert [one.person for one in _words(store, BEGIN)] == ["UADA"]  # forgotten as owner, but ran tips here
    assert _claim(store, BEGIN + timedelta(days=2)) == []
    kept = store.subscriptions.get(SLACK, "C1")
    assert kept is not None
    assert (kept.paused, kept.next_due_at) == ("gone", None)


def test_a_retry_waits_as_told_and_is_given_up_when_it_would_be_too_late(store: Store) -> None:
    store.subscriptions.put(_subscription(SLACK, "C1", BEGIN), BEGIN)
    (claimed,) = _claim(store, BEGIN)
    wait = timedelta(seconds=90)
    _settle(store, claimed, BEGIN, "failed", reason="ratelimited", again=BEGIN + wait)
    assert _claim(store, BEGIN + wait - timedelta(seconds=1)) == []
    (again,) = _claim(store, BEGIN + wait)
    _settle(store, again, BEGIN + wait, "failed", reason="ratelimited", again=BEGIN + LATE + wait)
    assert store.deliveries.last(SLACK, "C1") == (BEGIN, "skipped", "late")


def test_communities_do_not_see_each_others_tips(store: Store) -> None:
    store.subscriptions.put(_subscription(SLACK, "C1", BEGIN), BEGIN)
    other = Community("slack", "T2")
    assert store.subscriptions.of(other, "UADA") == []
    assert store.subscriptions.get(other, "C1") is None
    assert not store.subscriptions.remove(other, "C1")
    assert store.deliveries.claim(BEGIN, frozenset({"discord"}), REPEATS, _every_hour) == ([], [])


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("said", ["off", "pause", "pause until"])
def test_who_stops_tips_stops_what_is_not_on_its_way_too(store: Store, said: str, waits: bool) -> None:
    store.subscriptions.put(_subscription(SLACK, "C1", BEGIN), BEGIN)
    (claimed,) = _claim(store, BEGIN)
    again = BEGIN + timedelta(seconds=90)
    if waits:
        _settle(store, claimed, BEGIN, "failed", reason="ratelimited", again=again)
    match said:
        case "off":
            store.subscriptions.remove(SLACK, "C1")
        case "pause":
            store.subscriptions.set_due(SLACK, "C1", None, paused="asked", until=None)
        case _:
            later = BEGIN + timedelta(days=9)
            store.subscriptions.set_due(SLACK, "C1", later, paused="", until=later.date())
    assert store.deliveries.begin([claimed.claim], BEGIN) == frozenset()
    assert store.deliveries.claim(again, PLATFORMS, REPEATS, _every_hour) == ([], [])
    assert store.deliveries.last(SLACK, "C1") == (BEGIN, "skipped", "asked")


def test_what_may_stand_there_is_not_hidden_by_a_pause(store: Store) -> None:
    store.subscriptions.put(_subscription(DISCORD, "C1", BEGIN), BEGIN)
    (claimed,) = _claim(store, BEGIN)
    _settle(store, claimed, BEGIN, "unknown", reason="lost")
    now = BEGIN + timedelta(seconds=20)
    (again,) = _claim(store, now)
    store.subscriptions.set_due(DISCORD, "C1", None, paused="asked", until=None)
    assert store.deliveries.begin([again.claim], now) == {again.claim}
