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
from bot.cli.saying import counted
from bot.commands.tips.simulation import TipSimulation, build_simulations
from bot.domain.tips.dst import ClockChange, iter_clock_changes
from bot.domain.tips.schedule import Schedule, find_next_slot, parse_days, parse_time, parse_zone
from bot.domain.tips.selection import PostHistory
from bot.domain.tips.tip_plan import PlannedPost, Subscriber
from bot.errors import SettingsError, StoreUnavailableError
from bot.library.library import Library
from bot.messaging.spans import spans_to_text
from bot.settings import Settings

_SHOWN = 60  # characters of a tip
_MOST_WEEKS = 520
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")

_WEEK, _YEAR = timedelta(weeks=1), timedelta(days=366)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """What is printed: posts from one moment until before another."""

    begin: datetime
    end: datetime


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to rehearse."""
    parser.add_argument("what", choices=["simulate"], help="print what would be posted when")
    parser.add_argument("--weeks", type=_weeks, default=26, help="how far (26)")
    parser.add_argument("--start", type=_day, help="the first day, like 2026-10-01 (today)")
    parser.add_argument("--restart-at", type=_moment, help="forget all but the rows at this moment (UTC)")
    example = parser.add_argument_group("an example, in place of the tips that are set up here")
    example.add_argument("--when", type=_when, help="daily, weekdays, mon,thu, last friday … (tuesday)")
    example.add_argument("--at", type=_time, help="the local time (09:00)")
    zones = ", ".join(_ZONES)
    example.add_argument("--zone", type=_zone, action="append", help=f"may stand several times ({zones})")
    example.add_argument("--tag", action="append", default=[], help="only tips of these tags")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print each place's posts, and how many there were at which local time."""
    app = App.build(settings)
    library = app.service.context.library
    if unknown := set(options.tag) - set(library.tags):
        raise SettingsError(f"--tag: there is no tag {min(unknown)}; there are {', '.join(library.tags)}")
    asked = bool(options.when or options.at or options.zone or options.tag)
    found = [] if asked else _set_up(app)
    if not found:
        if not asked:
            print("No tips are set up here; these are examples.\n")
        found = list(_examples(options))
    for rehearsal in found:
        for line in _lines(rehearsal, library, options):
            print(line)
        print()
    return 0


def _set_up(app: App) -> list[TipSimulation]:
    """What the database holds, which this does not create."""
    if app.storage.is_empty:
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


def _examples(options: argparse.Namespace) -> Iterator[TipSimulation]:
    start = options.start or utc_now().date()
    for zone in options.zone or _ZONES:
        schedule = Schedule(options.when or "tue", options.at or time(9), zone, start)
        due = find_next_slot(schedule, _midnight(start, zone) - timedelta(seconds=1))
        taker = Subscriber(schedule, tuple(options.tag), zone)
        yield TipSimulation("example", taker, PostHistory(0, frozenset(), ()), due)


def _lines(rehearsal: TipSimulation, library: Library, options: argparse.Namespace) -> Iterator[str]:
    """A heading, a line a post with the clock changes between them, and the sum."""
    schedule = rehearsal.subscriber.schedule
    tags = f", only {', '.join(rehearsal.subscriber.tags)}" if rehearsal.subscriber.tags else ""
    yield f"{rehearsal.label}, {schedule.zone}: {schedule.days} {schedule.local_time:%H:%M}{tags}"
    if rehearsal.next_due_at is None:
        yield f"rests ({rehearsal.pause_reason}): nothing comes until somebody resumes it"
        return
    begin = (
        _midnight(options.start, schedule.zone) if options.start else min(utc_now(), rehearsal.next_due_at)
    )
    span = Span(begin, begin + options.weeks * _WEEK)
    coming = rehearsal.iter_posts(library, span.end, options.restart_at)
    posts = [post for post in coming if post.scheduled_at >= span.begin]
    turns = list(iter_clock_changes(schedule.zone, span.begin, span.end))
    lines = [(post.scheduled_at, _post_line(post, schedule, library)) for post in posts]
    lines += [(turn.at, _turn_line(turn, schedule)) for turn in turns]
    yield from (line for _, line in sorted(lines))
    times = _times(posts, schedule) if posts else ""
    turned = counted(len(turns), "clock change", "clock changes")
    found = counted(len(posts), "post", "posts")
    yield f"{found} in {options.weeks} weeks{times}; {turned}{_later(turns, schedule, span)}"


def _post_line(post: PlannedPost, schedule: Schedule, library: Library) -> str:
    local = f"{post.scheduled_at.astimezone(ZoneInfo(schedule.zone)):%a %Y-%m-%d %H:%M %z}"
    if post.choice is None:
        return f"{local}  no tip: none of these tags has a card reviewed within a year"
    tip = library.tips[post.choice.tip]
    return f"{local}  {library.cards[tip.card].tags[0]}: {spans_to_text(tip.text)[:_SHOWN]}…"


def _turn_line(turn: ClockChange, schedule: Schedule) -> str:
    way = "forward" if turn.offset_after > turn.offset_before else "back"
    now = turn.at.astimezone(ZoneInfo(schedule.zone))
    return f"    {now:%a %Y-%m-%d}: clocks go {way} to {now.isoformat()[-6:]}"


def _times(posts: Sequence[PlannedPost], schedule: Schedule) -> str:
    """`, all at 09:00 local time`; where a clock change leaves that out, which other times."""
    zone = ZoneInfo(schedule.zone)
    times = Counter(f"{post.scheduled_at.astimezone(zone):%H:%M}" for post in posts)
    wanted = f"{schedule.local_time:%H:%M}"
    others = [f"{number} at {at}" for at, number in sorted(times.items()) if at != wanted]
    if not others:
        return f", all at {wanted} local time"
    return f", {times[wanted]} at {wanted} local time, {', '.join(others)} where clocks leave {wanted} out"


def _later(turns: Sequence[ClockChange], schedule: Schedule, span: Span) -> str:
    """How many weeks show both changes of a year, when these do not."""
    later = next(iter_clock_changes(schedule.zone, span.end, span.end + _YEAR), None)
    if len(turns) > 1 or later is None:
        return ""
    return f", the next on {later.at:%Y-%m-%d}: --weeks {(later.at - span.begin) // _WEEK + 2}"


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _weeks(said: str) -> int:
    wanted = f"weeks from 1 to {_MOST_WEEKS}"
    number = _read(int, said, wanted)
    return _sensible(number if 1 <= number <= _MOST_WEEKS else None, said, wanted)


def _day(said: str) -> date:
    return _read(date.fromisoformat, said, "a day like 2026-10-01")


def _moment(said: str) -> datetime:
    found = _read(datetime.fromisoformat, said, "a moment like 2026-10-25T00:30")
    return found.replace(tzinfo=found.tzinfo or UTC)


def _when(said: str) -> str:
    return _sensible(parse_days(said), said, "days like daily, mon,thu or last friday")


def _time(said: str) -> time:
    return _sensible(parse_time(said), said, "a time like 09:00")


def _zone(said: str) -> str:
    return _sensible(parse_zone(said), said, "a zone like Europe/Berlin")


def _read(read: Callable[[str], T], said: str, wanted: str) -> T:
    try:
        return read(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{wanted} is wanted, not {said!r}") from None


def _sensible(found: T | None, said: str, wanted: str) -> T:
    if found is None:
        raise argparse.ArgumentTypeError(f"{wanted} is wanted, not {said!r}")
    return found
