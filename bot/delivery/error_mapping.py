"""What a platform's refusal of an unasked message means."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.errors import DeliveryError
from bot.messaging.delivery import (
    DeliveryPaused,
    DeliveryResult,
    DeliveryRetry,
    DeliverySkipped,
    DeliveryUnknown,
)

log = logging.getLogger(__name__)

_MIN_RETRY_DELAY = timedelta(seconds=30)
_MAX_RETRY_DELAY = timedelta(minutes=10)

# Nothing goes there until a person mends it: gone, forbidden, closed to us, or the bot itself refused.
_PAUSE_REASONS = {
    "channel_not_found": "gone",
    "is_archived": "gone",
    "10003": "gone",
    "10004": "gone",
    "50083": "gone",  # an archived thread that does not open again
    "160005": "gone",  # a locked one
    "404": "gone",
    "not_in_channel": "forbidden",
    "access_denied": "forbidden",
    "50001": "forbidden",
    "50008": "forbidden",  # a kind of channel that takes no messages
    "50013": "forbidden",
    "50024": "forbidden",
    "403": "forbidden",
    "user_not_found": "closed",
    "cannot_dm_bot": "closed",
    "messages_tab_disabled": "closed",
    "10013": "closed",
    "50007": "closed",
    "50278": "closed",  # no server in common any more
    "account_inactive": "refused",
    "invalid_auth": "refused",
    "missing_scope": "refused",
    "no_permission": "refused",
    "not_authed": "refused",
    "org_login_required": "refused",
    "team_access_not_granted": "refused",
    "token_expired": "refused",
    "token_revoked": "refused",
    "40001": "refused",
    "401": "refused",
}
_RESTRICTED_PREFIX = "restricted_action"  # of many kinds: _read_only_channel, _thread_only_channel …
# It would be refused as often as it is tried.
_SKIP_REASONS = {
    "invalid_arguments": "ours",
    "invalid_blocks": "ours",
    "invalid_blocks_format": "ours",
    "msg_blocks_too_long": "ours",
    "msg_too_long": "ours",
    "no_text": "ours",
    "50006": "ours",
    "50035": "ours",
    "200000": "blocked",
    "200001": "blocked",
}


def classify_error(error: DeliveryError, due_at: datetime, now: datetime) -> DeliveryResult:
    """What becomes of a message that was not taken, for a reason other than its pace.

    Args:
        since: when it was due; what failed for long is tried less often.
    """
    reason = error.reason
    if reason in _PAUSE_REASONS:
        return DeliveryPaused(_PAUSE_REASONS[reason])
    if reason.startswith(_RESTRICTED_PREFIX):
        return DeliveryPaused("forbidden")
    if reason in _SKIP_REASONS:
        log.error("a message of ours will never be taken: %s", reason)
        return DeliverySkipped(_SKIP_REASONS[reason])
    if error.possibly_delivered:
        return DeliveryUnknown(reason)
    return DeliveryRetry(now + min(max((now - due_at) / 2, _MIN_RETRY_DELAY), _MAX_RETRY_DELAY), reason)
