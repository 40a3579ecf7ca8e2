"""What an admin needs before the bot runs: Slack's manifest, Discord's invite link, the doctor's looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.app import App, build_slack_credentials
from bot.errors import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.platforms.diagnostics import CheckResult, TipChannels


def render_slack_manifest(settings: Settings, public_url: str | None) -> str:
    """Return the manifest for Slack as YAML: for Socket Mode, or for HTTP at an address."""
    import yaml

    from bot.platforms.slack.app_manifest import build_manifest

    built = build_manifest(App.build(settings).service, settings.slash_command, public_url)
    return yaml.safe_dump(built, sort_keys=False, allow_unicode=True, width=100)


def build_discord_invite_link(settings: Settings, app_id: str | None) -> str:
    """Return the link by which an admin adds the bot to a server; without an id, ask Discord for it.

    Raises:
        SettingsError: when neither the application nor a token that Discord knows is there.
    """
    from bot.platforms.discord.diagnostics import fetch_application_id
    from bot.platforms.discord.invite import build_invite_link

    if app_id is None:
        if settings.discord is None:
            raise SettingsError("DISCORD_TOKEN: set it first, or give --application and its id")
        discord = settings.discord
        app_id = asyncio.run(fetch_application_id(discord.token, discord.api_url))
    return build_invite_link(app_id)


def iter_diagnostics(
    settings: Settings, now: datetime, load_tip_channels: Callable[[str], TipChannels]
) -> Iterator[AsyncIterator[CheckResult]]:
    """Yield the checks of `career-bot doctor` for each platform whose token is set.

    Args:
        outlets: the channels that get tips on a platform.
    """
    if (slack := settings.slack) is not None:
        from bot.platforms.slack import diagnostics as slack_checkup

        yield slack_checkup.run_diagnostics(build_slack_credentials(slack), now, load_tip_channels("slack"))
    if (discord := settings.discord) is not None:
        from bot.platforms.discord import diagnostics as discord_checkup

        yield discord_checkup.run_diagnostics(
            discord.token,
            discord.api_url,
            discord.gateway_url,
            slash_command=settings.slash_command,
            now=now,
            tip_channels=load_tip_channels("discord"),
        )
