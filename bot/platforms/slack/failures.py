"""What Slack's error codes mean for a message that nobody asked for just now."""

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

UNCERTAIN_CODES = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack failed while it worked on the message, so it may be posted."""
_TEMPORARY_CODES = frozenset({"accesslimited", "team_added_to_org"})
_PAUSE_REASONS = {
    "channel_not_found": PauseReason.GONE,
    "is_archived": PauseReason.GONE,
    "not_in_channel": PauseReason.FORBIDDEN,
    "access_denied": PauseReason.FORBIDDEN,
    "user_not_found": PauseReason.CLOSED,
    "cannot_dm_bot": PauseReason.CLOSED,
    "messages_tab_disabled": PauseReason.CLOSED,
    "account_inactive": PauseReason.REFUSED,
    "invalid_auth": PauseReason.REFUSED,
    "missing_scope": PauseReason.REFUSED,
    "no_permission": PauseReason.REFUSED,
    "not_authed": PauseReason.REFUSED,
    "org_login_required": PauseReason.REFUSED,
    "team_access_not_granted": PauseReason.REFUSED,
    "token_expired": PauseReason.REFUSED,
    "token_revoked": PauseReason.REFUSED,
}
_RESTRICTED_PREFIX = "restricted_action"  # of many kinds: _read_only_channel, _thread_only_channel …
_MALFORMED_CODES = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)


def build_delivery_error(code: str, *, possibly_delivered: bool = False) -> DeliveryError:
    """Return what a code of Slack means.

    Args:
        code: the `error` of an answer, or `status 500` where it has none.
        possibly_delivered: whether the message may be posted; a code that is known says better.
    """
    if code in _PAUSE_REASONS:
        return DeliveryRefusedError(code, DeliveryPaused(_PAUSE_REASONS[code]))
    if code.startswith(_RESTRICTED_PREFIX):
        return DeliveryRefusedError(code, DeliveryPaused(PauseReason.FORBIDDEN))
    if code in _MALFORMED_CODES:
        return DeliveryRefusedError(code, DeliverySkipped(SkipReason.OURS))
    if possibly_delivered or code in UNCERTAIN_CODES:
        return DeliveryError(code, possibly_delivered=True)
    if code in _TEMPORARY_CODES:
        return DeliveryError(code)
    return DeliveryRefusedError(code, DeliveryUnrecognized(code))
