"""The state machine of due tips: whatever crashes, each slot is sent once or listed as in doubt."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Row, select

from bot.domain.outbox import DeliveryResult, PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.claims import ClaimedTip, Notification
from bot.domain.tips.rotation import PlannedPost, PostHistory
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.store.database import Database, build_database_url
from bot.store.store import Store
from bot.store.tables import TIP_DELIVERIES
from bot.timing import CLAIM_LEASE, MAX_LATENESS
from tests.store.conftest import KEY_RING, FakeTipPool, build_post, build_result

BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SLACK, DISCORD = Tenant("slack", "T1"), Tenant("discord", "9")
PLATFORMS, IDEMPOTENT_PLATFORMS = frozenset({"slack", "discord"}), frozenset({"discord"})
HOUR = timedelta(hours=1)


@FakeTipPool
def _plan_hourly(subscription: Subscription, history: PostHistory, scheduled_at: datetime) -> PlannedPost:
    """A tip an hour, so that a history of minutes holds many slots."""
    tip = f"tip {len(history.used_tips)}"
    return build_post(scheduled_at, tip, scheduled_at + HOUR, subscription.cycle)


def _build_subscription(tenant: Tenant, channel: str, due_at: datetime) -> Subscription:
    return Subscription(
        tenant,
        channel,
        False,
        "UADA",
        Schedule("daily", time(9), "UTC", date(2026, 1, 1)),
        next_due_at=due_at,
    )


@dataclass
class ProcessState:
    """One process: what it claimed, and whether it began to send it."""

    claimed: list[ClaimedTip]
    in_flight: list[ClaimedTip]


class DeliveryStateMachine(RuleBasedStateMachine):
    """Two processes on one database, a platform that counts, crashes at every step and jumps of the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.store = Store.open(self.folder, None, KEY_RING)
        self.now = BEGIN
        self.post_counts: Counter[tuple[str, str, datetime]] = Counter()
        self.processes = [ProcessState([], []), ProcessState([], [])]
        self.notification_counts: Counter[tuple[str, str, str, datetime]] = Counter()
        self.first_claims: set[str] = set()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(community=st.sampled_from([SLACK, DISCORD]), channel=st.sampled_from(["C1", "C2"]))
    def subscribe(self, community: Tenant, channel: str) -> None:
        due = self.now + timedelta(minutes=1)
        self.store.subscriptions.save(_build_subscription(community, channel, due), self.now)

    @rule(community=st.sampled_from([SLACK, DISCORD]), channel=st.sampled_from(["C1", "C2"]))
    def unsubscribe(self, community: Tenant, channel: str) -> None:
        self.store.subscriptions.remove(community, channel)

    @rule(community=st.sampled_from([SLACK, DISCORD]), channel=st.sampled_from(["C1", "C2"]))
    def pause(self, community: Tenant, channel: str) -> None:
        self.store.subscriptions.set_next_due(
            community, channel, None, pause_reason=PauseReason.ASKED, paused_until=None
        )

    @rule(minutes=st.sampled_from([1, 2, 10, 59, 61, 200, 1500]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=st.integers(0, 1))
    def tick(self, who: int) -> None:
        claimed, notifications = self.store.deliveries.claim_due(
            self.now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_hourly
        )
        self.processes[who].claimed += claimed
        for notification in notifications:
            assert self.store.notifications.mark_sending([notification.claim_token], self.now)
            platform, subject = notification.tenant.platform, notification.subject
            key = (platform, notification.channel, subject.kind, subject.scheduled_at)
            if platform in IDEMPOTENT_PLATFORMS:  # the process died, and the next one sends the same key
                self.notification_counts[key] = 1
            else:
                self.notification_counts[key] += 1

    @precondition(lambda self: any(sender.claimed for sender in self.processes))
    @rule(who=st.integers(0, 1), lost=st.booleans())
    def send(self, who: int, lost: bool) -> None:
        sender = self.processes[who]
        if not sender.claimed:
            return
        claimed = sender.claimed.pop(0)
        if not self.store.deliveries.mark_sending([claimed.claim_token], self.now):
            return
        key = (claimed.tenant.platform, claimed.channel, claimed.scheduled_at)
        if not self.post_counts[key]:
            self.first_claims.add(claimed.claim_token)
        if claimed.tenant.platform in IDEMPOTENT_PLATFORMS:
            self.post_counts[key] = 1  # the platform knows the key and takes it once
        else:
            self.post_counts[key] += 1
        if not lost:
            sender.in_flight.append(claimed)

    @rule(who=st.integers(0, 1), how=st.sampled_from(["sent", "unknown", "failed", "paused"]))
    def settle(self, who: int, how: str) -> None:
        sender = self.processes[who]
        if not sender.in_flight:
            return
        claimed = sender.in_flight.pop(0)
        key = (claimed.tenant.platform, claimed.channel, claimed.scheduled_at)
        match how:
            case "sent":
                self._settle(build_result(claimed.claim_token, "sent", "m"))
            case "unknown":
                self._settle(build_result(claimed.claim_token, "unknown", reason="lost"))
            case "failed" if self._has_claim(claimed):
                self.post_counts[key] -= (
                    claimed.claim_token in self.first_claims
                )  # the platform surely did not take it
                again = self.now + timedelta(seconds=30)
                self._settle(build_result(claimed.claim_token, "failed", reason="busy", retry_at=again))
            case "paused" if self._has_claim(claimed):
                self.post_counts[key] -= claimed.claim_token in self.first_claims
                self._settle(build_result(claimed.claim_token, "paused", reason="gone"))
            case _:
                self._settle(build_result(claimed.claim_token, "sent", "m"))

    @rule(who=st.integers(0, 1))
    def crash(self, who: int) -> None:
        self.processes[who] = ProcessState([], [])
        self.store.close()
        self.store = Store.open(self.folder, None, KEY_RING)

    @invariant()
    def check_no_duplicate_posts(self) -> None:
        assert all(times <= 1 for times in self.post_counts.values()), self.post_counts

    @invariant()
    def check_rows_match_posts(self) -> None:
        states = {(row.platform, row.channel, row.scheduled_at): row.state for row in self._load_rows()}
        for key, state in states.items():
            assert state != "sent" or self.post_counts[key] == 1, (key, state)
        for key, times in self.post_counts.items():
            assert not times or states[key] in ("sent", "sending", "unknown", "claimed"), (key, states[key])

    @invariant()
    def check_no_duplicate_notifications(self) -> None:
        assert all(times <= 1 for times in self.notification_counts.values())

    def _settle(self, done: tuple[str, DeliveryResult]) -> None:
        self.store.deliveries.record_results([done], self.now, IDEMPOTENT_PLATFORMS)

    def _has_claim(self, claimed: ClaimedTip) -> bool:
        mine = [row for row in self._load_rows() if row.claim_token == claimed.claim_token]
        return bool(mine) and mine[0].state == "sending"

    def _load_rows(self) -> Sequence[Row[Any]]:
        database = Database(build_database_url(self.folder, None))
        with closing(database), database.read() as connection:
            return connection.execute(select(TIP_DELIVERIES)).all()


TestDeliveryStateMachine = pytest.mark.slow(DeliveryStateMachine.TestCase)
TestDeliveryStateMachine.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)


