"""What people have to know of their tips: written with it, said once, to somebody who can be reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.outbox import PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.claims import Notification
from bot.domain.tips.rotation import PlannedPost, PostHistory, TipChoice
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.store.store import Store
from bot.timing import CLAIM_LEASE, IDEMPOTENCY_WINDOW
from tests.store.conftest import FakeTipPool, build_post, build_result

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SLACK, DISCORD = Tenant("slack", "T1"), Tenant("discord", "9")
PLATFORMS, IDEMPOTENT_PLATFORMS = frozenset({"slack", "discord"}), frozenset({"discord"})


@FakeTipPool
def _plan_daily(subscription: Subscription, history: PostHistory, scheduled_at: datetime) -> PlannedPost:
    tip = f"tip {len(history.used_tips)}"
    return build_post(scheduled_at, tip, scheduled_at + timedelta(days=1), subscription.cycle)


def _add_subscription(
    store: Store, channel: str, owner: str, tenant: Tenant = SLACK, *, now: datetime = NINE
) -> None:
    direct = channel == owner
    row = Subscription(
        tenant, channel, direct, owner, Schedule("daily", time(9), "Europe/Berlin", date(2026, 1, 1))
    )
    store.subscriptions.save(replace(row, next_due_at=NINE), now)


def _pause_by_refusal(store: Store, channel: str, reason: str = "gone") -> None:
    """The channel's tip is refused for good."""
    claimed, _ = store.deliveries.claim_due(NINE, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)
    for one in claimed:
        assert store.deliveries.mark_sending([one.claim_token], NINE)
        state = (
            build_result(one.claim_token, "paused", reason=reason)
            if one.channel == channel
            else build_result(one.claim_token, "sent", "1")
        )
        store.deliveries.record_results([state], NINE, IDEMPOTENT_PLATFORMS)


def _claim_notifications(store: Store, now: datetime = NINE) -> list[Notification]:
    return store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[1]


def _settle_notification(
    store: Store, notification: Notification, state: str, now: datetime = NINE, reason: str = ""
) -> None:
    assert store.notifications.mark_sending([notification.claim_token], now) == {notification.claim_token}
    store.notifications.record_results(
        [build_result(notification.claim_token, state, "1", reason)], now, IDEMPOTENT_PLATFORMS
    )


def test_notification_is_sent_once_in_the_subscription_zone(store: Store) -> None:
    _add_subscription(store, "C1", "UADA")
    _pause_by_refusal(store, "C1")
    (word,) = _claim_notifications(store)
    assert (word.recipient_id, word.subject.kind, word.subject.detail, word.zone) == (
        "UADA",
        "paused",
        "gone",
        "Europe/Berlin",
    )
    _settle_notification(store, word, "sent")
    assert _claim_notifications(store, NINE + timedelta(hours=20)) == []


def test_one_of_two_processes_sends_the_notification(store: Store) -> None:
    _add_subscription(store, "C1", "UADA")
    _pause_by_refusal(store, "C1")
    (first,) = _claim_notifications(store)
    assert _claim_notifications(store) == []
    (second,) = _claim_notifications(store, NINE + CLAIM_LEASE)  # the first one died before it began
    assert store.notifications.mark_sending([first.claim_token, second.claim_token], NINE + CLAIM_LEASE) == {
        second.claim_token
    }


def test_unreachable_owner_falls_back_to_each_admin_once(store: Store) -> None:
    for hours, person in enumerate(("UOLD", "UNEW", "UADA")):
        _add_subscription(store, f"C-{person}", person, now=NINE - timedelta(hours=3 - hours))
        store.subscriptions.set_next_due(
            SLACK, f"C-{person}", None, pause_reason=PauseReason.ASKED, paused_until=None
        )
    _add_subscription(store, "C1", "UADA", now=NINE - timedelta(days=9))
    _pause_by_refusal(store, "C1")
    asked = []
    while words := _claim_notifications(store):
        (word,) = words
        asked.append(word.recipient_id)
        _settle_notification(store, word, "paused", reason="closed")
    assert asked == ["UADA", "UNEW", "UOLD"]


def test_personal_tips_notify_only_their_owner(store: Store) -> None:
    _add_subscription(store, "C9", "UADA")
    _add_subscription(store, "UBOB", "UBOB")
    _pause_by_refusal(store, "UBOB", "refused")
    (word,) = _claim_notifications(store)
    assert word.recipient_id == "UBOB"
    _settle_notification(store, word, "paused", reason="closed")
    assert _claim_notifications(store) == []
    _add_subscription(store, "UBOB", "UBOB")
    store.deliveries.skip_slot(SLACK, "UBOB", NINE, NINE)
    assert _claim_notifications(store) == []


