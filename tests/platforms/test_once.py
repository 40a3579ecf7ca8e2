"""What was taken is known for ten minutes and then forgotten, so that a busy week costs no memory."""

from __future__ import annotations

import tracemalloc
from itertools import count

from bot.platforms.once import MINUTES_10, Once


def test_a_key_is_taken_for_its_time() -> None:
    seconds = iter((0.0, MINUTES_10 - 1, 2 * MINUTES_10))
    once = Once(clock=lambda: next(seconds))
    assert [once.press("key") for _ in range(3)] == [True, False, True]


def test_a_finger_that_keeps_tapping_presses_once() -> None:
    seconds = iter((0.0, 1.0, 2.5, 5.0))
    once = Once(clock=lambda: next(seconds))
    assert [once.double("message", "answer") for _ in range(4)] == [False, True, True, False]


def test_what_is_pressed_again_after_another_button_is_meant() -> None:
    once = Once(clock=lambda: 0.0)
    assert [once.double("message", pressed) for pressed in ("answer", "back", "answer", "answer")] == [
        False,
        False,
        False,
        True,
    ]


def test_what_is_over_is_not_kept() -> None:
    ticks = count(step=1.0)
    once = Once(clock=lambda: float(next(ticks)))
    for number in range(1_000):
        once.press(f"before:{number}")
    tracemalloc.start()
    for number in range(20_000):
        once.press(f"after:{number}")
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 200_000
