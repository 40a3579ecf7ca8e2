"""Rehearse tips: career-bot tips simulate --weeks 26 prints every post, through the clock changes."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.app import App, utc_now
from bot.cli.output import format_count
from bot.commands.tips.simulation import TipSimulation, build_simulations
from bot.content.content import Content
from bot.domain.tenant import Tenant
from bot.domain.tips.dst import ClockChange, iter_clock_changes
from bot.domain.tips.rotation import PlannedPost, PostHistory
from bot.domain.tips.schedule import Schedule, find_next_slot, parse_days, parse_time, parse_zone
from bot.domain.tips.subscription import Subscription
from bot.errors import SettingsError, StoreUnavailableError
from bot.messaging.spans import spans_to_text
from bot.settings import Settings

_MAX_TIP_LENGTH = 60  # characters of a tip
_MAX_WEEKS = 520
_EXAMPLE_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")

_WEEK, _YEAR = timedelta(weeks=1), timedelta(days=366)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """What is printed: posts from one moment until before another."""

    start: datetime
    end: datetime


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to rehearse."""
    parser.add_argument("what", choices=["simulate"], help="print what would be posted when")
    parser.add_argument("--weeks", type=_parse_weeks, default=26, help="how far (26)")
    parser.add_argument("--start", type=_parse_day, help="the first day, like 2026-10-01 (today)")
    parser.add_argument(
        "--restart-at", type=_parse_datetime, help="forget all but the rows at this moment (UTC)"
    )
    example = parser.add_argument_group("an example, in place of the tips that are set up here")
    example.add_argument("--when", type=_parse_days, help="daily, weekdays, mon,thu, last friday … (tuesday)")
    example.add_argument("--at", type=_parse_local_time, help="the local time (09:00)")
    zones = ", ".join(_EXAMPLE_ZONES)
    example.add_argument(
        "--zone", type=_parse_timezone, action="append", help=f"may stand several times ({zones})"
    )
    example.add_argument("--tag", action="append", default=[], help="only tips of these tags")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print each place's posts, and how many there were at which local time."""
    app = App.build(settings)
    library = app.service.context.content
    if unknown := set(options.tag) - set(library.tags):
        raise SettingsError(f"--tag: there is no tag {min(unknown)}; there are {', '.join(library.tags)}")
    asked = bool(options.when or options.at or options.zone or options.tag)
    found = [] if asked else _load_simulations(app)
    if not found:
        if not asked:
            print("No tips are set up here; these are examples.\n")
        found = list(_build_examples(options))
    for rehearsal in found:
        for line in _format_simulation(rehearsal, library, options):
            print(line)
        print()
    return 0


def _load_simulations(app: App) -> list[TipSimulation]:
    """What the database holds, which this does not create."""
    if app.storage.has_no_file():
        return []
    try:
        return build_simulations(app.service.context, utc_now())
    except StoreUnavailableError as error:
        raise SettingsError(
            f"DATABASE_URL: the database does not answer ({error}); "
            "with --zone Europe/Berlin an example is rehearsed without it"
        ) from error
    finally:
        app.storage.close()


def _build_examples(options: argparse.Namespace) -> Iterator[TipSimulation]:
    start = options.start or utc_now().date()
    for zone in options.zone or _EXAMPLE_ZONES:
        schedule = Schedule(options.when or "tue", options.at or time(9), zone, start)
        due = find_next_slot(schedule, _local_midnight(start, zone) - timedelta(seconds=1))
        example = Subscription(Tenant("example", ""), zone, False, None, schedule, tuple(options.tag))
        yield TipSimulation("example", example, PostHistory(0, frozenset(), ()), due)


