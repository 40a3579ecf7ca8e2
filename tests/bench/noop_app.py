"""A Slack app that does nothing, as bolt makes it: what the bot is measured against."""

from __future__ import annotations

import os
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def main() -> None:
    """Serve until stopped."""
    client = AsyncWebClient("t", base_url=os.environ["NOOP_API"])
    app = AsyncApp(client=client, signing_secret=os.environ["NOOP_SECRET"])

    @app.command("/career")
    async def nothing(ack: Any) -> None:
        await ack("ok")

    app.start(port=int(os.environ["NOOP_PORT"]), host="127.0.0.1")


if __name__ == "__main__":
    main()
