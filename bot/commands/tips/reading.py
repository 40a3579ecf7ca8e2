"""What people type after `tips on` and its kin, as inputs: `tuesday 09:00 Europe/Berlin me risk`."""

from __future__ import annotations

import re

from bot.commands.command import Context, Inputs
from bot.domain.tips.days import is_day
from bot.domain.tips.schedule import when_of
from bot.domain.tips.zones import zone_named

_JOINING = frozenset({"at", "in", "to", "time", "zone", "channel", "tags"})
"""Words between the others that say nothing more; the names of the options are among them."""
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d([ap]m)?|\d{1,2}[ap]m", re.ASCII | re.IGNORECASE)
_HOUR = re.compile(r"\bat (\d{1,2})(?= |$)", re.ASCII)
_HALF = re.compile(r"(?<=\d) (?=[ap]m\b)", re.IGNORECASE)


def read_on(rest: str, context: Context) -> Inputs | None:
    """The words after `on`, days first; None when they are part of a question.

    Beside a time the words mean tips, whether they make sense or not: then a sentence says which does not.
    """
    when, words = _when(_HALF.sub("", rest.replace(", ", ",")).split())
    if when:  # of a question's hours nothing is to be made
        words = _HOUR.sub(r"\1:00", " ".join(words)).split()
    else:
        when, words = _before_a_time(words)
    if not when:
        return _read_alone(words)
    found = {"when": when}
    tags: list[str] = []
    for word in words:
        if _CLOCK.fullmatch(word):
            found["time"] = word
        elif place := _place(word):
            found |= place
        elif word.casefold() in context.library.tags:
            tags.append(word)
        elif "/" in word or zone_named(word) is not None:
            found["zone"] = word
        elif word.casefold() not in _JOINING:
            tags.append(word)
    if "time" not in found and not _makes_sense(found, tags, context):
        return None
    return found | ({"tags": " ".join(tags)} if tags else {})


def read_place(rest: str, _context: Context) -> Inputs | None:
    """A place or nothing."""
    return _place(rest) if rest else {}


def read_pause(rest: str, _context: Context) -> Inputs | None:
    """`until` a day, then a place; all of it may be left out."""
    words = rest.split()
    place = _place(words[-1]) if words else None
    said = words[:-1] if place else words
    until = " ".join(said[1:] if said[:1] == ["until"] else said)
    if said[:1] != ["until"] and until and not is_day(until):
        return None
    if said == ["until"]:
        return None
    return {**({"until": until} if until else {}), **(place or {})}


def _read_alone(words: list[str]) -> Inputs | None:
    """A place or a time without days: the form asks for the rest."""
    match words:
        case []:
            return {}
        case [word] if _CLOCK.fullmatch(word):
            return {"time": word}
        case [word]:
            return _place(word)
        case _:
            return None


def _makes_sense(found: Inputs, tags: list[str], context: Context) -> bool:
    """Whether every word is known; without a time among them a line may well be a question."""
    zone = found.get("zone")
    return all(tag.casefold() in context.library.tags for tag in tags) and (
        zone is None or zone_named(zone) is not None
    )


def _when(words: list[str]) -> tuple[str, list[str]]:
    """The days that the words begin with, and the words after them."""
    for number in range(min(3, len(words)), 0, -1):
        when = " ".join(words[:number])
        if when_of(when) is not None:
            return when, words[number:]
    return "", words


def _before_a_time(words: list[str]) -> tuple[str, list[str]]:
    """What stands where days should, when a time follows it."""
    at = next((number for number, word in enumerate(words) if _CLOCK.fullmatch(word)), 0)
    return " ".join(word for word in words[:at] if word.casefold() not in _JOINING), words[at:]


def _place(word: str) -> dict[str, str] | None:
    if word.casefold() == "me":
        return {"me": "me"}
    return {"channel": word} if word.casefold() == "here" or word.startswith(("<#", "#")) else None