def test_closed_direct_messages_cause_no_notification(store: Store) -> None:
    _add_subscription(store, "UBOB", "UBOB")
    _pause_by_refusal(store, "UBOB", "closed")
    assert _claim_notifications(store) == []
    kept = store.subscriptions.find(SLACK, "UBOB")
    assert kept is not None
    assert kept.pause_reason == "closed"


def test_deleted_owner_falls_back_to_a_tip_admin(store: Store) -> None:
    _add_subscription(store, "C2", "UBOB", now=NINE - timedelta(days=1))
    _add_subscription(store, "C1", "UADA")
    _pause_by_refusal(store, "C1")
    store.personal_data.erase_user(SLACK, "UADA")
    (word,) = _claim_notifications(store)
    assert word.recipient_id == "UBOB"
    assert "tip_notifications" in store.personal_data.load_rows(SLACK, "UBOB")
    assert store.personal_data.load_rows(SLACK, "UADA") == {}


def test_lost_response_is_retried_only_on_discord_and_limited(store: Store) -> None:
    for where in (SLACK, DISCORD):
        _add_subscription(store, "1", "7", where)
    for one in store.deliveries.claim_due(NINE, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[0]:
        store.deliveries.mark_sending([one.claim_token], NINE)
        store.deliveries.record_results(
            [build_result(one.claim_token, "paused", reason="gone")], NINE, IDEMPOTENT_PLATFORMS
        )
    for word in _claim_notifications(store):
        _settle_notification(store, word, "unknown", reason="lost")
    again: list[tuple[str, timedelta]] = []
    for seconds in range(0, 1_200, 5):
        now = NINE + timedelta(seconds=seconds)
        for word in _claim_notifications(store, now):
            again.append((word.tenant.platform, now - NINE))
            _settle_notification(store, word, "unknown", now, reason="lost")
    assert {platform for platform, _ in again} == {"discord"}
    assert all(after < IDEMPOTENCY_WINDOW for _, after in again)


def test_lost_discord_response_is_retried_then_uncertain(store: Store) -> None:
    _add_subscription(store, "1", "7", DISCORD)
    tries = 0
    for seconds in range(0, 1_200, 5):
        now = NINE + timedelta(seconds=seconds)
        for one in store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[0]:
            tries += 1
            store.deliveries.mark_sending([one.claim_token], now)
            store.deliveries.record_results(
                [build_result(one.claim_token, "unknown", reason="lost")], now, IDEMPOTENT_PLATFORMS
            )
    assert 5 < tries <= IDEMPOTENCY_WINDOW / timedelta(seconds=10)
    last = store.deliveries.load_last_delivery(DISCORD, "1")
    assert last is not None
    assert last[:2] == (NINE, "unknown")


@pytest.mark.parametrize("seconds", [0, 300])
def test_late_retry_is_uncertain_and_notified(store: Store, seconds: int) -> None:
    _add_subscription(store, "1", "7", DISCORD)
    (one,) = store.deliveries.claim_due(NINE, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[0]
    store.deliveries.mark_sending([one.claim_token], NINE)
    store.deliveries.record_results(
        [build_result(one.claim_token, "unknown", reason="lost")], NINE, IDEMPOTENT_PLATFORMS
    )
    now = NINE + timedelta(seconds=20)
    if seconds:  # and then Discord asks for more patience than it remembers keys
        (one,) = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[0]
        store.deliveries.mark_sending([one.claim_token], now)
        again = now + timedelta(seconds=seconds)
        store.deliveries.record_results(
            [build_result(one.claim_token, "failed", reason="ratelimited", retry_at=again)],
            now,
            IDEMPOTENT_PLATFORMS,
        )
    later = NINE + timedelta(minutes=10)
    claimed, words = store.deliveries.claim_due(later, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)
    assert claimed == []
    assert [(word.recipient_id, word.subject.kind) for word in words] == [("7", "unknown")]


def test_uncertain_delivery_is_notified_even_after_a_refused_retry(store: Store) -> None:
    _add_subscription(store, "1", "7", DISCORD)
    (one,) = store.deliveries.claim_due(NINE, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[0]
    store.deliveries.mark_sending([one.claim_token], NINE)
    store.deliveries.record_results(
        [build_result(one.claim_token, "unknown", reason="lost")], NINE, IDEMPOTENT_PLATFORMS
    )
    now = NINE + timedelta(seconds=20)
    (one,) = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[0]
    store.deliveries.mark_sending([one.claim_token], now)
    store.deliveries.record_results(
        [build_result(one.claim_token, "paused", reason="forbidden")], now, IDEMPOTENT_PLATFORMS
    )
    assert sorted(word.subject.kind for word in _claim_notifications(store, now)) == ["paused", "unknown"]


def test_a_member_who_ended_their_own_tips_is_no_admins_business(store: Store) -> None:
    _add_subscription(store, "C9", "UADA")
    store.subscriptions.set_next_due(SLACK, "C9", None, pause_reason=PauseReason.ASKED, paused_until=None)
    for end in ("died", "lost"):
        _add_subscription(store, "UBOB", "UBOB")
        now = NINE + timedelta(days=1) if end == "lost" else NINE
        (one,) = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, _plan_daily)[0]
        store.deliveries.mark_sending([one.claim_token], now)
        store.subscriptions.remove(SLACK, "UBOB")
        if end == "lost":
            store.deliveries.record_results(
                [build_result(one.claim_token, "unknown", reason="lost")], now, IDEMPOTENT_PLATFORMS
            )
        assert _claim_notifications(store, now + CLAIM_LEASE) == []
        assert store.operator_report.list_uncertain(NINE, 5) == ([], 0)


def test_ended_subscription_sends_no_notifications(store: Store) -> None:
    for channel, owner in (("C1", "UADA"), ("UBOB", "UBOB")):
        _add_subscription(store, channel, owner)
        _pause_by_refusal(store, channel)
        store.subscriptions.remove(SLACK, channel)
    assert _claim_notifications(store) == []


def test_low_pool_is_notified_once_a_cycle(store: Store) -> None:
    pools = iter([(9, 3, 0), (9, 2, 0), (9, 8, 0), (9, 3, 1), (2, 1, 1), (2, 0, 1), (1, 0, 1)])

    @FakeTipPool
    def thinning(subscription: Subscription, history: PostHistory, slot: datetime) -> PlannedPost:
        pool_size, remaining, cycle = next(pools)
        post = _plan_daily.plan_post(subscription, history, slot)
        return replace(
            post, pool_size=pool_size, remaining=remaining, choice=TipChoice(f"tip at {slot}", cycle)
        )

    _add_subscription(store, "C1", "UADA")
    told = []
    for day in range(7):
        now = NINE + timedelta(days=day)
        claimed, words = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, thinning)
        store.deliveries.record_results(
            [build_result(one.claim_token, "sent", "1") for one in claimed], now, IDEMPOTENT_PLATFORMS
        )
        for word in words:
            told.append((word.recipient_id, day, word.subject.remaining))
            _settle_notification(store, word, "sent", now)
    assert told == [("UADA", 0, 3), ("UADA", 3, 3), ("UADA", 4, 2)]


def test_undeliverable_notification_expires_after_a_day(store: Store) -> None:
    _add_subscription(store, "C1", "UADA")
    _pause_by_refusal(store, "C1")
    now, tries = NINE, 0
    while words := _claim_notifications(store, now):
        again = now + timedelta(hours=1)
        store.notifications.mark_sending([words[0].claim_token], now)
        store.notifications.record_results(
            [build_result(words[0].claim_token, "failed", reason="unreachable", retry_at=again)],
            now,
            IDEMPOTENT_PLATFORMS,
        )
        now, tries = again, tries + 1
    assert tries == 25
    assert store.deliveries.find_next_due(PLATFORMS) is None


def test_notification_waits_while_the_bot_is_refused(store: Store) -> None:
    _add_subscription(store, "C2", "UBOB", now=NINE - timedelta(days=1))
    store.subscriptions.set_next_due(SLACK, "C2", None, pause_reason=PauseReason.ASKED, paused_until=None)
    _add_subscription(store, "C1", "UADA")
    _pause_by_refusal(store, "C1", "refused")
    now, asked = NINE, set[str]()
    while words := _claim_notifications(store, now):
        asked.add(words[0].recipient_id)
        _settle_notification(store, words[0], "paused", now, reason="refused")
        now += timedelta(minutes=10)
        if now - NINE == timedelta(hours=2):
            break
    assert asked == {"UADA"}
    (word,) = _claim_notifications(store, now)  # the token is mended
    assert (word.recipient_id, word.subject.detail) == ("UADA", "refused")


def test_full_claim_leaves_notifications_for_the_next_claim(store: Store) -> None:
    @FakeTipPool
    def hourly(_subscription: Subscription, history: PostHistory, slot: datetime) -> PlannedPost:
        return build_post(slot, f"tip at {slot}", slot + timedelta(hours=1), history.cycle + 1, remaining=1)

    _add_subscription(store, "C1", "UADA")
    now = NINE + timedelta(hours=2)
    claimed, words = store.deliveries.claim_due(now, PLATFORMS, IDEMPOTENT_PLATFORMS, hourly, 1)
    assert (len(claimed), words) == (3, [])
    assert len(_claim_notifications(store, now)) == 3
