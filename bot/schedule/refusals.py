"""What a platform's refusal of an unasked message means."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.dialogue.delivery import Paused, RetryAt, Settled, Skipped, Unknown
from bot.errors import NotSent

log = logging.getLogger(__name__)

_SOONEST = timedelta(seconds=30)
_LATEST = timedelta(minutes=10)

# Nothing goes there until a person mends it: gone, forbidden, closed to us, or the bot itself refused.
_RESTS = {
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
_RESTRICTED = "restricted_action"  # of many kinds: _read_only_channel, _thread_only_channel …
# It would be refused as often as it is tried.
_NEVER = {
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


def meaning(error: NotSent, since: datetime, now: datetime) -> Settled:
    """What becomes of a message that was not taken, for a reason other than its pace.

    Args:
        since: when it was due; what failed for long is tried less often.
    """
    reason = error.reason
    if reason in _RESTS:
        return Paused(_RESTS[reason])
    if reason.startswith(_RESTRICTED):
        return Paused("forbidden")
    if reason in _NEVER:
        log.error("a message of ours will never be taken: %s", reason)
        return Skipped(_NEVER[reason])
    if error.maybe:
        return Unknown(reason)
    return RetryAt(now + min(max((now - since) / 2, _SOONEST), _LATEST), reason)
