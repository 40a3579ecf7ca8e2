"""What people type after `tips`, as inputs: `on tuesday 09:00 Europe/Berlin me risk`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.commands.command import Context, Inputs
from bot.commands.ledger import community_of
from bot.commands.tips.places import Place
from bot.dialogue.request import Request
from bot.domain.tips.schedule import time_of, when_of, zone_of
from bot.errors import Refusal
from bot.store.tips import Subscription

ACTIONS = ("on", "off", "pause", "resume", "skip", "preview", "list")
_SHOWN = 60  # characters of a word that is repeated


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants: days, a time, a zone, tags."""

    days: str
    at: time
    zone: str
    tags: tuple[str, ...]


def read(rest: str, _context: Context) -> Inputs | None:
    """The words after `tips`; None when they are part of a question."""
    action, _, more = rest.partition(" ")
    action = action.casefold()
    if action == "":
        return {}
    if action not in ACTIONS:
        return None
    if action == "on":
        return _read_on(more.split())
    words = more.split()
    found: dict[str, str] = {"action": action}
    if words[:1] == ["until"] and action == "pause" and len(words) > 1:
        found["until"], words = words[1], words[2:]
    if words and _is_place(words[0]):
        found["channel"], words = words[0], words[1:]
    return found if not words else None


def _read_on(words: list[str]) -> Inputs | None:
    if not words:
        return {"action": "on"}
    at = next((place for place, word in enumerate(words) if time_of(word) is not None), None)
    if at is None or when_of(" ".join(words[:at])) is None:
        return None
    found = {"action": "on", "when": " ".join(words[:at]), "time": words[at], "tags": ""}
    for word in words[at + 1 :]:
        if "/" in word or word == "UTC":
            found["zone"] = word
        elif _is_place(word):
            found["channel"] = word
        else:
            found["tags"] = f"{found['tags']} {word}".strip()
    return found


def _is_place(word: str) -> bool:
    return word.casefold() in ("me", "here") or word.startswith("<#")


def wanted_of(request: Request, context: Context) -> Wanted:
    """The schedule and tags that the inputs say.

    Raises:
        Refusal: naming the word that makes no sense, and what would.
    """
    said = {name: value.strip() for name, value in request.inputs.items()}
    days, at = when_of(said.get("when", "")), time_of(said.get("time", ""))
    if days is None:
        raise Refusal("tips.not_days", words=said.get("when", "")[:_SHOWN])
    if at is None:
        raise Refusal("tips.not_time", words=said.get("time", "")[:_SHOWN])
    tags = tuple(dict.fromkeys(said.get("tags", "").casefold().replace(",", " ").split()))
    for tag in tags:
        if tag not in context.library.tags:
            raise Refusal("tips.not_tag", words=tag[:_SHOWN], known=", ".join(context.library.tags))
    return Wanted(days, at, _zone(said.get("zone", ""), request, context), tags)


def _zone(said: str, request: Request, context: Context) -> str:
    """The zone that is said, else the person's, else the workspace's."""
    if said:
        zone = zone_of(said)
        if zone is None:
            raise Refusal("tips.not_zone", words=said[:_SHOWN])
        return zone
    if request.user.zone and (zone := zone_of(request.user.zone)):
        return zone
    others = context.store.subscriptions.all(community_of(request))
    if not others:
        raise Refusal("tips.no_zone")
    return others[0].zone


def day_of(said: str, now: datetime) -> date:
    """A day to come, like 2026-12-24.

    Raises:
        Refusal: when it is none.
    """
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Refusal("tips.not_date", words=said[:_SHOWN]) from None
    if not now.date() <= day <= now.date().replace(year=now.year + 2, day=1):
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
