"""What somebody wants of tips, from the words of an option, a field or a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.counters import get_tenant
from bot.commands.tips.targets import TipTarget
from bot.domain.tips.date_parser import parse_date
from bot.domain.tips.schedule import Schedule, parse_days, parse_time, parse_zone
from bot.domain.tips.subscription import Subscription
from bot.domain.tips.zones import find_zone
from bot.errors import UserFacingError
from bot.messaging.request import Request

DEFAULT_TIME = "09:00"
"""When tips come where no time is said."""
ALL_TAGS = "all"
"""What stands for tips on every topic."""
_MAX_ECHO_LENGTH = 60  # characters of a word that is repeated


@dataclass(frozen=True, slots=True)
class TipSettings:
    """What somebody wants: days, a time, a zone, tags."""

    days: str
    local_time: time
    zone: str
    tags: tuple[str, ...]


def parse_tip_settings(request: Request, context: Context) -> TipSettings:
    """The schedule and tags that the inputs say.

    Raises:
        Refusal: naming the word that makes no sense, and what would.
    """
    inputs = {name: value.strip() for name, value in request.inputs.items()}
    days, at = parse_days(inputs.get("when", "")), parse_time(inputs.get("time", "") or DEFAULT_TIME)
    if days is None:
        raise UserFacingError("tips.not_days", words=inputs.get("when", "")[:_MAX_ECHO_LENGTH])
    if at is None:
        raise UserFacingError("tips.not_time", words=inputs.get("time", "")[:_MAX_ECHO_LENGTH])
    tags = parse_tags(inputs.get("tags", ""))
    for tag in tags:
        if tag not in context.content.tags:
            raise UserFacingError(
                "tips.not_tag", words=tag[:_MAX_ECHO_LENGTH], known=", ".join(context.content.tags)
            )
    return TipSettings(days, at, _resolve_zone(inputs.get("zone", ""), request, context), tags)


def parse_tags(text: str) -> tuple[str, ...]:
    """The topics that were said, known or not; none for all."""
    words = dict.fromkeys(text.casefold().replace(",", " ").split())
    return () if list(words) == [ALL_TAGS] else tuple(words)


def _resolve_zone(text: str, request: Request, context: Context) -> str:
    """The zone that is said, else the person's, else the workspace's."""
    if text:
        zone = find_zone(text)
        if zone is None:
            raise UserFacingError("tips.not_zone", words=text[:_MAX_ECHO_LENGTH])
        return zone
    if request.user.timezone and (zone := parse_zone(request.user.timezone)):
        return zone
    if zone := find_default_zone(request, context):
        return zone
    raise UserFacingError("tips.no_zone")


def find_default_zone(request: Request, context: Context) -> str:
    """The zone that a person's own tips go by, else those of a channel here; empty when there are none."""
    known = context.open_store().subscriptions.list_visible(get_tenant(request), request.user.id)
    return known[-1].schedule.zone if known else ""


def parse_future_date(text: str, now: datetime, zone: str) -> date:
    """The day that is meant, as it is counted in a zone.

    Raises:
        Refusal: when it is none to come.
    """
    day = parse_date(text, now.astimezone(ZoneInfo(zone)).date())
    if day is None:
        raise UserFacingError("tips.not_date", words=text[:_MAX_ECHO_LENGTH])
    return day


def build_subscription(request: Request, target: TipTarget, settings: TipSettings) -> Subscription:
    """Build a subscription of the person, from today on."""
    start = request.received_at.astimezone(ZoneInfo(settings.zone)).date()
    return Subscription(
        get_tenant(request),
        target.channel,
        target.is_direct,
        request.user.id,
        Schedule(settings.days, settings.local_time, settings.zone, start),
        settings.tags,
    )
