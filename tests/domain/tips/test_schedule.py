"""When a tip is due: the same local time through every clock change, in words that people use."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.tips.schedule import Schedule, find_next_slot, iter_slots, parse_days, parse_time, parse_zone

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
    "Pacific/Auckland",
)


def _format_local_slots(schedule: Schedule, after: datetime, slot_count: int) -> list[str]:
    zone = ZoneInfo(schedule.zone)
    return [
        f"{slot.astimezone(zone):%a %m-%d %H:%M %z}"
        for slot in islice(iter_slots(schedule, after), slot_count)
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_nine_stays_nine_for_a_year_of_weeks(zone: str) -> None:
    schedule = Schedule("tue", time(9), zone, date(2026, 1, 1))
    found = list(islice(iter_slots(schedule, datetime(2026, 1, 1, tzinfo=UTC)), 52))
    local = [slot.astimezone(ZoneInfo(zone)) for slot in found]
    assert {(moment.hour, moment.minute, moment.weekday()) for moment in local} == {(9, 0, 1)}
    assert {later.date() - earlier.date() for earlier, later in pairwise(local)} == {timedelta(days=7)}


# The missing hour goes out at the first minute after it; of the doubled hour the first one counts.
@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("America/New_York", time(2, 30), date(2026, 3, 8), "2026-03-08 03:00 -0400"),
        ("America/New_York", time(1, 30), date(2026, 11, 1), "2026-11-01 01:30 -0400"),
        ("Europe/London", time(1, 30), date(2026, 3, 29), "2026-03-29 02:00 +0100"),
        ("Europe/London", time(1, 30), date(2026, 10, 25), "2026-10-25 01:30 +0100"),
        ("Europe/London", time(2, 30), date(2026, 10, 25), "2026-10-25 02:30 +0000"),
        ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4), "2026-10-04 02:30 +1100"),
        ("Australia/Lord_Howe", time(1, 45), date(2026, 4, 5), "2026-04-05 01:45 +1100"),
        ("America/Santiago", time(0, 30), date(2026, 9, 6), "2026-09-06 01:00 -0300"),
        ("Asia/Kolkata", time(2, 30), date(2026, 3, 29), "2026-03-29 02:30 +0530"),
    ],
)
def test_a_clock_change_neither_doubles_nor_loses_a_tip(
    zone: str, at: time, day: date, expected: str
) -> None:
    schedule = Schedule("sun", at, zone, date(2026, 1, 1))
    week = [
        slot.astimezone(ZoneInfo(zone))
        for slot in islice(iter_slots(schedule, datetime(2026, 1, 1, tzinfo=UTC)), 60)
    ]
    assert [f"{slot:%Y-%m-%d %H:%M %z}" for slot in week if slot.date() == day] == [expected]
    assert len({slot.date() for slot in week}) == len(week)


@settings(max_examples=200, deadline=None)
@given(
    when=st.sampled_from(["daily", "weekdays", "mon,thu", "every-second tue", "first tue", "last fri"]),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_slots_only_go_forward_one_a_local_day(when: str, at: time, zone: str, after: datetime) -> None:
    schedule = Schedule(when, at, zone, after.date())
    found = list(islice(iter_slots(schedule, after), 8))
    assert all(earlier < later for earlier, later in zip([after, *found], found, strict=False))
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in found]
    assert len(set(days)) == len(days)
    for slot in found:  # whoever asks at any moment before a slot, and after the one before, hears of it
        assert find_next_slot(schedule, slot - timedelta(seconds=1)) == slot


def test_accepted_day_phrases() -> None:
    berlin = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
    expected = {
        "daily": ["Wed 11-25", "Thu 11-26", "Fri 11-27"],
        "weekdays": ["Wed 11-25", "Thu 11-26", "Fri 11-27"],
        "mon,thu": ["Thu 11-26", "Mon 11-30", "Thu 12-03"],
        "every-second tue": ["Tue 12-08", "Tue 12-22", "Tue 01-05"],
        "first tue": ["Tue 12-01", "Tue 01-05", "Tue 02-02"],
        "last fri": ["Fri 11-27", "Fri 12-25", "Fri 01-29"],
    }
    for when, days in expected.items():
        schedule = Schedule(when, time(9), "Europe/Berlin", date(2026, 11, 24))
        assert [slot[:9] for slot in _format_local_slots(schedule, berlin, 3)] == days


@pytest.mark.parametrize(
    ("typed_text", "expected_days"),
    [
        ("Daily", "daily"),
        ("tuesday", "tue"),
        ("Tuesdays", "tue"),
        ("thurs", "thu"),
        ("thu,mon,mon", "mon,thu"),
        ("every-second Tuesday", "every-second tue"),
        ("every second tuesday", "every-second tue"),
        ("every tuesday", "tue"),
        ("Every day", "daily"),
        ("every weekday", "weekdays"),
        ("every mon, thu", "mon,thu"),
        ("second tuesday", "second tue"),
        ("every second", None),
        ("every", None),
        ("last friday", "last fri"),
        ("1", None),
        ("t", None),
        ("someday", None),
        ("", None),
        ("mon,", None),
        ("fifth friday", None),
    ],
)
def test_days_are_names_never_numbers(typed_text: str, expected_days: str | None) -> None:
    assert parse_days(typed_text) == expected_days


@pytest.mark.parametrize(
    ("typed_text", "expected_time"),
    [("9:00", time(9)), ("09.30", time(9, 30)), ("9am", time(9)), ("9:30 PM", time(21, 30)),
     ("12am", time(0)), ("12pm", time(12))],
)  # fmt: skip
def test_time_is_parsed_in_24_and_12_hour_form(typed_text: str, expected_time: time) -> None:
    assert parse_time(typed_text) == expected_time


@pytest.mark.parametrize("typed_text", ["24:00", "9", "9:60", "", "13pm", "0am", "9 a", "009:00", "٩:٠٠"])
def test_times_that_make_no_sense_are_refused(typed_text: str) -> None:
    assert parse_time(typed_text) is None


def test_zones_that_make_no_sense_are_refused() -> None:
    assert parse_zone("Europe/Berlin") == "Europe/Berlin"
    for wrong in ("Berlin", "Europe/Nowhere", "../etc/passwd", "Europe/", "a/\0", "/etc/localtime"):
        assert parse_zone(wrong) is None