def _format_simulation(
    simulation: TipSimulation, content: Content, options: argparse.Namespace
) -> Iterator[str]:
    """A heading, a line a post with the clock changes between them, and the sum."""
    schedule = simulation.subscription.schedule
    tags = f", only {', '.join(simulation.subscription.tags)}" if simulation.subscription.tags else ""
    yield f"{simulation.label}, {schedule.zone}: {schedule.days} {schedule.local_time:%H:%M}{tags}"
    if simulation.next_due_at is None:
        yield f"rests ({simulation.pause_reason}): nothing comes until someone resumes it"
        return
    begin = (
        _local_midnight(options.start, schedule.zone)
        if options.start
        else min(utc_now(), simulation.next_due_at)
    )
    span = TimeRange(begin, begin + options.weeks * _WEEK)
    coming = simulation.iter_posts(content, span.end, options.restart_at)
    posts = [post for post in coming if post.scheduled_at >= span.start]
    turns = list(iter_clock_changes(schedule.zone, span.start, span.end))
    lines = [(post.scheduled_at, _format_post(post, schedule, content)) for post in posts]
    lines += [(turn.at, _format_clock_change(turn, schedule)) for turn in turns]
    yield from (line for _, line in sorted(lines))
    times = _format_times(posts, schedule) if posts else ""
    turned = format_count(len(turns), "clock change", "clock changes")
    found = format_count(len(posts), "post", "posts")
    yield f"{found} in {options.weeks} weeks{times}; {turned}{_format_next_clock_change(turns, schedule, span)}"


def _format_post(post: PlannedPost, schedule: Schedule, content: Content) -> str:
    local = f"{post.scheduled_at.astimezone(ZoneInfo(schedule.zone)):%a %Y-%m-%d %H:%M %z}"
    if post.choice is None:
        return f"{local}  no tip: none of these tags has a card reviewed within a year"
    tip = content.tips[post.choice.tip]
    return f"{local}  {content.cards[tip.card].tags[0]}: {spans_to_text(tip.text)[:_MAX_TIP_LENGTH]}…"


def _format_clock_change(clock_change: ClockChange, schedule: Schedule) -> str:
    way = "forward" if clock_change.offset_after > clock_change.offset_before else "back"
    now = clock_change.at.astimezone(ZoneInfo(schedule.zone))
    return f"    {now:%a %Y-%m-%d}: clocks go {way} to {now.isoformat()[-6:]}"


def _format_times(posts: Sequence[PlannedPost], schedule: Schedule) -> str:
    """`, all at 09:00 local time`; where a clock change leaves that out, which other times."""
    zone = ZoneInfo(schedule.zone)
    times = Counter(f"{post.scheduled_at.astimezone(zone):%H:%M}" for post in posts)
    wanted = f"{schedule.local_time:%H:%M}"
    others = [f"{number} at {at}" for at, number in sorted(times.items()) if at != wanted]
    if not others:
        return f", all at {wanted} local time"
    return f", {times[wanted]} at {wanted} local time, {', '.join(others)} where clocks leave {wanted} out"


def _format_next_clock_change(
    clock_changes: Sequence[ClockChange], schedule: Schedule, time_range: TimeRange
) -> str:
    """How many weeks show both changes of a year, when these do not."""
    later = next(iter_clock_changes(schedule.zone, time_range.end, time_range.end + _YEAR), None)
    if len(clock_changes) > 1 or later is None:
        return ""
    return f", the next on {later.at:%Y-%m-%d}: --weeks {(later.at - time_range.start) // _WEEK + 2}"


def _local_midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _parse_weeks(text: str) -> int:
    wanted = f"weeks from 1 to {_MAX_WEEKS}"
    number = _parse_value(int, text, wanted)
    return _require_value(number if 1 <= number <= _MAX_WEEKS else None, text, wanted)


def _parse_day(text: str) -> date:
    return _parse_value(date.fromisoformat, text, "a day like 2026-10-01")


def _parse_datetime(text: str) -> datetime:
    found = _parse_value(datetime.fromisoformat, text, "a moment like 2026-10-25T00:30")
    return found.replace(tzinfo=found.tzinfo or UTC)


def _parse_days(text: str) -> str:
    return _require_value(parse_days(text), text, "days like daily, mon,thu or last friday")


def _parse_local_time(text: str) -> time:
    return _require_value(parse_time(text), text, "a time like 09:00")


def _parse_timezone(text: str) -> str:
    return _require_value(parse_zone(text), text, "a zone like Europe/Berlin")


def _parse_value(parse: Callable[[str], T], text: str, expected: str) -> T:
    try:
        return parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{expected} is wanted, not {text!r}") from None


def _require_value(value: T | None, text: str, expected: str) -> T:
    if value is None:
        raise argparse.ArgumentTypeError(f"{expected} is wanted, not {text!r}")
    return value
