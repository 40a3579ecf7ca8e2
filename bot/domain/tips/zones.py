"""Time zones as people name them: `Europe/Berlin`, or just its city."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from bot.domain.tips.schedule import zone_of

COMMON = (
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

_NO_PLACES = ("Etc/", "SystemV/")  # names like Etc/GMT+5, which means five hours behind


def zones(typed: str) -> list[str]:
    """The zones that are perhaps meant, best first: by their city, then their area, then any part."""
    wanted = _plain(typed)
    if not wanted:
        return list(COMMON)
    ranked = [(rank, zone) for zone in _all() if (rank := _rank(wanted, zone)) is not None]
    return [zone for _, zone in sorted(ranked, key=lambda one: (one[0], one[1] not in COMMON, one[1]))]


def zone_named(said: str) -> str | None:
    """The zone of this name in any case, or of this city; None when there is none."""
    found = zone_of(said)
    if found is not None:
        return found
    wanted = _plain(said)
    named = [zone for zone in zones(said) if wanted in (_plain(zone), _city(zone))]
    return named[0] if named else None


@cache
def _all() -> tuple[str, ...]:
    """Every zone that ships with the bot; looking for them among the system's files takes far longer."""
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return ("UTC", *(name for name in names if "/" in name and not name.startswith(_NO_PLACES)))


def _rank(wanted: str, zone: str) -> int | None:
    name, city = _plain(zone), _city(zone)
    if city.startswith(wanted):
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in f" {city}" or f"/{wanted}" in name:
        return 2
    return 3 if wanted in name else None


def _city(zone: str) -> str:
    return _plain(zone).rpartition("/")[2]


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").split())
