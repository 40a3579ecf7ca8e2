"""Few tips are left: the owner is told once a round, and once where there never are more; a member never."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from types import MappingProxyType

from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.messaging.plaintext import render_plain
from bot.service import ContentSnapshot
from tests.chat import build_service_from
from tests.delivery.delivery_harness import NINE_IN_BERLIN, TENANT, DeliveryHarness, FakeClock, FakePlatform


def _build_harness(snapshot: ContentSnapshot, tip_count: int, folder: Path) -> DeliveryHarness:
    """A bot with so many tips."""
    few = dict(list(snapshot.library.tips.items())[:tip_count])
    library = replace(snapshot.library, tips=MappingProxyType(few))
    return DeliveryHarness(
        build_service_from(ContentSnapshot(library, snapshot.search), folder), FakePlatform(), FakeClock()
    )


async def _list_notifications(harness: DeliveryHarness, days: int) -> list[tuple[int, str]]:
    """What was told on which day."""
    told: list[tuple[int, str]] = []
    for day in range(days):
        harness.clock.now = NINE_IN_BERLIN + timedelta(days=day)
        before = len(harness.platform.notifications)
        await harness.tick()
        told += [(day, render_plain(word.reply)) for word in harness.platform.notifications[before:]]
    harness.service.context.storage.close()
    return told


async def test_low_pool_is_notified_once_a_cycle(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    world = _build_harness(snapshot, 7, tmp_path)
    world.subscribe("C1")
    told = await _list_notifications(world, 15)
    assert [day for day, _ in told] == [3, 10]
    assert all("3 tips are left for #C1" in words for _, words in told)
    assert world.platform.sent_counts == {"C1": 15}
    assert {word.channel for word in world.platform.notifications} == {"UADA"}


async def test_small_pool_is_notified_once(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    world = _build_harness(snapshot, 2, tmp_path)
    world.subscribe("C1")
    told = await _list_notifications(world, 7)
    assert [(day, "Only 2 tips fit" in words) for day, words in told] == [(0, True)]


async def test_low_pool_of_personal_tips_is_not_notified(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    world = _build_harness(snapshot, 5, tmp_path)
    own = Subscription(
        TENANT, "UBOB", True, "UBOB", Schedule("daily", time(9), "Europe/Berlin", NINE_IN_BERLIN.date())
    )
    world.service.context.open_store().subscriptions.save(
        replace(own, next_due_at=NINE_IN_BERLIN), NINE_IN_BERLIN
    )
    assert await _list_notifications(world, 6) == []
    assert world.platform.sent_counts == {"UBOB": 6}
