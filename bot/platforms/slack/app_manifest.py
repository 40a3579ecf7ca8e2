"""The app's manifest: what Slack must know so that all that the bot listens to reaches it, and no more."""

from __future__ import annotations

from bot.platforms.slack.app_home import SUGGESTED_PROMPTS
from bot.platforms.slack.listeners import SHORTCUT_CALLBACK_ID, SUBSCRIBED_EVENTS
from bot.platforms.slack.rich_text import JsonObject
from bot.service import Service

APP_NAME = "career-bot"

BOT_SCOPES = {
    "commands": "the slash command and the message shortcut",
    "chat:write": "answers",
    "app_mentions:read": "being named in a channel",
    "im:history": "being written to directly",
    "users:read": "who is an admin, and in which zone somebody lives",
    "channels:read": "whether tips may be posted in a channel, before they are promised",
    "groups:read": "the same of private channels",
    "assistant:write": "the questions offered under Messages",
}
"""The bot's scopes, each with what needs it; `doctor` names the reason when one is missing."""


def build_manifest(service: Service, slash_command: str, public_url: str | None = None) -> JsonObject:
    """The manifest as data.

    Args:
        command: the slash command: `/career`.
        url: where Slack reaches the bot over HTTP, `https://bot.example.org`; None for Socket Mode.
    """
    texts = service.context.strings
    events = None if public_url is None else f"{public_url.rstrip('/')}/slack/events"
    at = {} if events is None else {"request_url": events}
    slash = {
        "command": slash_command,
        "description": texts.get_text("slack.manifest.command"),
        "usage_hint": texts.get_text("slack.manifest.usage"),
        "should_escape": True,  # channels and people arrive as ids
    }
    prompts = [
        {part: texts.get_text(f"{key}.{source}") for part, source in _PROMPT_FIELDS}
        for key in SUGGESTED_PROMPTS
    ]
    return {
        "display_information": {
            "name": APP_NAME,
            "description": texts.get_text("slack.manifest.description"),
            "long_description": texts.get_text("slack.manifest.long"),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": texts.get_text("slack.manifest.description"),
                "suggested_prompts": prompts,
            },
            "bot_user": {"display_name": APP_NAME, "always_online": True},
            "shortcuts": [
                {
                    "name": texts.get_text("slack.shortcut.name"),
                    "type": "message",
                    "callback_id": SHORTCUT_CALLBACK_ID,
                    "description": texts.get_text("slack.shortcut.description"),
                }
            ],
            "slash_commands": [slash if events is None else {**slash, "url": events}],
        },
        "oauth_config": {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {**at, "bot_events": list(SUBSCRIBED_EVENTS)},
            "interactivity": {"is_enabled": True, **at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": public_url is None,
            "token_rotation_enabled": False,
        },
    }


_PROMPT_FIELDS = (("title", "title"), ("message", "says"))
