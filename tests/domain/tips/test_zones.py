"""Zones and days as people name them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tips.date_parser import is_date, list_named_dates, parse_date
from bot.domain.tips.schedule import parse_days, parse_zone
from bot.domain.tips.zones import COMMON_ZONES, find_zone, search_zones

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
    assert search_zones(typed)[0] == first


def test_the_common_zones_come_first_and_exist() -> None:
    assert all(parse_zone(zone) == zone for zone in COMMON_ZONES)
    assert len(COMMON_ZONES) <= 25
    assert search_zones("") == list(COMMON_ZONES)


@given(st.text(max_size=20))
def test_every_zone_that_is_offered_is_one(typed: str) -> None:
    assert all(parse_zone(zone) is not None for zone in search_zones(typed)[:5])
    assert find_zone(typed) is None or parse_zone(str(find_zone(typed))) is not None


@pytest.mark.parametrize(
    ("typed_text", "zone"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("ber", None),
        ("", None),
        ("..", None),
    ],
)
def test_a_zone_is_named_whole_in_any_case_or_by_its_city(typed_text: str, zone: str | None) -> None:
    assert find_zone(typed_text) == zone


@pytest.mark.parametrize(
    ("typed_text", "day"),
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
def test_future_day_is_parsed_from_date_or_name(typed_text: str, day: date | None) -> None:
    assert parse_date(typed_text, TODAY) == day


def test_a_month_from_its_last_day_ends_where_the_next_month_does() -> None:
    assert parse_date("in a month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse_date("in a month", date(2027, 12, 31)) == date(2028, 1, 31)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_named_day_comes_within_a_month(today: date) -> None:
    for name, day in list_named_dates(today).items():
        assert timedelta() < day - today <= timedelta(days=31)
        assert parse_date(name, today) == day
        assert is_date(name)


def test_all_seven_days_are_every_day_and_spaces_after_commas_do_no_harm() -> None:
    assert parse_days("mon, tue, wed, thu, fri, sat, sun") == "daily"
    assert parse_days("mon, thu") == "mon,thu"
