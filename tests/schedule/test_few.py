"""Few tips are left: the owner is told once a round, and once where there never are more; a member never."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from bot.dialogue.plain import plain
from bot.service import Edition
from bot.store.tips import Subscription
from tests.chat import service_over
from tests.schedule.world import NINE, WORKSPACE, Channels, Clock, World


def _with(edition: Edition, tips: int, folder: Path) -> World:
    """A bot with so many tips."""
    few = dict(list(edition.library.tips.items())[:tips])
    library = replace(edition.library, tips=MappingProxyType(few))
    return World(service_over(Edition(library, edition.search), folder), Channels(), Clock())


async def _told(world: World, days: int) -> list[tuple[int, str]]:
    """What was told on which day."""
    told: list[tuple[int, str]] = []
    for day in range(days):
        world.clock.now = NINE + timedelta(days=day)
        before = len(world.channels.words)
        await world.tick()
        told += [(day, plain(word.reply)) for word in world.channels.words[before:]]
    world.service.context.home.close()
    return told


async def test_three_left_is_said_once_a_round(edition: Edition, tmp_path: Path) -> None:
    world = _with(edition, 7, tmp_path)
    world.subscribe("C1")
    told = await _told(world, 15)
    assert [day for day, _ in told] == [3, 10]
    assert all("3 tips are left for #C1" in words for _, words in told)
    assert world.channels.took == {"C1": 15}
    assert {word.channel for word in world.channels.words} == {"UADA"}


async def test_where_there_never_are_more_it_is_said_once(edition: Edition, tmp_path: Path) -> None:
    world = _with(edition, 2, tmp_path)
    world.subscribe("C1")
    told = await _told(world, 7)
    assert [(day, "Only 2 tips fit" in words) for day, words in told] == [(0, True)]


async def test_a_member_is_not_told_of_their_own_tips(edition: Edition, tmp_path: Path) -> None:
    world = _with(edition, 5, tmp_path)
    own = Subscription(WORKSPACE, "UBOB", True, "UBOB", "daily", "09:00", "Europe/Berlin", NINE.date())
    world.service.context.store.subscriptions.put(replace(own, next_due_at=NINE), NINE)
    assert await _told(world, 6) == []
    assert world.channels.took == {"UBOB": 6}
