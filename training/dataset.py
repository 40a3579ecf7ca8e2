"""What the encoder is trained on: ways of asking and the cards' own texts, by what they are about."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from bot.content.loader import load_content
from bot.domain.search.search_targets import build_targets

CONTENT_DIR = Path(__file__).parent.parent / "content"
TextGroups = Mapping[str, list[str]]

# People ask with a greeting, an apology or a sigh around the question; it must not move the meaning.
_PREFIXES = (
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
_SUFFIXES = (
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


def load_groups(content_dir: Path = CONTENT_DIR) -> TextGroups:
    """The lines by what they are about: a card's id, or an out-of-scope class."""
    return {
        target.id: [*target.utterances, *target.author_texts]
        for target in build_targets(load_content(content_dir))
    }


def add_noise(text: str, rng: random.Random) -> str:
    """The text as somebody in a hurry would have typed it: half of the time, a few small changes."""
    if rng.random() > 0.5:
        return text
    words = text.split()
    if rng.random() < 0.3 and len(words) > 5:
        words = [word for word in words if rng.random() > 0.12] or words
    if rng.random() < 0.3:
        words = [word.lower() for word in words]
    if rng.random() < 0.2:
        words = _swap_letters(words, rng)
    text = " ".join(words)
    if rng.random() < 0.2:
        text = rng.choice(_PREFIXES) + text
    if rng.random() < 0.2:
        text += rng.choice(_SUFFIXES)
    if rng.random() < 0.2:
        text = text.rstrip("?.! ")
    return text


def _swap_letters(words: list[str], rng: random.Random) -> list[str]:
    """Two neighbouring letters of one word change places."""
    at = rng.randrange(len(words))
    word = words[at]
    if len(word) < 5:
        return words
    left = rng.randrange(1, len(word) - 2)
    return [*words[:at], word[:left] + word[left + 1] + word[left] + word[left + 2 :], *words[at + 1 :]]
