"""What an admin is asked for when the bot is added: the least that its features need."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from bot.platforms.discord.invite import build_invite_link, build_permissions


def test_the_link_asks_for_the_least() -> None:
    asked = parse_qs(urlsplit(build_invite_link("123")).query)
    assert asked["client_id"] == ["123"]
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["permissions"] == [str(build_permissions().value)]
    given = {name for name, value in build_permissions() if value}
    assert given == {
        "read_messages",
        "send_messages",
        "read_message_history",
        "send_messages_in_threads",
        "create_public_threads",
        "create_private_threads",
    }
