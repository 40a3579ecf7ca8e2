"""What was taken is known for ten minutes and then forgotten, so that a busy week costs no memory."""

from __future__ import annotations

import tracemalloc
from itertools import count

from bot.platforms.deduplicator import KEY_RETENTION, Deduplicator


def test_a_key_is_taken_for_its_time() -> None:
    seconds = iter((0.0, KEY_RETENTION - 1, 2 * KEY_RETENTION))
    once = Deduplicator(clock=lambda: next(seconds))
    assert [once.check_and_mark("key") for _ in range(3)] == [True, False, True]


def test_repeated_clicks_count_once() -> None:
    seconds = iter((0.0, 1.0, 2.5, 5.0))
    once = Deduplicator(clock=lambda: next(seconds))
    assert [once.is_double_click("message", "answer") for _ in range(4)] == [False, True, True, False]


def test_what_is_pressed_again_after_another_button_is_meant() -> None:
    once = Deduplicator(clock=lambda: 0.0)
    assert [
        once.is_double_click("message", pressed) for pressed in ("answer", "back", "answer", "answer")
    ] == [
        False,
        False,
        False,
        True,
    ]


def test_expired_keys_are_dropped() -> None:
    ticks = count(step=1.0)
    once = Deduplicator(clock=lambda: float(next(ticks)))
    for number in range(1_000):
        once.check_and_mark(f"before:{number}")
    tracemalloc.start()
    for number in range(20_000):
        once.check_and_mark(f"after:{number}")
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 200_000
