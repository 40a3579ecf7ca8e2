"""What Slack is told about the app is what the code listens to, and fits what Slack takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.platforms.slack.app_manifest import BOT_SCOPES, build_manifest
from bot.service import Service
from bot.settings import Settings
from bot.setup_tools import render_slack_manifest
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "bot/platforms/slack"


def test_the_manifest_in_deploy_is_the_one_that_the_code_makes(tmp_path: Path) -> None:
    settings = Settings.from_env({"CAREER_BOT_DATA_DIR": str(tmp_path)})
    assert (ROOT / "deploy/slack-manifest.yaml").read_text() == render_slack_manifest(settings, None), (
        "career-bot manifest slack > deploy/slack-manifest.yaml"
    )


def test_manifest_has_a_url_only_over_http(service: Service) -> None:
    over_http = build_manifest(service, "/advice", "https://bot.example.org/")
    told = re.findall(r"https://\S+?(?=['\"])", str(over_http))
    assert told == ["https://bot.example.org/slack/events"] * 3
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert over_http["features"]["slash_commands"][0]["command"] == "/advice"
    assert "url" not in str(build_manifest(service, "/career"))


def test_the_manifest_fits_what_slack_takes(service: Service) -> None:
    built = build_manifest(service, "/career")
    about, features = built["display_information"], built["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4_000
    assert len(features["slash_commands"][0]["usage_hint"]) <= 1_000
    assert len(features["shortcuts"][0]["name"]) <= 24
    assert len(features["shortcuts"][0]["description"]) <= 150
    assert len(features["agent_view"]["suggested_prompts"]) == 4
    assert features["app_home"]["messages_tab_enabled"]


async def test_every_manifest_event_has_a_listener(harness: SlackHarness, service: Service) -> None:
    built = build_manifest(service, "/career")
    for event in built["settings"]["event_subscriptions"]["bot_events"]:
        kind, _, where = event.partition(".")
        inner = {
            "type": kind,
            "channel_type": where,
            "user": "U1",
            "channel": "C1",
            "ts": payloads.create_id(),
        }
        assert (await harness.post_payload(payloads.build_event(**inner)))[0] == 200, event
    callback = built["features"]["shortcuts"][0]["callback_id"]
    assert payloads.build_shortcut("x", "")["callback_id"] == callback


METHODS: dict[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.getPermalink": "",
    "users.info": "users:read",
    "conversations.info": "channels:read groups:read",
    "views.open": "",
    "views.publish": "",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "auth.test": "",
    "apps.connections.open": "",
}
EVENTS = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
}


def test_the_scopes_are_those_that_the_methods_and_events_need(service: Service) -> None:
    used = {
        name
        for file in SOURCE.glob("*.py")
        for name in re.findall(
            r'"((?:chat|users|conversations|views|assistant|auth|apps)\.[A-Za-z.]+)"', file.read_text()
        )
    }
    assert used == set(METHODS)
    told: Any = build_manifest(service, "/career")["settings"]["event_subscriptions"]["bot_events"]
    assert set(told) == set(EVENTS)
    assert set(" ".join((*METHODS.values(), *EVENTS.values(), "commands")).split()) == set(BOT_SCOPES)


@pytest.mark.parametrize("platform", ["compose.yaml", "slack-manifest.yaml"])
def test_what_lies_in_deploy_reads(platform: str) -> None:
    assert yaml.safe_load((ROOT / "deploy" / platform).read_text())


def test_connecting_takes_twelve_steps_and_each_says_what_one_sees() -> None:
    begin = (ROOT / "deploy/README.md").read_text().partition("\n## ")[0]
    steps = re.split(r"^\d+\. ", begin, flags=re.MULTILINE)[1:]
    assert 0 < len(steps) <= 12
    assert [step[:40] for step in steps if "you see" not in step.casefold()] == []
