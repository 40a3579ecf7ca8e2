"""The relations between deadlines, leases and grace periods; each promise of the bot rests on one of them."""

from __future__ import annotations

from bot import timing


def test_an_answer_fits_in_the_platforms_deadline() -> None:
    assert timing.LOOKUP_TIMEOUT + timing.COMMAND_TIMEOUT < timing.PLATFORM_DEADLINE
    assert timing.REPLY_CALL_TIMEOUT + timing.ERROR_REPLY_TIMEOUT < timing.PLATFORM_DEADLINE
    assert timing.COMMAND_TIMEOUT + timing.ERROR_REPLY_TIMEOUT < timing.PLATFORM_DEADLINE
    assert timing.DISCORD_DEFER_AFTER < timing.COMMAND_TIMEOUT


def test_a_stalled_database_does_not_delay_an_answer() -> None:
    assert timing.STORE_CHECK_TIMEOUT + timing.COMMAND_TIMEOUT < timing.PLATFORM_DEADLINE
    assert timing.STORE_READY_TIMEOUT < timing.STORE_OPEN_TIMEOUT <= timing.COMMAND_TIMEOUT
    assert timing.SQLITE_LOCK_TIMEOUT < timing.COMMAND_TIMEOUT
    assert timing.POSTGRESQL_TIMEOUT <= timing.COMMAND_TIMEOUT


def test_a_key_is_remembered_longer_than_the_platform_retries() -> None:
    assert timing.DEDUPLICATION_RETENTION > timing.PLATFORM_LAST_RETRY
    assert timing.PROCESSED_MESSAGE_RETENTION.total_seconds() > timing.DEDUPLICATION_RETENTION
    assert timing.PROCESSED_MESSAGE_CLEANUP_INTERVAL < timing.PROCESSED_MESSAGE_RETENTION


def test_a_send_ends_before_its_claim_does() -> None:
    lease = timing.CLAIM_LEASE.total_seconds()
    assert lease > timing.DISCORD_SEND_TIMEOUT
    assert lease > timing.SLACK_SEND_TIMEOUT
    assert timing.RATE_LIMIT_MAX_WAIT < timing.DISCORD_SEND_TIMEOUT


def test_an_uncertain_message_is_sent_again_while_the_platform_remembers_its_key() -> None:
    assert timing.RESEND_DELAY + timing.CLAIM_LEASE < timing.IDEMPOTENCY_WINDOW


def test_a_tip_is_retried_before_it_is_too_late() -> None:
    assert timing.DELIVERY_RETRY.longest < timing.MAX_LATENESS.total_seconds() / 10
    assert timing.MAX_LATENESS < timing.MAX_REQUESTED_LATENESS


def test_a_leader_renews_several_times_in_its_lease() -> None:
    assert timing.LEADER_RENEW_INTERVAL * 3 <= timing.LEADER_LEASE
    assert timing.LEADER_POLL_INTERVAL < timing.LEADER_LEASE


def test_grace_periods_nest() -> None:
    assert timing.DISCORD_DRAIN_GRACE < timing.WORKER_STOP_GRACE < timing.APP_STOP_GRACE
    assert timing.HTTP_STOP_GRACE * 2 < timing.APP_STOP_GRACE
    assert timing.APP_STOP_GRACE < timing.STOP_DEADLINE
    assert timing.STORE_FLUSH_TIMEOUT < timing.APP_STOP_GRACE
