"""How the bot comes to a server: the least that it may do there, and the link that asks for it."""

from __future__ import annotations

from urllib.parse import urlencode

import discord

OAUTH_SCOPES = ("bot", "applications.commands")


def build_permissions() -> discord.Permissions:
    """What the bot needs: read where it is named, answer there and in threads, open these."""
    return discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        create_public_threads=True,
        create_private_threads=True,
        read_message_history=True,
    )


def build_invite_link(application_id: str) -> str:
    """Where an admin adds the bot to a server."""
    asked = {
        "client_id": application_id,
        "scope": " ".join(OAUTH_SCOPES),
        "permissions": str(build_permissions().value),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"
