"""Half a year of tips in six zones: the scheduler on an injected clock posts what its rehearsal foretold.

And both are what a calendar and a list of all minutes say, by a reckoning that shares nothing with the bot.
"""

from __future__ import annotations

import asyncio
import calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bot.commands.tips.posting import schedule_of
from bot.commands.tips.rehearsing import rehearsals
from bot.dialogue.blocks import Paragraph
from bot.dialogue.delivery import Delivery, Pace
from bot.domain.tips.schedule import DAYS, next_slot
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from bot.service import Edition
from bot.store.community import Community
from bot.store.tips import Subscription
from tests.chat import edition_of, service_over
from tests.proof.finding import Finding

# Each with a first day, a local time that a change of the half year leaves out, and one that it doubles.
ZONES = {
    "Europe/Berlin": (date(2026, 10, 1), "02:30", "02:15"),
    "America/New_York": (date(2026, 10, 1), "02:30", "01:30"),
    "America/Santiago": (date(2026, 4, 2), "00:30", "23:30"),
    "Australia/Lord_Howe": (date(2026, 10, 3), "02:15", "01:45"),
    "Africa/Casablanca": (date(2026, 10, 1), "02:30", "02:15"),
    "Asia/Kolkata": (date(2026, 10, 1), "02:30", "23:59"),
}
SPAN = timedelta(weeks=26, days=2)  # Lord Howe's changes lie 26 weeks apart
RANDOM = 12  # schedules drawn for each zone, beside those above
RESTARTS = 12
HERE = Community("slack", "T1")
_MINUTE = timedelta(minutes=1)

Posts = dict[str, list[tuple[datetime, str]]]  # by channel: when it was due, and the tip


@dataclass
class Channels:
    """Where Slack would stand: notes what comes."""

    pace: Pace = field(default_factory=Pace)
    ready: bool = True
    took: list[Delivery] = field(default_factory=list)

    async def deliver(self, delivery: Delivery) -> str:
        """Take a tip; words to its owner are no matter of zones."""
        if delivery.slot is not None:
            self.took.append(delivery)
        return "1"


def prove(seed: int, share: float) -> Iterator[Finding]:
    """Drive each zone, from its first day through both changes."""
    random, edition = Random(seed), edition_of()
    for zone in random.sample(list(ZONES), max(2, round(len(ZONES) * share))):
        wanted = list(_wanted(zone, random, share))
        begin = _midnight(ZONES[zone][0], zone)
        end = begin + SPAN
        with TemporaryDirectory() as folder:
            foretold = _foretold(edition, Path(folder), wanted, end)
            drive = _Drive(edition, Path(folder), random, max(2, round(RESTARTS * share)))
            posted = _by_channel(asyncio.run(drive.run(begin, end)), edition)
        minutes = _minutes(zone, begin, end)
        wrong = [_wrong(one, posted[one.channel], foretold[one.channel], minutes) for one in wanted]
        faults = [words for words in wrong if words]
        posts = sum(len(posted[one.channel]) for one in wanted)
        note = f"{posts:,} posts, {_changes(zone, begin, end)} clock changes, {drive.restarts} restarts"
        yield Finding(f"schedules in {zone}", len(wanted), len(faults), " ".join((note, *faults[:1])))


def _wanted(zone: str, random: Random, share: float) -> Iterator[Subscription]:
    """What every run has, then what the seed brings."""
    since, missing, doubled = ZONES[zone]
    fixed = [("daily", missing), ("daily", doubled), ("tue", "09:00"), ("last fri", "09:00")]
    fixed += [("every-second tue", "09:00"), ("sun", missing), ("every-second sat", doubled)]
    drawn = [_drawn(random) for _ in range(round(RANDOM * share))]
    for number, (days, at) in enumerate((fixed if share == 1 else random.sample(fixed, 2)) + drawn):
        yield _subscription(f"C{number}", days, at, zone, since + timedelta(days=number % 14))


def _drawn(random: Random) -> tuple[str, str]:
    """Days and a time, mostly one of the small hours that clock changes fall into."""
    picked = ",".join(day for day in DAYS if random.random() < 0.3) or "wed"
    place = random.choice(("first", "second", "third", "fourth", "last", "every-second"))
    days = random.choice(("daily", "weekdays", picked, f"{place} {random.choice(DAYS)}"))
    return days, f"{random.choice((0, 1, 2, 3, random.randrange(24))):02}:{random.randrange(60):02}"


