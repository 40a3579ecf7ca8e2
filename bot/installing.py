"""What an admin needs before the bot runs: Slack's manifest, Discord's invite link, the doctor's looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.app import App, slack_access
from bot.errors import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.platforms.checkup import Finding, Outlets


def slack_manifest(settings: Settings, url: str | None) -> str:
    """The manifest that Slack is given, as YAML; for Socket Mode, or for HTTP at an address."""
    import yaml

    from bot.platforms.slack.manifest import manifest

    built = manifest(App.build(settings).service, settings.command, url)
    return yaml.safe_dump(built, sort_keys=False, allow_unicode=True, width=100)


def discord_invitation(settings: Settings, application: str | None) -> str:
    """The link by which an admin adds the bot to a server; without an application Discord is asked for it.

    Raises:
        SettingsError: when neither the application nor a token that Discord knows is there.
    """
    from bot.platforms.discord.checkup import application_id
    from bot.platforms.discord.install import invite_link

    if application is None:
        if settings.discord is None:
            raise SettingsError("DISCORD_TOKEN: set it first, or give --application and its id")
        discord = settings.discord
        application = asyncio.run(application_id(discord.token, discord.api_url))
    return invite_link(application)


def checkups(
    settings: Settings, now: datetime, outlets: Callable[[str], Outlets]
) -> Iterator[AsyncIterator[Finding]]:
    """What `career-bot doctor` looks at on each platform whose token is set.

    Args:
        outlets: the channels that get tips on a platform.
    """
    if (slack := settings.slack) is not None:
        from bot.platforms.slack import checkup as slack_checkup

        yield slack_checkup.checkup(slack_access(slack), now, outlets("slack"))
    if (discord := settings.discord) is not None:
        from bot.platforms.discord import checkup as discord_checkup

        yield discord_checkup.checkup(
            discord.token,
            discord.api_url,
            discord.gateway_url,
            command=settings.command,
            now=now,
            outlets=outlets("discord"),
        )
