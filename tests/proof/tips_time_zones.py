"""Half a year of tips in six zones: the scheduler on an injected clock posts what its rehearsal foretold.

And both are what a calendar and a list of all minutes say, by a reckoning that shares nothing with the bot.
"""

from __future__ import annotations

import asyncio
import calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bot.commands.tips.simulation import build_simulations
from bot.delivery import DeliveryWorker
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import WEEKDAYS, Schedule, find_next_slot
from bot.domain.tips.subscription import Subscription
from bot.messaging.blocks import Paragraph
from bot.messaging.delivery import Delivery, DeliveryKind, SendIntervals
from bot.platforms.request_runner import RequestRunner
from bot.service import ContentSnapshot
from tests.chat import build_service_from, load_snapshot
from tests.proof.proof_result import ProofResult

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
RANDOM_SCHEDULES = 12  # schedules drawn for each zone, beside those above
RESTART_COUNT = 12
TENANT = Tenant("slack", "T1")
_MINUTE = timedelta(minutes=1)

PostsByChannel = dict[str, list[tuple[datetime, str]]]  # by channel: when it was due, and the tip


@dataclass
class TipRecorder:
    """Where Slack would stand: notes what comes."""

    send_intervals: SendIntervals = field(default_factory=SendIntervals)
    can_send: bool = True
    deliveries: list[Delivery] = field(default_factory=list)

    async def deliver(self, delivery: Delivery) -> str:
        """Take a tip; words to its owner are no matter of zones."""
        if delivery.kind is DeliveryKind.TIP:
            self.deliveries.append(delivery)
        return "1"


def prove(seed: int, share: float) -> Iterator[ProofResult]:
    """Drive each zone, from its first day through both changes."""
    random, edition = Random(seed), load_snapshot()
    for zone in random.sample(list(ZONES), max(2, round(len(ZONES) * share))):
        wanted = list(_build_subscriptions(zone, random, share))
        begin = _find_midnight(ZONES[zone][0], zone)
        end = begin + SPAN
        with TemporaryDirectory() as folder:
            foretold = _simulate_posts(edition, Path(folder), wanted, end)
            drive = _ScheduleDriver(edition, Path(folder), random, max(2, round(RESTART_COUNT * share)))
            posted = _group_by_channel(asyncio.run(drive.run(begin, end)), edition)
        minutes = _list_local_minutes(zone, begin, end)
        wrong = [_find_mismatch(one, posted[one.channel], foretold[one.channel], minutes) for one in wanted]
        faults = [words for words in wrong if words]
        posts = sum(len(posted[one.channel]) for one in wanted)
        note = f"{posts:,} posts, {_count_clock_changes(zone, begin, end)} clock changes, {drive.restarts} restarts"
        yield ProofResult(f"schedules in {zone}", len(wanted), len(faults), " ".join((note, *faults[:1])))


def _build_subscriptions(zone: str, random: Random, share: float) -> Iterator[Subscription]:
    """What every run has, then what the seed brings."""
    since, missing, doubled = ZONES[zone]
    fixed = [("daily", missing), ("daily", doubled), ("tue", "09:00"), ("last fri", "09:00")]
    fixed += [("every-second tue", "09:00"), ("sun", missing), ("every-second sat", doubled)]
    drawn = [_draw_schedule(random) for _ in range(round(RANDOM_SCHEDULES * share))]
    for number, (days, at) in enumerate((fixed if share == 1 else random.sample(fixed, 2)) + drawn):
        yield _build_subscription(f"C{number}", days, at, zone, since + timedelta(days=number % 14))


def _draw_schedule(random: Random) -> tuple[str, str]:
    """Days and a time, mostly one of the small hours that clock changes fall into."""
    picked = ",".join(day for day in WEEKDAYS if random.random() < 0.3) or "wed"
    place = random.choice(("first", "second", "third", "fourth", "last", "every-second"))
    days = random.choice(("daily", "weekdays", picked, f"{place} {random.choice(WEEKDAYS)}"))
    return days, f"{random.choice((0, 1, 2, 3, random.randrange(24))):02}:{random.randrange(60):02}"


def _build_subscription(
    channel: str, days: str, local_time: str, zone: str, anchor_date: date
) -> Subscription:
    one = Subscription(
        TENANT, channel, False, "UADA", Schedule(days, time.fromisoformat(local_time), zone, anchor_date)
    )
    return replace(one, next_due_at=find_next_slot(one.schedule, _find_midnight(anchor_date, zone) - _MINUTE))


def _find_midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _simulate_posts(
    snapshot: ContentSnapshot, folder: Path, subscriptions: list[Subscription], end: datetime
) -> PostsByChannel:
    """Set everything up; what `career-bot tips simulate` then prints."""
    found: PostsByChannel = {}
    service = build_service_from(snapshot, folder)
    for one in subscriptions:
        service.context.open_store().subscriptions.save(one, end)
    for rehearsal in build_simulations(service.context, datetime.min.replace(tzinfo=UTC)):
        channel = rehearsal.label.rpartition(" ")[2]
        posts = rehearsal.iter_posts(service.context.content, end)
        found[channel] = [(post.scheduled_at, post.choice.tip if post.choice else "") for post in posts]
    service.context.storage.close()
    return found


