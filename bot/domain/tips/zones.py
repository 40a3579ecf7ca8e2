"""Time zones as people name them: `Europe/Berlin`, or just its city."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from bot.domain.tips.schedule import parse_zone

COMMON_ZONES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Warsaw",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "UTC",
)
"""Where many people live, for whoever has typed nothing yet; most of the others follow the same clocks."""

_EXCLUDED_PREFIXES = ("Etc/", "SystemV/")  # names like Etc/GMT+5, which means five hours behind


def search_zones(query: str) -> list[str]:
    """The zones that are perhaps meant, best first: by their city, then their area, then any part."""
    wanted = _normalize(query)
    if not wanted:
        return list(COMMON_ZONES)
    ranked = [(rank, zone) for zone in _list_all_zones() if (rank := _rank_zone(wanted, zone)) is not None]
    return [zone for _, zone in sorted(ranked, key=lambda one: (one[0], one[1] not in COMMON_ZONES, one[1]))]


def find_zone(text: str) -> str | None:
    """The zone of this name in any case, or of this city; None when there is none."""
    found = parse_zone(text)
    if found is not None:
        return found
    return _index_zones().get(_normalize(text))


@cache
def _index_zones() -> dict[str, str]:
    """Return the zones by city and by whole name, so that a line of many words ranks nothing.

    Where two cities share a name, the one in `COMMON_ZONES` wins, then the first in the alphabet.
    """
    zones = sorted(_list_all_zones(), key=lambda zone: (zone not in COMMON_ZONES, zone))
    by_name = {_normalize(zone): zone for zone in reversed(zones)}
    return by_name | {_city_name(zone): zone for zone in reversed(zones)}


@cache
def _list_all_zones() -> tuple[str, ...]:
    """Every zone that ships with the bot; looking for them among the system's files takes far longer."""
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return ("UTC", *(name for name in names if "/" in name and not name.startswith(_EXCLUDED_PREFIXES)))


def _rank_zone(query: str, zone: str) -> int | None:
    name, city = _normalize(zone), _city_name(zone)
    if city.startswith(query):
        return 0
    if name.startswith(query):
        return 1
    if f" {query}" in f" {city}" or f"/{query}" in name:
        return 2
    return 3 if query in name else None


def _city_name(zone: str) -> str:
    return _normalize(zone).rpartition("/")[2]


def _normalize(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
