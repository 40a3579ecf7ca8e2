"""What Discord's error codes mean for a message that nobody asked for just now."""

from __future__ import annotations

from bot.domain.outbox import (
    DeliveryPaused,
    DeliveryRefusedError,
    DeliverySkipped,
    DeliveryUnrecognized,
    PauseReason,
    SkipReason,
)
from bot.errors import DeliveryError

# A code of Discord's API, or the HTTP status where an answer has none.
_PAUSE_REASONS = {
    10003: PauseReason.GONE,  # unknown channel
    10004: PauseReason.GONE,  # unknown server
    50083: PauseReason.GONE,  # an archived thread that cannot be opened again
    160005: PauseReason.GONE,  # a locked thread
    404: PauseReason.GONE,
    50001: PauseReason.FORBIDDEN,  # no access
    50008: PauseReason.FORBIDDEN,  # a kind of channel that takes no messages
    50013: PauseReason.FORBIDDEN,  # no permission
    50024: PauseReason.FORBIDDEN,  # a kind of channel where this is impossible
    403: PauseReason.FORBIDDEN,
    10013: PauseReason.CLOSED,  # unknown user
    50007: PauseReason.CLOSED,  # takes no direct messages from the bot
    50278: PauseReason.CLOSED,  # no server in common any more
    40001: PauseReason.REFUSED,  # unauthorized
    401: PauseReason.REFUSED,
}
_SKIP_REASONS = {
    50006: SkipReason.OURS,  # an empty message
    50035: SkipReason.OURS,  # an invalid form body
    200000: SkipReason.BLOCKED,  # by AutoMod
    200001: SkipReason.BLOCKED,  # by AutoMod, in a title
}
_TEMPORARY_CODES = frozenset({20016, 20028, 40062, 130000, 429})  # slow mode, rate limits, overload


def build_delivery_error(code: int, *, possibly_delivered: bool = False) -> DeliveryError:
    """Return what a code of Discord means.

    Args:
        possibly_delivered: whether the message may be posted; a code that is known says better.
    """
    if code in _PAUSE_REASONS:
        return DeliveryRefusedError(str(code), DeliveryPaused(_PAUSE_REASONS[code]))
    if code in _SKIP_REASONS:
        return DeliveryRefusedError(str(code), DeliverySkipped(_SKIP_REASONS[code]))
    if possibly_delivered or code in _TEMPORARY_CODES:
        return DeliveryError(str(code), possibly_delivered=possibly_delivered)
    return DeliveryRefusedError(str(code), DeliveryUnrecognized(str(code)))
