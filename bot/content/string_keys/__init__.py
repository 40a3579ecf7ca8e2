"""The bot's fixed sentences by key, and the {names} that the code fills in; the words are in texts.yaml.

A key that ends in `.label` is a button's or menu's words. `n` picks between one and other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.content.string_keys.card_keys import CARD_KEYS
from bot.content.string_keys.platform_keys import PLATFORM_KEYS
from bot.content.string_keys.privacy_admin_keys import PRIVACY_ADMIN_KEYS
from bot.content.string_keys.quiz_keys import QUIZ_KEYS
from bot.content.string_keys.tip_keys import TIP_KEYS

STRING_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    CARD_KEYS | QUIZ_KEYS | TIP_KEYS | PRIVACY_ADMIN_KEYS | PLATFORM_KEYS
)
