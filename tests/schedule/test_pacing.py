"""How fast messages follow each other: never two in a second to one channel; who is told to wait waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.dialogue.delivery import Pace
from bot.errors import NotSent
from bot.service import Service
from bot.store.community import Community
from tests.schedule.world import NINE, WORKSPACE, Channels, Clock, World, timed, until_done

OTHER = Community("slack", "T2")
SLACKS, DISCORDS = Pace(channel=1.0, workspace=0.25), Pace(channel=1.0, platform=0.05)


@pytest.fixture
def many(service: Service) -> World:
    return World(service, Channels(), Clock())


async def test_a_burst_keeps_the_pace_of_its_workspace_and_no_other_waits_for_it(many: World) -> None:
    hours, noted, schedule, _ = timed(many.service, SLACKS)
    many.subscribe(*(f"C{number}" for number in range(20)))
    many.subscribe(*(f"D{number}" for number in range(20)), where=OTHER)
    await hours.through(schedule.tick())
    for letter in "CD":
        times = noted.times(*(f"{letter}{number}" for number in range(20)))
        assert times == pytest.approx([0.25 * number for number in range(20)])
    assert noted.took.total() == 40


async def test_a_platform_with_one_pace_for_all_spreads_over_its_servers(many: World) -> None:
    hours, noted, schedule, _ = timed(many.service, DISCORDS, "discord")
    for number in range(40):
        many.subscribe(f"{number}", where=Community("discord", f"{number % 7}"))
    await hours.through(schedule.tick())
    assert noted.times() == pytest.approx([0.05 * number for number in range(40)])


async def test_one_person_gets_words_a_second_apart(many: World) -> None:
    hours, noted, schedule, _ = timed(many.service, SLACKS)
    many.subscribe("C1", "C2", "C3")
    for channel in ("C1", "C2", "C3"):
        noted.fails[channel] = [NotSent("channel_not_found")]
    await until_done(schedule, hours)
    told = noted.times("UADA")
    assert len(told) == 3
    assert all(later - sooner >= 1 for sooner, later in pairwise(told))


async def test_two_late_tips_of_one_channel_come_a_second_apart(many: World) -> None:
    hours, noted, schedule, _ = timed(many.service, SLACKS)
    many.subscribe("C1")
    hours.passed = 90.0
    store = many.service.context.store
    found = store.subscriptions.get(WORKSPACE, "C1")
    assert found is not None
    (first,) = many.service.claim(frozenset({"slack"}), NINE)  # a process that dies; then set up anew
    store.subscriptions.put(replace(found, next_due_at=NINE + timedelta(seconds=60)), NINE)
    await hours.through(schedule.tick())
    assert [one.slot for _, one in noted.at] == [first.slot, NINE + timedelta(seconds=60)]
    assert noted.times() == [90.0, 91.0]


@pytest.mark.parametrize(
    ("scope", "held"),
    [("channel", {"C1"}), ("workspace", {"C1", "C2"}), ("platform", {"C1", "C2", "D1"})],
)
async def test_what_a_platform_slows_down_waits_exactly_as_told_and_nothing_else_does(
    many: World, scope: str, held: set[str]
) -> None:
    hours, noted, schedule, _ = timed(many.service, SLACKS)
    many.subscribe("C1", "C2")
    many.subscribe("D1", where=OTHER, due=NINE + timedelta(milliseconds=1))
    noted.fails["C1"] = [NotSent("ratelimited", retry_after=40, scope=scope)]  # type: ignore[arg-type]
    await until_done(schedule, hours)
    waited = {one.channel for at, one in noted.at if at >= 40}
    assert waited == held
    assert noted.times("C1") == [40.0]
    assert all(at >= 40 or at < 2 for at in noted.times())
    assert noted.took == {"C1": 1, "C2": 1, "D1": 1}


async def test_a_word_that_is_told_to_wait_is_told_once_when_it_may(many: World) -> None:
    hours, noted, schedule, _ = timed(many.service, SLACKS)
    many.subscribe("C1")
    noted.fails = {"C1": [NotSent("is_archived")], "UADA": [NotSent("ratelimited", retry_after=7)]}
    await until_done(schedule, hours)
    assert [one.channel for one in noted.words] == ["UADA"]
    assert noted.times("UADA")[0] >= 7
