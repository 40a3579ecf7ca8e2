"""Several subscriptions of one channel: one history, one tip a slot, and each paused or removed by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.outbox import PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.claims import ClaimedTip
from bot.domain.tips.rotation import PlannedPost, PostHistory, TipPool
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.service import ContentSnapshot
from bot.store.store import Store
from tests.store.conftest import FakeTipPool, build_post, build_result

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TENANT = Tenant("slack", "T1")
PLATFORMS, IDEMPOTENT_PLATFORMS = frozenset({"slack"}), frozenset({"discord"})


@FakeTipPool
def _plan_daily(subscription: Subscription, history: PostHistory, scheduled_at: datetime) -> PlannedPost:
    tip = f"tip {len(history.used_tips)}"
    return build_post(scheduled_at, tip, scheduled_at + timedelta(days=1), subscription.cycle)


def _save(store: Store, subscription_id: str, due_at: datetime = NINE, hour: int = 9, cycle: int = 0) -> None:
    schedule = Schedule("daily", time(hour), "UTC", date(2026, 1, 1))
    subscription = Subscription(TENANT, "C1", False, "UADA", schedule, next_due_at=due_at, cycle=cycle)
    store.subscriptions.save(replace(subscription, subscription_id=subscription_id), NINE)


def _send_due(store: Store, now: datetime, pool: TipPool = _plan_daily) -> list[ClaimedTip]:
    claimed, _ = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, pool)
    tokens = store.deliveries.mark_sending([tip.claim_token for tip in claimed], now)
    store.deliveries.record_results(
        [build_result(token, "sent", "1") for token in tokens], now, IDEMPOTENT_PLATFORMS
    )
    return claimed


def test_two_that_are_due_at_once_post_one_tip_also_in_two_claims(store: Store) -> None:
    _save(store, "a")
    _save(store, "b")
    assert len(_send_due(store, NINE)) == 1
    later = NINE + timedelta(days=1)
    first, _ = store.deliveries.claim_due(later, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily, limit=1)
    second, _ = store.deliveries.claim_due(later, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily, limit=1)
    assert (len(first), second) == (1, [])
    due = [kept.next_due_at for kept in store.subscriptions.list_of_channel(TENANT, "C1")]
    assert due == [later + timedelta(days=1)] * 2


def test_no_tip_comes_twice_in_a_channel_before_its_pool_is_used_up(
    store: Store, snapshot: ContentSnapshot
) -> None:
    """Real tips, twice a day by two subscriptions, through two whole cycles and a bit."""
    pool = TipPool.of(snapshot.library)
    _save(store, "morning")
    _save(store, "evening", NINE + timedelta(hours=9), hour=18)
    size, posted = len(pool.match((), NINE.date())), list[str]()
    for hours in range(0, 24 * size, 1):
        now = NINE + timedelta(hours=hours)
        if now.hour in (9, 18):
            posted += [tip.tip for tip in _send_due(store, now, pool)]
        if len(posted) == 2 * size:
            break
    assert sorted(posted[:size]) == sorted(set(posted)) == sorted(posted[size:])


def test_a_further_subscription_joins_the_cycle_of_its_channel(store: Store) -> None:
    _save(store, "a", cycle=3)
    _save(store, "b")
    assert [kept.cycle for kept in store.subscriptions.list_of_channel(TENANT, "C1")] == [3, 3]


def test_each_is_paused_and_removed_by_itself(store: Store) -> None:
    _save(store, "a")
    _save(store, "b", NINE + timedelta(hours=1), hour=10)
    store.subscriptions.set_next_due(
        TENANT, "C1", None, pause_reason=PauseReason.ASKED, paused_until=None, subscription_id="a"
    )
    assert [tip.scheduled_at for tip in _send_due(store, NINE + timedelta(hours=1))] == [
        NINE + timedelta(hours=1)
    ]
    assert store.subscriptions.remove(TENANT, "C1", "a")
    assert not store.subscriptions.remove(TENANT, "C1")  # there is no default one
    assert [kept.subscription_id for kept in store.subscriptions.list_of_channel(TENANT, "C1")] == ["b"]


def test_a_refusal_pauses_the_whole_channel_and_tells_its_owner_once(store: Store) -> None:
    _save(store, "a")
    _save(store, "b", NINE + timedelta(minutes=1))
    claimed, _ = store.deliveries.claim_due(
        NINE + timedelta(minutes=1), PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily
    )
    assert len(claimed) == 2
    now = NINE + timedelta(minutes=1)
    for tip in claimed:
        store.deliveries.mark_sending([tip.claim_token], now)
        result = build_result(tip.claim_token, "paused", reason="gone")
        store.deliveries.record_results([result], now, IDEMPOTENT_PLATFORMS)
    kept = store.subscriptions.list_of_channel(TENANT, "C1")
    assert {(one.pause_reason, one.next_due_at) for one in kept} == {(PauseReason.GONE, None)}
    _, notifications = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)
    assert [notification.recipient_id for notification in notifications] == ["UADA"]
