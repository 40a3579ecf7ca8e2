"""Zones and days as people name them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tips.days import day_of, is_day, named_days
from bot.domain.tips.schedule import when_of, zone_of
from bot.domain.tips.zones import COMMON, zone_named, zones

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berlin", "Europe/Berlin"),
        ("Europe/B", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("america/new_y", "America/New_York"),
        ("lord", "Australia/Lord_Howe"),
        ("york", "America/New_York"),
        ("lon", "Europe/London"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_city_or_its_area(typed: str, first: str) -> None:
    assert zones(typed)[0] == first


def test_the_common_zones_come_first_and_exist() -> None:
    assert all(zone_of(zone) == zone for zone in COMMON)
    assert len(COMMON) <= 25
    assert zones("") == list(COMMON)


@given(st.text(max_size=20))
def test_every_zone_that_is_offered_is_one(typed: str) -> None:
    assert all(zone_of(zone) is not None for zone in zones(typed)[:5])
    assert zone_named(typed) is None or zone_of(str(zone_named(typed))) is not None


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("ber", None),
        ("", None),
        ("..", None),
    ],
)
def test_a_zone_is_named_whole_in_any_case_or_by_its_city(said: str, zone: str | None) -> None:
    assert zone_named(said) == zone


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("Tomorrow", date(2026, 11, 25)),
        ("in a  week", date(2026, 12, 1)),
        ("in a month", date(2026, 12, 24)),
        ("friday", date(2026, 11, 27)),
        ("tue", date(2026, 12, 1)),
        ("2026-11-23", None),
        ("2036-11-23", None),
        ("mon,thu", None),
        ("daily", None),
        ("someday", None),
    ],
)
def test_a_day_to_come_is_said_by_its_date_or_name(said: str, day: date | None) -> None:
    assert day_of(said, TODAY) == day


def test_a_month_from_its_last_day_ends_where_the_next_month_does() -> None:
    assert day_of("in a month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert day_of("in a month", date(2027, 12, 31)) == date(2028, 1, 31)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_named_day_comes_within_a_month(today: date) -> None:
    for name, day in named_days(today).items():
        assert timedelta() < day - today <= timedelta(days=31)
        assert day_of(name, today) == day
        assert is_day(name)


def test_all_seven_days_are_every_day_and_spaces_after_commas_do_no_harm() -> None:
    assert when_of("mon, tue, wed, thu, fri, sat, sun") == "daily"
    assert when_of("mon, thu") == "mon,thu"