def _claim_tips(store: Store, now: datetime) -> list[ClaimedTip]:
    return store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_hourly)[0]


def _claim_notifications(store: Store, now: datetime) -> list[Notification]:
    return store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_hourly)[1]


def _begin_and_settle(
    store: Store, claimed: ClaimedTip | Notification, now: datetime, state: str, **how: Any
) -> None:
    """Begin to send something, and say what became of it."""
    rows = store.deliveries if isinstance(claimed, ClaimedTip) else store.notifications
    rows.mark_sending([claimed.claim_token], now)
    rows.record_results([build_result(claimed.claim_token, state, **how)], now, IDEMPOTENT_PLATFORMS)


def test_a_tip_is_claimed_once_however_many_processes_ask(store: Store) -> None:
    for number in range(20):
        store.subscriptions.save(_build_subscription(SLACK, f"C{number}", BEGIN), BEGIN)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        claimed = [one for found in pool.map(lambda _: _claim_tips(store, BEGIN), range(8)) for one in found]
    assert sorted(one.channel for one in claimed) == sorted(f"C{number}" for number in range(20))


def test_back_within_three_hours_it_comes_late_and_once_later_it_is_skipped(store: Store) -> None:
    store.subscriptions.save(_build_subscription(SLACK, "C1", BEGIN), BEGIN)
    (late,) = _claim_tips(store, BEGIN + timedelta(minutes=50))
    assert late.scheduled_at == BEGIN
    assert _claim_tips(store, BEGIN + timedelta(minutes=50)) == []
    later = _claim_tips(store, BEGIN + timedelta(hours=30, minutes=30))
    assert [one.scheduled_at for one in later if one.claim_token != late.claim_token] == [
        BEGIN + timedelta(hours=hours) for hours in (28, 29, 30)
    ]
    assert store.deliveries.load_last_delivery(SLACK, "C1") == (BEGIN + timedelta(hours=30), "claimed", "")


def test_what_was_claimed_and_not_begun_is_claimed_again_when_its_process_died(store: Store) -> None:
    store.subscriptions.save(_build_subscription(SLACK, "C1", BEGIN), BEGIN)
    (first,) = _claim_tips(store, BEGIN)
    assert _claim_tips(store, BEGIN + CLAIM_LEASE / 2) == []
    (second,) = _claim_tips(store, BEGIN + CLAIM_LEASE)
    assert (second.scheduled_at, second.tip) == (first.scheduled_at, first.tip)
    assert store.deliveries.mark_sending([first.claim_token, second.claim_token], BEGIN + CLAIM_LEASE) == {
        second.claim_token
    }


