"""The bot's fixed sentences by key, and the {names} that the code fills in; the words are in texts.yaml.

A key that ends in `.label` is a button's or menu's words. `n` picks between one and other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.library.phrases.answers import ANSWERS
from bot.library.phrases.assessments import ASSESSMENTS
from bot.library.phrases.people import PEOPLE
from bot.library.phrases.places import PLACES
from bot.library.phrases.tips import TIPS

PHRASES: Mapping[str, tuple[str, ...]] = MappingProxyType(ANSWERS | ASSESSMENTS | TIPS | PEOPLE | PLACES)