class _ScheduleDriver:
    """The real scheduler; the clock goes to the moment that each tick says it waits for."""

    def __init__(self, edition: ContentSnapshot, folder: Path, random: Random, restarts: int) -> None:
        self._edition = edition
        self._folder = folder
        self._random = random
        self._restart_count = restarts
        self._now = datetime.min.replace(tzinfo=UTC)
        self.restarts = 0

    async def run(self, begin: datetime, end: datetime) -> list[Delivery]:
        """Tick until nothing more is due before the end; all that was posted."""
        channels, self._now = TipRecorder(), begin - timedelta(days=1)
        breaks = sorted(begin + (end - begin) * self._random.random() for _ in range(self._restart_count))
        for stop in (*breaks, end):
            service = build_service_from(self._edition, self._folder)
            answering = RequestRunner(service)
            schedule = DeliveryWorker(service, answering, {"slack": channels}, lambda: self._now)
            while (due := await schedule.tick()) is not None and due < stop:
                assert due > self._now, "what was due did not go out"
                self._now = due
            answering.close()
            service.context.storage.close()
            self.restarts += 1
        return channels.deliveries


def _group_by_channel(deliveries: list[Delivery], snapshot: ContentSnapshot) -> PostsByChannel:
    """The tip of a message is known by its words."""
    tips = {tip.text: tip.id for tip in snapshot.library.tips.values()}
    found: PostsByChannel = defaultdict(list)
    for one in deliveries:
        said = next(block.spans for block in one.reply.blocks if isinstance(block, Paragraph))
        assert one.kind is DeliveryKind.TIP
        found[one.channel].append((one.due_since, tips[said]))
    return found


def _find_mismatch(
    subscription: Subscription,
    posted: list[tuple[datetime, str]],
    simulated: list[tuple[datetime, str]],
    minutes: dict[datetime, datetime],
) -> str:
    """The first thing that differs; empty when nothing does."""
    name = (
        f"{subscription.schedule.days} {subscription.schedule.local_time:%H:%M} {subscription.schedule.zone}"
    )
    if posted != simulated:
        both = zip(posted, simulated, strict=False)
        first = next((f"{has} for {told}" for has, told in both if has != told), "one ends early")
        return f"{name}: posted {first}"
    reckoned = list(_compute_expected_slots(subscription, minutes))
    slots = [slot for slot, _ in posted]
    if slots != reckoned:
        differ = sorted(set(slots) ^ set(reckoned)) or slots
        return f"{name}: by the calendar {differ[0].astimezone(ZoneInfo(subscription.schedule.zone)):%Y-%m-%d %H:%M %z}"
    return ""


def _list_local_minutes(zone: str, begin: datetime, end: datetime) -> dict[datetime, datetime]:
    """Every local minute that there is, and the first moment that reads so."""
    found: dict[datetime, datetime] = {}
    moment, rules = begin, ZoneInfo(zone)
    while moment < end:
        found.setdefault(moment.astimezone(rules).replace(tzinfo=None, fold=0), moment)
        moment += _MINUTE
    return found


def _compute_expected_slots(
    subscription: Subscription, minutes: dict[datetime, datetime]
) -> Iterator[datetime]:
    """By a calendar and the list of all minutes: the first one that reads so, else the first one later."""
    last, day = max(minutes), subscription.schedule.anchor_date
    while True:
        wanted = datetime.fromisoformat(f"{day} {subscription.schedule.local_time:%H:%M}")
        while wanted not in minutes and wanted <= last:
            wanted += _MINUTE
        if wanted > last:
            return
        if _is_tip_day(subscription, day):
            yield minutes[wanted]
        day += timedelta(days=1)


def _is_tip_day(subscription: Subscription, day: date) -> bool:
    if subscription.schedule.days in ("daily", "weekdays"):
        return subscription.schedule.days == "daily" or calendar.day_abbr[day.weekday()] not in ("Sat", "Sun")
    place, _, names = subscription.schedule.days.rpartition(" ")
    if calendar.day_abbr[day.weekday()].lower() not in names.split(","):
        return False
    if place == "every-second":
        return (day - subscription.schedule.anchor_date).days % 14 < 7
    same = [
        week[day.weekday()] for week in calendar.monthcalendar(day.year, day.month) if week[day.weekday()]
    ]
    places = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
    return not place or same[places[place]] == day.day


def _count_clock_changes(zone: str, begin: datetime, end: datetime) -> int:
    """How often the clocks changed meanwhile."""
    hours = [begin + timedelta(hours=number) for number in range((end - begin) // timedelta(hours=1))]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    return sum(one != other for one, other in pairwise(offsets))
