"""Print what Slack or Discord is given to install the bot: Slack's app manifest, or Discord's invite link."""

from __future__ import annotations

import argparse

from bot.settings import Settings
from bot.setup_tools import build_discord_invite_link, render_slack_manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which platform, and what only its owner knows."""
    parser.add_argument("platform", choices=("slack", "discord"))
    parser.add_argument("--url", help="slack: where Slack reaches the bot over HTTP; left out, Socket Mode")
    parser.add_argument("--application", help="discord: the application's id; left out, Discord is asked")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print it."""
    if options.platform == "slack":
        print(render_slack_manifest(settings, options.url), end="")
    else:
        print(build_discord_invite_link(settings, options.application))
    return 0
