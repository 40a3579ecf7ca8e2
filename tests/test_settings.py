"""Settings that decide something together."""

from __future__ import annotations

import pytest

from bot.settings import Settings

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
DISCORD = {"DISCORD_TOKEN": "token"}


@pytest.mark.parametrize(
    ("environ", "is_web_ui_served"),
    [
        ({}, True),
        (SLACK, False),
        (DISCORD, False),
        ({**SLACK, "CAREER_BOT_PAGE": "1"}, True),
        ({**DISCORD, "CAREER_BOT_PAGE": "1"}, True),
        ({"CAREER_BOT_PAGE": "0"}, False),
        ({"CAREER_BOT_PAGE": ""}, True),
    ],
)
def test_the_page_is_served_when_nothing_else_is_or_when_asked_for(
    environ: dict[str, str], is_web_ui_served: bool
) -> None:
    assert Settings.from_env(environ).has_web_ui is is_web_ui_served
