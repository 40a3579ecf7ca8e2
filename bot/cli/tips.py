"""Rehearse tips: career-bot tips simulate --weeks 26 prints every post, through both clock changes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.app import App, utc_now
from bot.dialogue.spans import words
from bot.domain.tips.choice import Posted, choose, pool
from bot.domain.tips.schedule import Schedule, slots, time_of, when_of, zone_of
from bot.errors import SettingsError
from bot.library.library import Library
from bot.settings import Settings

_SHOWN = 60  # characters of a tip
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to rehearse."""
    parser.add_argument("what", choices=["simulate"], help="print what would be posted when")
    parser.add_argument("--when", default="tuesday", help="daily, weekdays, mon,thu, last friday … (tuesday)")
    parser.add_argument("--at", default="09:00", help="the local time (09:00)")
    parser.add_argument("--zone", action="append", help=f"may stand several times ({', '.join(_ZONES)})")
    parser.add_argument("--tag", action="append", default=[], help="only tips of these tags")
    parser.add_argument("--weeks", type=int, default=26, help="how far (26)")
    parser.add_argument("--start", type=date.fromisoformat, help="the first day, like 2026-09-01 (today)")
    parser.add_argument(
        "--restart-at", type=datetime.fromisoformat, help="forget all but the rows at this moment (UTC)"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print one line a post, and how many there were."""
    library = App.build(settings).service.context.library
    when, at = when_of(options.when), time_of(options.at)
    if when is None or at is None:
        raise SettingsError("--when and --at: days and a time like: --when mon,thu --at 09:00")
    start = options.start or utc_now().date()
    for name in options.zone or _ZONES:
        zone = zone_of(name)
        if zone is None:
            raise SettingsError(f"--zone: there is no zone {name}; write one like Europe/Berlin")
        posts = list(_posts(library, Schedule(when, at, zone, start), options))
        for line in posts:
            print(line)
        print(f"{zone}: {len(posts)} posts in {options.weeks} weeks\n")
    return 0


def _posts(library: Library, schedule: Schedule, options: argparse.Namespace) -> Iterator[str]:
    """One line a post, by the functions that the running bot uses."""
    zone, posted = ZoneInfo(schedule.zone), Posted(0, frozenset(), ())
    for slot in _slots(schedule, options.weeks, options.restart_at):
        local = f"{slot.astimezone(zone):%a %Y-%m-%d %H:%M %z}"
        chosen = choose(pool(library, options.tag, slot.date()), posted, schedule.zone)
        if chosen is None:
            yield f"{local}  no tip: none of these tags has a card reviewed within a year"
            continue
        posted = posted.after(chosen)
        tip = library.tips[chosen.tip]
        yield f"{local}  {library.cards[tip.card].tags[0]}: {words(tip.text)[:_SHOWN]}…"


def _slots(schedule: Schedule, weeks: int, restart: datetime | None) -> Iterator[datetime]:
    """The slots of some weeks; a restart begins anew from the last one, as a process does from its rows."""
    begin = datetime.combine(schedule.since, time(), ZoneInfo(schedule.zone)).astimezone(UTC)
    end, last = begin + timedelta(weeks=weeks), begin - timedelta(seconds=1)
    for stop in (end if restart is None else min(end, restart.replace(tzinfo=UTC)), end):
        for slot in slots(schedule, last):
            if slot >= stop:
                break
            yield slot
            last = slot
