"""How fast messages follow each other: never two in a second to one channel; who is told to wait waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.tenant import Tenant
from bot.errors import DeliveryError
from bot.messaging.delivery import SendIntervals
from bot.service import Service
from tests.delivery.delivery_harness import (
    NINE_IN_BERLIN,
    TENANT,
    DeliveryHarness,
    FakeClock,
    FakePlatform,
    build_timed_worker,
    run_until_idle,
)

OTHER_TENANT = Tenant("slack", "T2")
SLACK_PACE, DISCORD_PACE = (
    SendIntervals(channel=1.0, workspace=0.25),
    SendIntervals(channel=1.0, platform=0.05),
)


@pytest.fixture
def many_harness(service: Service) -> DeliveryHarness:
    return DeliveryHarness(service, FakePlatform(), FakeClock())


async def test_a_burst_keeps_the_pace_of_its_workspace_and_no_other_waits_for_it(
    many_harness: DeliveryHarness,
) -> None:
    hours, noted, schedule, _ = build_timed_worker(many_harness.service, SLACK_PACE)
    many_harness.subscribe(*(f"C{number}" for number in range(20)))
    many_harness.subscribe(*(f"D{number}" for number in range(20)), tenant=OTHER_TENANT)
    await hours.run(schedule.tick())
    for letter in "CD":
        times = noted.list_times(*(f"{letter}{number}" for number in range(20)))
        assert times == pytest.approx([0.25 * number for number in range(20)])
    assert noted.sent_counts.total() == 40


async def test_a_platform_with_one_pace_for_all_spreads_over_its_servers(
    many_harness: DeliveryHarness,
) -> None:
    hours, noted, schedule, _ = build_timed_worker(many_harness.service, DISCORD_PACE, "discord")
    for number in range(40):
        many_harness.subscribe(f"{number}", tenant=Tenant("discord", f"{number % 7}"))
    await hours.run(schedule.tick())
    assert noted.list_times() == pytest.approx([0.05 * number for number in range(40)])


async def test_notifications_to_one_person_are_a_second_apart(many_harness: DeliveryHarness) -> None:
    hours, noted, schedule, _ = build_timed_worker(many_harness.service, SLACK_PACE)
    many_harness.subscribe("C1", "C2", "C3")
    for channel in ("C1", "C2", "C3"):
        noted.errors[channel] = [DeliveryError("channel_not_found")]
    await run_until_idle(schedule, hours)
    told = noted.list_times("UADA")
    assert len(told) == 3
    assert all(later - sooner >= 1 for sooner, later in pairwise(told))


async def test_two_late_tips_of_one_channel_come_a_second_apart(many_harness: DeliveryHarness) -> None:
    hours, noted, schedule, _ = build_timed_worker(many_harness.service, SLACK_PACE)
    many_harness.subscribe("C1")
    hours.elapsed = 90.0
    store = many_harness.service.context.open_store()
    found = store.subscriptions.find(TENANT, "C1")
    assert found is not None
    (first,) = many_harness.service.claim_due(
        frozenset({"slack"}), NINE_IN_BERLIN
    )  # a process that dies; then set up anew
    store.subscriptions.save(
        replace(found, next_due_at=NINE_IN_BERLIN + timedelta(seconds=60)), NINE_IN_BERLIN
    )
    await hours.run(schedule.tick())
    assert [one.due_since for _, one in noted.timeline] == [
        first.due_since,
        NINE_IN_BERLIN + timedelta(seconds=60),
    ]
    assert noted.list_times() == [90.0, 91.0]


@pytest.mark.parametrize(
    ("scope", "delayed_channels"),
    [("channel", {"C1"}), ("workspace", {"C1", "C2"}), ("platform", {"C1", "C2", "D1"})],
)
async def test_rate_limit_delays_only_its_scope(
    many_harness: DeliveryHarness, scope: str, delayed_channels: set[str]
) -> None:
    hours, noted, schedule, _ = build_timed_worker(many_harness.service, SLACK_PACE)
    many_harness.subscribe("C1", "C2")
    many_harness.subscribe("D1", tenant=OTHER_TENANT, due_at=NINE_IN_BERLIN + timedelta(milliseconds=1))
    noted.errors["C1"] = [DeliveryError("ratelimited", retry_after=40, scope=scope)]  # type: ignore[arg-type]
    await run_until_idle(schedule, hours)
    waited = {one.channel for at, one in noted.timeline if at >= 40}
    assert waited == delayed_channels
    assert noted.list_times("C1") == [40.0]
    assert all(at >= 40 or at < 2 for at in noted.list_times())
    assert noted.sent_counts == {"C1": 1, "C2": 1, "D1": 1}


async def test_rate_limited_notification_is_sent_once_later(many_harness: DeliveryHarness) -> None:
    hours, noted, schedule, _ = build_timed_worker(many_harness.service, SLACK_PACE)
    many_harness.subscribe("C1")
    noted.errors = {
        "C1": [DeliveryError("is_archived")],
        "UADA": [DeliveryError("ratelimited", retry_after=7)],
    }
    await run_until_idle(schedule, hours)
    assert [one.channel for one in noted.notifications] == ["UADA"]
    assert noted.list_times("UADA")[0] >= 7