def test_interrupted_send_is_uncertain_on_slack_and_retried_on_discord(
    store: Store,
) -> None:
    for community in (SLACK, DISCORD):
        store.subscriptions.save(_build_subscription(community, "C1", BEGIN), BEGIN)
    for claimed in _claim_tips(store, BEGIN):
        assert store.deliveries.mark_sending([claimed.claim_token], BEGIN)
    again, words = store.deliveries.claim_due(
        BEGIN + CLAIM_LEASE, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_hourly
    )
    assert [one.tenant for one in again] == [DISCORD]
    assert [(one.recipient_id, one.subject.kind) for one in words] == [("UADA", "unknown")]
    last = store.deliveries.load_last_delivery(SLACK, "C1")
    assert last is not None
    assert last[1] == "unknown"


def test_permanent_refusal_pauses_and_notifies_once(store: Store) -> None:
    store.subscriptions.save(_build_subscription(SLACK, "C1", BEGIN), BEGIN)
    store.subscriptions.save(replace(_build_subscription(SLACK, "C1", BEGIN), owner=None), BEGIN)
    (claimed,) = _claim_tips(store, BEGIN)
    _begin_and_settle(store, claimed, BEGIN, "paused", reason="gone")
    _begin_and_settle(store, claimed, BEGIN, "paused", reason="gone")
    assert [one.recipient_id for one in _claim_notifications(store, BEGIN)] == [
        "UADA"
    ]  # forgotten as owner, but ran tips here
    assert _claim_tips(store, BEGIN + timedelta(days=2)) == []
    kept = store.subscriptions.find(SLACK, "C1")
    assert kept is not None
    assert (kept.pause_reason, kept.next_due_at) == ("gone", None)


def test_retry_waits_and_expires(store: Store) -> None:
    store.subscriptions.save(_build_subscription(SLACK, "C1", BEGIN), BEGIN)
    (claimed,) = _claim_tips(store, BEGIN)
    wait = timedelta(seconds=90)
    _begin_and_settle(store, claimed, BEGIN, "failed", reason="ratelimited", retry_at=BEGIN + wait)
    assert _claim_tips(store, BEGIN + wait - timedelta(seconds=1)) == []
    (again,) = _claim_tips(store, BEGIN + wait)
    _begin_and_settle(
        store, again, BEGIN + wait, "failed", reason="ratelimited", retry_at=BEGIN + MAX_LATENESS + wait
    )
    assert store.deliveries.load_last_delivery(SLACK, "C1") == (BEGIN, "skipped", "late")


def test_tenants_do_not_see_each_others_tips(store: Store) -> None:
    store.subscriptions.save(_build_subscription(SLACK, "C1", BEGIN), BEGIN)
    other = Tenant("slack", "T2")
    assert store.subscriptions.list_visible(other, "UADA") == []
    assert store.subscriptions.find(other, "C1") is None
    assert not store.subscriptions.remove(other, "C1")
    assert store.deliveries.claim_due(BEGIN, frozenset({"discord"}), IDEMPOTENT_PLATFORMS, _plan_hourly) == (
        [],
        [],
    )


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("command", ["off", "pause", "pause until"])
def test_stopping_tips_cancels_unsent_deliveries(store: Store, command: str, waits: bool) -> None:
    store.subscriptions.save(_build_subscription(SLACK, "C1", BEGIN), BEGIN)
    (claimed,) = _claim_tips(store, BEGIN)
    again = BEGIN + timedelta(seconds=90)
    if waits:
        _begin_and_settle(store, claimed, BEGIN, "failed", reason="ratelimited", retry_at=again)
    match command:
        case "off":
            store.subscriptions.remove(SLACK, "C1")
        case "pause":
            store.subscriptions.set_next_due(
                SLACK, "C1", None, pause_reason=PauseReason.ASKED, paused_until=None
            )
        case _:
            later = BEGIN + timedelta(days=9)
            store.subscriptions.set_next_due(SLACK, "C1", later, pause_reason=None, paused_until=later.date())
    assert store.deliveries.mark_sending([claimed.claim_token], BEGIN) == frozenset()
    assert store.deliveries.claim_due(again, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_hourly) == ([], [])
    assert store.deliveries.load_last_delivery(SLACK, "C1") == (BEGIN, "skipped", "asked")


def test_uncertain_delivery_stays_visible_when_paused(store: Store) -> None:
    store.subscriptions.save(_build_subscription(DISCORD, "C1", BEGIN), BEGIN)
    (claimed,) = _claim_tips(store, BEGIN)
    _begin_and_settle(store, claimed, BEGIN, "unknown", reason="lost")
    now = BEGIN + timedelta(seconds=20)
    (again,) = _claim_tips(store, now)
    store.subscriptions.set_next_due(DISCORD, "C1", None, pause_reason=PauseReason.ASKED, paused_until=None)
    assert store.deliveries.mark_sending([again.claim_token], now) == {again.claim_token}