def _subscription(channel: str, days: str, at: str, zone: str, since: date) -> Subscription:
    one = Subscription(HERE, channel, False, "UADA", days, at, zone, since)
    return replace(one, next_due_at=next_slot(schedule_of(one), _midnight(since, zone) - _MINUTE))


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _foretold(edition: Edition, folder: Path, wanted: list[Subscription], end: datetime) -> Posts:
    """Set everything up; what `career-bot tips simulate` then prints."""
    found: Posts = {}
    service = service_over(edition, folder)
    for one in wanted:
        service.context.store.subscriptions.put(one, end)
    for rehearsal in rehearsals(service.context, datetime.min.replace(tzinfo=UTC)):
        channel = rehearsal.name.rpartition(" ")[2]
        posts = rehearsal.posts(service.context.library, end)
        found[channel] = [(post.slot, post.chosen.tip if post.chosen else "") for post in posts]
    service.context.home.close()
    return found


class _Drive:
    """The real scheduler; the clock goes to the moment that each tick says it waits for."""

    def __init__(self, edition: Edition, folder: Path, random: Random, restarts: int) -> None:
        self._edition = edition
        self._folder = folder
        self._random = random
        self._often = restarts
        self._now = datetime.min.replace(tzinfo=UTC)
        self.restarts = 0

    async def run(self, begin: datetime, end: datetime) -> list[Delivery]:
        """Tick until nothing more is due before the end; all that was posted."""
        channels, self._now = Channels(), begin - timedelta(days=1)
        breaks = sorted(begin + (end - begin) * self._random.random() for _ in range(self._often))
        for stop in (*breaks, end):
            service = service_over(self._edition, self._folder)
            answering = Answering(service)
            schedule = Schedule(service, answering, {"slack": channels}, lambda: self._now)
            while (due := await schedule.tick()) is not None and due < stop:
                assert due > self._now, "what was due did not go out"
                self._now = due
            answering.close()
            service.context.home.close()
            self.restarts += 1
        return channels.took


def _by_channel(took: list[Delivery], edition: Edition) -> Posts:
    """The tip of a message is known by its words."""
    tips = {tip.text: tip.id for tip in edition.library.tips.values()}
    found: Posts = defaultdict(list)
    for one in took:
        said = next(block.spans for block in one.reply.blocks if isinstance(block, Paragraph))
        assert one.slot is not None
        found[one.channel].append((one.slot, tips[said]))
    return found


def _wrong(
    one: Subscription,
    posted: list[tuple[datetime, str]],
    foretold: list[tuple[datetime, str]],
    minutes: dict[datetime, datetime],
) -> str:
    """The first thing that differs; empty when nothing does."""
    name = f"{one.days} {one.at} {one.zone}"
    if posted != foretold:
        both = zip(posted, foretold, strict=False)
        first = next((f"{has} for {told}" for has, told in both if has != told), "one ends early")
        return f"{name}: posted {first}"
    reckoned = list(_reckoned(one, minutes))
    slots = [slot for slot, _ in posted]
    if slots != reckoned:
        differ = sorted(set(slots) ^ set(reckoned)) or slots
        return f"{name}: by the calendar {differ[0].astimezone(ZoneInfo(one.zone)):%Y-%m-%d %H:%M %z}"
    return ""


def _minutes(zone: str, begin: datetime, end: datetime) -> dict[datetime, datetime]:
    """Every local minute that there is, and the first moment that reads so."""
    found: dict[datetime, datetime] = {}
    moment, rules = begin, ZoneInfo(zone)
    while moment < end:
        found.setdefault(moment.astimezone(rules).replace(tzinfo=None, fold=0), moment)
        moment += _MINUTE
    return found


def _reckoned(one: Subscription, minutes: dict[datetime, datetime]) -> Iterator[datetime]:
    """By a calendar and the list of all minutes: the first one that reads so, else the first one later."""
    last, day = max(minutes), one.since
    while True:
        wanted = datetime.fromisoformat(f"{day} {one.at}")
        while wanted not in minutes and wanted <= last:
            wanted += _MINUTE
        if wanted > last:
            return
        if _on(one, day):
            yield minutes[wanted]
        day += timedelta(days=1)


def _on(one: Subscription, day: date) -> bool:
    if one.days in ("daily", "weekdays"):
        return one.days == "daily" or calendar.day_abbr[day.weekday()] not in ("Sat", "Sun")
    place, _, names = one.days.rpartition(" ")
    if calendar.day_abbr[day.weekday()].lower() not in names.split(","):
        return False
    if place == "every-second":
        return (day - one.since).days % 14 < 7
    same = [
        week[day.weekday()] for week in calendar.monthcalendar(day.year, day.month) if week[day.weekday()]
    ]
    places = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
    return not place or same[places[place]] == day.day


def _changes(zone: str, begin: datetime, end: datetime) -> int:
    """How often the clocks changed meanwhile."""
    hours = [begin + timedelta(hours=number) for number in range((end - begin) // timedelta(hours=1))]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    return sum(one != other for one, other in pairwise(offsets))
