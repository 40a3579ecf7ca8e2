"""What the encoder is trained on: ways of asking and the cards' own texts, by what they are about."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from bot.domain.search.targets import targets_of
from bot.library.read import read

CONTENT = Path(__file__).parent.parent / "content"
Groups = Mapping[str, list[str]]

# People ask with a greeting, an apology or a sigh around the question; it must not move the meaning.
_BEFORE = (
    "Hi all, ",
    "hey guys, ",
    "So ",
    "ok so ",
    "Hello everyone! ",
    "genuine question: ",
    "[D] ",
    "Not sure if this is the right place but ",
    "Serious question. ",
    "long time lurker here. ",
    "Sorry for the rant. ",
    "Throwaway because my boss is on here. ",
    "quick one: ",
    "To be honest ",
)
_AFTER = (
    " Thanks in advance",
    " any advice?",
    " thoughts?",
    " pls help",
    " Anyone been there?",
    " what would you do?",
    " :(",
    " lol",
    " Cheers",
    " Would love to hear your experience.",
    " Am I crazy?",
)


def groups(content: Path = CONTENT) -> Groups:
    """The lines by what they are about: a card's id, or an out-of-scope class."""
    return {target.id: [*target.asks, *target.own] for target in targets_of(read(content))}


def roughened(text: str, chance: random.Random) -> str:
    """The text as somebody in a hurry would have typed it: half of the time, a few small changes."""
    if chance.random() > 0.5:
        return text
    words = text.split()
    if chance.random() < 0.3 and len(words) > 5:
        words = [word for word in words if chance.random() > 0.12] or words
    if chance.random() < 0.3:
        words = [word.lower() for word in words]
    if chance.random() < 0.2:
        words = _swapped(words, chance)
    text = " ".join(words)
    if chance.random() < 0.2:
        text = chance.choice(_BEFORE) + text
    if chance.random() < 0.2:
        text += chance.choice(_AFTER)
    if chance.random() < 0.2:
        text = text.rstrip("?.! ")
    return text


def _swapped(words: list[str], chance: random.Random) -> list[str]:
    """Two neighbouring letters of one word change places."""
    at = chance.randrange(len(words))
    word = words[at]
    if len(word) < 5:
        return words
    left = chance.randrange(1, len(word) - 2)
    return [*words[:at], word[:left] + word[left + 1] + word[left] + word[left + 2 :], *words[at + 1 :]]
