"""What people type after `tips on` and its kin, as inputs: `tuesday 09:00 Europe/Berlin me risk`."""

from __future__ import annotations

import re

from bot.commands.command import Context, Inputs
from bot.domain.tips.date_parser import is_date
from bot.domain.tips.schedule import parse_days
from bot.domain.tips.zones import find_zone

_FILLER_WORDS = frozenset({"at", "in", "to", "time", "zone", "channel", "tags"})
"""Words between the others that say nothing more; the names of the options are among them."""
_TIME_PATTERN = re.compile(r"\d{1,2}[:.]\d\d([ap]m)?|\d{1,2}[ap]m", re.ASCII | re.IGNORECASE)
_HOUR_PATTERN = re.compile(r"\bat (\d{1,2})(?= |$)", re.ASCII)
_AM_PM_SPACE_PATTERN = re.compile(r"(?<=\d) (?=[ap]m\b)", re.IGNORECASE)


def parse_on_arguments(text: str, context: Context) -> Inputs | None:
    """The words after `on`, days first; None when they are part of a question.

    Beside a time the words mean tips, whether they make sense or not: then a sentence says which does not.
    """
    when, words = _split_days(_AM_PM_SPACE_PATTERN.sub("", text.replace(", ", ",")).split())
    if when:  # of a question's hours nothing is to be made
        words = _HOUR_PATTERN.sub(r"\1:00", " ".join(words)).split()
    else:
        when, words = _split_before_time(words)
    if not when:
        return _parse_without_days(words)
    inputs = {"when": when}
    tags: list[str] = []
    for word in words:
        if _TIME_PATTERN.fullmatch(word):
            inputs["time"] = word
        elif place := _parse_target_word(word):
            inputs |= place
        elif word.casefold() in context.content.tags:
            tags.append(word)
        elif "/" in word or find_zone(word) is not None:
            inputs["zone"] = word
        elif word.casefold() not in _FILLER_WORDS:
            tags.append(word)
    if "time" not in inputs and not _has_only_known_words(inputs, tags, context):
        return None
    return inputs | ({"tags": " ".join(tags)} if tags else {})


def parse_target_arguments(text: str, _context: Context) -> Inputs | None:
    """A place or nothing."""
    return _parse_target_word(text) if text else {}


def parse_pause_arguments(text: str, _context: Context) -> Inputs | None:
    """`until` a day, then a place; all of it may be left out."""
    words = text.split()
    place = _parse_target_word(words[-1]) if words else None
    date_words = words[:-1] if place else words
    until = " ".join(date_words[1:] if date_words[:1] == ["until"] else date_words)
    if date_words[:1] != ["until"] and until and not is_date(until):
        return None
    if date_words == ["until"]:
        return None
    return {**({"until": until} if until else {}), **(place or {})}


def _parse_without_days(words: list[str]) -> Inputs | None:
    """A place or a time without days: the form asks for the rest."""
    match words:
        case []:
            return {}
        case [word] if _TIME_PATTERN.fullmatch(word):
            return {"time": word}
        case [word]:
            return _parse_target_word(word)
        case _:
            return None


def _has_only_known_words(inputs: Inputs, tags: list[str], context: Context) -> bool:
    """Whether every word is known; without a time among them a line may well be a question."""
    zone = inputs.get("zone")
    return all(tag.casefold() in context.content.tags for tag in tags) and (
        zone is None or find_zone(zone) is not None
    )


def _split_days(words: list[str]) -> tuple[str, list[str]]:
    """The days that the words begin with, and the words after them."""
    for number in range(min(3, len(words)), 0, -1):
        when = " ".join(words[:number])
        if parse_days(when) is not None:
            return when, words[number:]
    return "", words


def _split_before_time(words: list[str]) -> tuple[str, list[str]]:
    """What stands where days should, when a time follows it."""
    at = next((number for number, word in enumerate(words) if _TIME_PATTERN.fullmatch(word)), 0)
    return " ".join(word for word in words[:at] if word.casefold() not in _FILLER_WORDS), words[at:]


def _parse_target_word(word: str) -> dict[str, str] | None:
    if word.casefold() == "me":
        return {"me": "me"}
    return {"channel": word} if word.casefold() == "here" or word.startswith(("<#", "#")) else None
