"""What an attempt makes of a row: every state, every result, tips and notifications alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import timing
from bot.domain.outbox import (
    DeliveryKind,
    DeliveryPaused,
    DeliveryResult,
    DeliveryRetry,
    DeliverySent,
    DeliverySkipped,
    DeliveryState,
    DeliveryUnknown,
    DeliveryUnrecognized,
    OutboxRow,
    PauseReason,
    SkipReason,
    Transition,
    settle,
    settle_unclaimed,
)

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TIP, NOTIFICATION = DeliveryKind.TIP, DeliveryKind.NOTIFICATION
RESULTS: dict[str, DeliveryResult] = {
    "sent": DeliverySent("m1"),
    "retry": DeliveryRetry("unreachable"),
    "unrecognized": DeliveryUnrecognized("odd"),
    "gone": DeliveryPaused(PauseReason.GONE),
    "refused": DeliveryPaused(PauseReason.REFUSED),
    "skipped": DeliverySkipped(SkipReason.OURS),
    "unknown": DeliveryUnknown("lost"),
}
FIRST, RESEND = "first attempt", "attempt after one that may be posted"
AGES = {"young": SECOND, "old": timedelta(days=2)}

# By kind, history and age: the state after each result; + tried again, p pause, a owner asked, n next person.
TABLE: dict[tuple[DeliveryKind, str, str], dict[str, str]] = {
    (TIP, FIRST, "young"): {
        "sent": "sent", "retry": "failed+", "unrecognized": "failed+", "gone": "skipped p",
        "refused": "skipped p", "skipped": "skipped", "unknown": "unknown a",
    },
    (TIP, FIRST, "old"): {
        "sent": "sent", "retry": "skipped", "unrecognized": "skipped", "gone": "skipped p",
        "refused": "skipped p", "skipped": "skipped", "unknown": "unknown a",
    },
    (TIP, RESEND, "young"): {
        "sent": "sent", "retry": "sending+", "unrecognized": "sending+", "gone": "unknown pa",
        "refused": "unknown pa", "skipped": "skipped", "unknown": "unknown a",
    },
    (TIP, RESEND, "old"): {
        "sent": "sent", "retry": "unknown a", "unrecognized": "unknown a", "gone": "unknown pa",
        "refused": "unknown pa", "skipped": "skipped", "unknown": "unknown a",
    },
    (NOTIFICATION, FIRST, "young"): {
        "sent": "sent", "retry": "failed+", "unrecognized": "failed+", "gone": "skipped n",
        "refused": "failed+", "skipped": "skipped", "unknown": "unknown",
    },
    (NOTIFICATION, FIRST, "old"): {
        "sent": "sent", "retry": "skipped", "unrecognized": "skipped n", "gone": "skipped n",
        "refused": "skipped n", "skipped": "skipped", "unknown": "unknown",
    },
    (NOTIFICATION, RESEND, "young"): {
        "sent": "sent", "retry": "sending+", "unrecognized": "sending+", "gone": "skipped n",
        "refused": "sending+", "skipped": "skipped", "unknown": "unknown",
    },
    (NOTIFICATION, RESEND, "old"): {
        "sent": "sent", "retry": "unknown", "unrecognized": "unknown n", "gone": "skipped n",
        "refused": "skipped n", "skipped": "skipped", "unknown": "unknown",
    },
}  # fmt: skip


def _build_row(kind: DeliveryKind, history: str, age: timedelta) -> OutboxRow:
    started = NINE if history == FIRST else NINE - 30 * SECOND
    return OutboxRow(kind, DeliveryState.SENDING, NINE - age, 1, started, NINE)


def _summarize(transition: Transition) -> str:
    marks = ("p" if transition.pause else "") + ("a" if transition.asks_owner else "")
    marks += "n" if transition.notifies_next else ""
    return f"{transition.state}{'+' if transition.due_at else ''}{' ' + marks if marks else ''}"


@pytest.mark.parametrize(("kind", "history", "age"), [*product(DeliveryKind, (FIRST, RESEND), AGES)])
def test_every_result_of_every_row(kind: DeliveryKind, history: str, age: str) -> None:
    row = _build_row(kind, history, AGES[age])
    became = {name: _summarize(settle(row, result, NINE)) for name, result in RESULTS.items()}
    assert became == TABLE[kind, history, age]


ROWS = st.builds(
    OutboxRow,
    kind=st.sampled_from(DeliveryKind),
    state=st.sampled_from(DeliveryState),
    due_since=st.timedeltas(timedelta(0), timedelta(days=3)).map(lambda age: NINE - age),
    attempts=st.integers(0, 10_000),
    send_started_at=st.none() | st.timedeltas(timedelta(0), timedelta(hours=1)).map(lambda age: NINE - age),
    updated_at=st.just(NINE),
    is_requested=st.booleans(),
    knows_key=st.booleans(),
    unrecognized_slots=st.integers(0, 2),
)


@given(row=ROWS, result=st.sampled_from([*RESULTS.values()]))
def test_a_row_is_over_or_comes_again_later_and_never_too_late(
    row: OutboxRow, result: DeliveryResult
) -> None:
    transition = settle(row, result, NINE)
    waits = transition.state in (DeliveryState.FAILED, DeliveryState.SENDING)
    assert waits == (transition.due_at is not None)
    if transition.due_at is not None:
        assert transition.due_at > NINE
        is_resend = isinstance(result, DeliveryUnknown)  # bounded by the time that the platform knows the key
        assert is_resend or transition.due_at - row.due_since <= row.max_age
    if transition.state is DeliveryState.FAILED:
        assert not row.may_be_posted, "what may be posted must not be taken for what is not"
        assert not transition.keeps_send_start
    if transition.state is DeliveryState.SKIPPED:
        assert transition.reason
    assert not transition.asks_owner or transition.state is DeliveryState.UNKNOWN
    assert not (row.kind is NOTIFICATION and (transition.pause or transition.asks_owner))
    assert not (row.kind is TIP and transition.notifies_next)


def test_retries_back_off_by_attempts_for_tips_and_notifications_alike() -> None:
    for kind in DeliveryKind:
        pauses = []
        for attempts in range(1, 9):
            row = replace(_build_row(kind, FIRST, SECOND), attempts=attempts)
            due_at = settle(row, DeliveryRetry("unreachable"), NINE).due_at
            assert due_at is not None
            pauses.append((due_at - NINE).total_seconds())
        assert pauses == [30, 60, 120, 240, 480, 600, 600, 600]


def test_the_platforms_own_time_wins_over_the_backoff() -> None:
    row = replace(_build_row(TIP, FIRST, SECOND), attempts=7)
    assert settle(row, DeliveryRetry("ratelimited", NINE + 3 * SECOND), NINE).due_at == NINE + 3 * SECOND


def test_a_known_key_is_sent_again_while_the_platform_remembers_it() -> None:
    row = replace(_build_row(TIP, RESEND, SECOND), knows_key=True)
    again = settle(row, DeliveryUnknown("lost"), NINE)
    assert (again.state, again.due_at) == (DeliveryState.SENDING, NINE + timing.RESEND_DELAY)
    forgotten = replace(row, send_started_at=NINE - timing.IDEMPOTENCY_WINDOW)
    assert settle(forgotten, DeliveryUnknown("lost"), NINE).state is DeliveryState.UNKNOWN


def test_a_requested_tip_stays_requested_and_may_be_a_day_late() -> None:
    row = replace(_build_row(TIP, FIRST, timedelta(hours=20)), is_requested=True)
    transition = settle(row, DeliveryRetry("unreachable"), NINE)
    assert (transition.state, transition.reason) == (DeliveryState.FAILED, SkipReason.ASKED)


@pytest.mark.parametrize(("slots", "pause"), [(0, None), (1, PauseReason.UNRECOGNIZED)])
def test_second_slot_with_an_unknown_code_pauses(slots: int, pause: PauseReason | None) -> None:
    row = replace(_build_row(TIP, FIRST, timedelta(hours=3)), unrecognized_slots=slots)
    transition = settle(row, DeliveryUnrecognized("odd"), NINE)
    assert (transition.reason, transition.pause) == (SkipReason.UNRECOGNIZED, pause)
    assert transition.error_code == "odd"


@pytest.mark.parametrize("kind", DeliveryKind)
def test_what_a_process_left_behind(kind: DeliveryKind) -> None:
    claimed = OutboxRow(kind, DeliveryState.CLAIMED, NINE - SECOND, 0, None, NINE)
    assert settle_unclaimed(claimed, None, NINE) is None
    ended = settle_unclaimed(claimed, SkipReason.ENDED, NINE)
    assert ended is not None
    assert (ended.state, ended.reason) == (DeliveryState.SKIPPED, SkipReason.ENDED)
    late = settle_unclaimed(replace(claimed, due_since=NINE - timedelta(days=2)), None, NINE)
    assert late is not None
    assert late.reason == SkipReason.LATE
    sending = replace(claimed, state=DeliveryState.SENDING, send_started_at=NINE)
    died = settle_unclaimed(sending, None, NINE)
    assert died is not None
    assert (died.state, died.asks_owner) == (DeliveryState.UNKNOWN, kind is TIP)
    assert settle_unclaimed(replace(sending, knows_key=True), None, NINE) is None


@pytest.mark.parametrize("knows_key", [False, True])
def test_a_row_that_is_being_sent_without_its_time_is_uncertain(knows_key: bool) -> None:
    row = OutboxRow(TIP, DeliveryState.SENDING, NINE, 1, None, NINE, knows_key=knows_key)
    transition = settle_unclaimed(row, None, NINE)
    assert transition is not None
    assert (transition.state, transition.asks_owner) == (DeliveryState.UNKNOWN, True)
