"""What somebody wants of tips, from the words of an option, a field or a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.ledger import community_of
from bot.commands.tips.places import Place
from bot.dialogue.request import Request
from bot.domain.tips.days import day_of
from bot.domain.tips.schedule import time_of, when_of, zone_of
from bot.domain.tips.zones import zone_named
from bot.errors import Refusal
from bot.store.tips import Subscription

MORNING = "09:00"
"""When tips come where no time is said."""
ALL = "all"
"""What stands for tips on every topic."""
_SHOWN = 60  # characters of a word that is repeated


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants: days, a time, a zone, tags."""

    days: str
    at: time
    zone: str
    tags: tuple[str, ...]


def wanted_of(request: Request, context: Context) -> Wanted:
    """The schedule and tags that the inputs say.

    Raises:
        Refusal: naming the word that makes no sense, and what would.
    """
    said = {name: value.strip() for name, value in request.inputs.items()}
    days, at = when_of(said.get("when", "")), time_of(said.get("time", "") or MORNING)
    if days is None:
        raise Refusal("tips.not_days", words=said.get("when", "")[:_SHOWN])
    if at is None:
        raise Refusal("tips.not_time", words=said.get("time", "")[:_SHOWN])
    tags = tags_of(said.get("tags", ""))
    for tag in tags:
        if tag not in context.library.tags:
            raise Refusal("tips.not_tag", words=tag[:_SHOWN], known=", ".join(context.library.tags))
    return Wanted(days, at, _zone(said.get("zone", ""), request, context), tags)


def tags_of(said: str) -> tuple[str, ...]:
    """The topics that were said, known or not; none for all."""
    words = dict.fromkeys(said.casefold().replace(",", " ").split())
    return () if list(words) == [ALL] else tuple(words)


def _zone(said: str, request: Request, context: Context) -> str:
    """The zone that is said, else the person's, else the workspace's."""
    if said:
        zone = zone_named(said)
        if zone is None:
            raise Refusal("tips.not_zone", words=said[:_SHOWN])
        return zone
    if request.user.zone and (zone := zone_of(request.user.zone)):
        return zone
    if zone := zone_here(request, context):
        return zone
    raise Refusal("tips.no_zone")


def zone_here(request: Request, context: Context) -> str:
    """The zone that a person's own tips go by, else those of a channel here; empty when there are none."""
    known = context.store.subscriptions.of(community_of(request), request.user.id)
    return known[-1].zone if known else ""


def day_to_come(said: str, now: datetime, zone: str) -> date:
    """The day that is meant, as it is counted in a zone.

    Raises:
        Refusal: when it is none to come.
    """
    day = day_of(said, now.astimezone(ZoneInfo(zone)).date())
    if day is None:
        raise Refusal("tips.not_date", words=said[:_SHOWN])
    return day


def subscription_of(request: Request, place: Place, wanted: Wanted) -> Subscription:
    """What somebody wants, as a subscription of theirs that begins today."""
    since = request.received_at.astimezone(ZoneInfo(wanted.zone)).date()
    return Subscription(
        community_of(request),
        place.channel,
        place.direct,
        request.user.id,
        wanted.days,
        f"{wanted.at:%H:%M}",
        wanted.zone,
        since,
        wanted.tags,
    )
