"""Where an answer can reach the person who asked, and by which of Slack's ways."""

from __future__ import annotations

import json
from dataclasses import dataclass

_MAX_METADATA_LENGTH = 3_000


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """What a payload says about the way back.

    Attributes:
        user: who sees what is private.
        channel: empty where there is none: App Home.
        thread: the active thread that it stands in.
        root: a message that opens a thread when an answer is for everyone: the mention itself.
        own: whether this is the bot's own conversation with the person.
        response_url: takes five answers in thirty minutes, also where the app is no member.
        trigger: opens one modal within three seconds.
        message: the message that was clicked.
        ephemeral: whether only the person sees that message.
    """

    user_id: str
    channel_id: str = ""
    thread_ts: str | None = None
    root_ts: str | None = None
    is_bot_dm: bool = False
    response_url: str | None = None
    trigger_id: str | None = None
    message_ts: str | None = None
    is_ephemeral: bool = False

    def encode(self) -> str:
        """The way back as a modal's private_metadata, so that its answer goes where it was opened."""
        kept = {
            "channel": self.channel_id,
            "thread": self.thread_ts,
            "own": self.is_bot_dm,
            "response_url": self.response_url,
            "message": self.message_ts,
            "ephemeral": self.is_ephemeral,
        }
        packed = json.dumps({name: value for name, value in kept.items() if value})
        return packed if len(packed) <= _MAX_METADATA_LENGTH else "{}"

    @classmethod
    def decode(cls, user_id: str, trigger_id: str | None, metadata: str) -> ReplyTarget:
        """Read what `packed` wrote; the rest goes to the person's own messages."""
        kept = json.loads(metadata or "{}")
        return cls(
            user_id,
            channel_id=str(kept.get("channel", "")),
            thread_ts=kept.get("thread"),
            is_bot_dm=bool(kept.get("own")),
            response_url=kept.get("response_url"),
            trigger_id=trigger_id,
            message_ts=kept.get("message"),
            is_ephemeral=bool(kept.get("ephemeral")),
        )
