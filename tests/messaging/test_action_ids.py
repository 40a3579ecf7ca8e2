"""Ids of any platform pass through a button and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LimitExceededError
from bot.messaging.action import Action

IDS = (
    "4xp9fdt77pncbef59f4k1qe83o",  # Mattermost
    "-1001234567890",  # Telegram
    "!abc:server.org",  # Matrix
    "19:abc@thread.tacv2",  # Teams
    "100%",
    "%3A",
    "%253A",
)


@pytest.mark.parametrize("platform_id", IDS)
def test_an_id_comes_back_from_a_button(platform_id: str) -> None:
    action = Action("tips.resume", (platform_id, "x"))
    assert Action.decode(action.encode()) == action


@given(st.lists(st.text("ab%:3A25!@.-", max_size=8), max_size=3))
def test_any_arguments_come_back(args: list[str]) -> None:
    action = Action("tips.resume", tuple(args))
    assert Action.decode(action.encode()) == action


def test_a_name_holds_no_separator() -> None:
    with pytest.raises(LimitExceededError):
        Action("tips:resume")
