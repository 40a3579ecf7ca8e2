"""Every deadline, lease, grace period and pause of the bot, in one place.

Seconds, unless a name or type says otherwise. The relations between them are what keeps the promises (an answer
within three seconds, no tip sent twice), so `tests/test_timing.py` asserts each of them.
"""

from __future__ import annotations

from datetime import timedelta

from bot.retry import Backoff

# --- What the platforms allow ---
PLATFORM_DEADLINE = 3.0
"""Slack and Discord give up on an interaction after this long."""

# --- Answering one request ---
COMMAND_TIMEOUT = 2.0
"""A command; after it a sentence must still arrive within the platform's deadline."""
LOOKUP_TIMEOUT = 0.9
"""Looking up rights, zone or channel access before a command runs."""
REPLY_CALL_TIMEOUT = 1.7
"""One call of a platform's API while somebody waits for it."""
ERROR_REPLY_TIMEOUT = 0.6
"""The call that delivers the sentence about a failure."""
DISCORD_DEFER_AFTER = 1.0
"""A Discord interaction that has no answer by then is deferred."""
RATE_LIMIT_MAX_WAIT = 30.0
"""The longest rate limit that is waited for inside one call."""

# --- Deduplication ---
DEDUPLICATION_RETENTION = 600.0
"""Keys in memory; Slack's last retry comes after five minutes."""
PLATFORM_LAST_RETRY = 360.0
"""Slack retries at once, after one and after five minutes."""
DOUBLE_CLICK_WINDOW = 2.0
STORE_CHECK_TIMEOUT = 0.2
"""Asking the database for a key; a stalled database must not delay an answer."""
STORE_READY_TIMEOUT = 1.5
"""How long the first messages after a start wait for the database to open."""
PROCESSED_MESSAGE_RETENTION = timedelta(hours=24)
PROCESSED_MESSAGE_CLEANUP_INTERVAL = timedelta(hours=1)

# --- The database ---
SQLITE_LOCK_TIMEOUT = 1.5
POSTGRESQL_TIMEOUT = 2
"""Connecting, one statement, waiting for a lock, idle in a transaction."""
STORE_OPEN_TIMEOUT = 2.0
"""How long one request waits for another request's opening of the database."""
STORE_START_TIMEOUT = 5.0
"""How long the start of the bot waits for the database before it goes on without."""
STORE_FLUSH_TIMEOUT = 3.0
"""What still waits to be written when the bot stops."""
MIGRATION_TIMEOUT = 60.0
"""How long a process waits for another process's migration."""

# --- The outbox ---
CLAIM_LEASE = timedelta(seconds=60)
"""A claimed row belongs to its process for this long."""
IDEMPOTENCY_WINDOW = timedelta(minutes=2)
"""A platform that knows idempotency keys surely remembers one for this long."""
RESEND_DELAY = timedelta(seconds=10)
"""How soon an uncertain message is sent again under its key."""
DISCORD_SEND_TIMEOUT = 45.0
SLACK_SEND_TIMEOUT = 10.0
MAX_LATENESS = timedelta(hours=3)
"""A tip that is later than this is skipped."""
MAX_REQUESTED_LATENESS = timedelta(days=1)
"""... unless a person asked for it."""
MAX_NOTIFICATION_AGE = timedelta(days=1)
DELIVERY_RETRY = Backoff(first=30.0, longest=600.0)
"""Pauses between attempts at one message, by the number of attempts that failed."""
REFUSED_RETRY_DELAY = timedelta(minutes=10)
"""The bot itself is refused, so nobody else could be reached either."""
RESULT_WRITE_RETRY = Backoff(first=0.5, longest=15.0, attempts=9)
"""Writing down what became of a message that was sent."""

# --- The delivery worker ---
POLL_INTERVAL = 20.0
"""What another process wrote is found by then."""
READY_POLL_INTERVAL = 1.0
"""How soon after a platform becomes ready its due messages go out."""
MIN_WAKE_DELAY = timedelta(seconds=0.25)
"""Another process may be claiming what is due this instant."""

# --- Leader election ---
LEADER_LEASE = 12.0
LEADER_RENEW_INTERVAL = 4.0
LEADER_POLL_INTERVAL = 3.0

# --- Supervised tasks ---
TASK_RESTART = Backoff(first=1.0, longest=15.0)
TASK_STABLE_AFTER = 60.0
"""A task that ran this long before it failed starts its backoff anew."""

# --- Stopping: each grace period fits in the one around it ---
STOP_DEADLINE = 10.0
"""Orchestrators kill after this; within it everything is over."""
APP_STOP_GRACE = 9.0
WORKER_STOP_GRACE = 8.0
DISCORD_DRAIN_GRACE = 5.0
HTTP_STOP_GRACE = 4.0

# --- The event loop ---
LOOP_BLOCK_THRESHOLD = 0.2
"""A loop that is blocked longer than this is logged, with the place."""
