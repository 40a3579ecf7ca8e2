"""Where an answer can reach the person who asked, and by which of Slack's ways."""

from __future__ import annotations

import json
from dataclasses import dataclass

_LONGEST_METADATA = 3_000


@dataclass(frozen=True, slots=True)
class Spot:
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

    user: str
    channel: str = ""
    thread: str | None = None
    root: str | None = None
    own: bool = False
    response_url: str | None = None
    trigger: str | None = None
    message: str | None = None
    ephemeral: bool = False

    def packed(self) -> str:
        """The way back as a modal's private_metadata, so that its answer goes where it was opened."""
        kept = {
            "channel": self.channel,
            "thread": self.thread,
            "own": self.own,
            "response_url": self.response_url,
            "message": self.message,
            "ephemeral": self.ephemeral,
        }
        packed = json.dumps({name: value for name, value in kept.items() if value})
        return packed if len(packed) <= _LONGEST_METADATA else "{}"

    @classmethod
    def unpacked(cls, user: str, trigger: str | None, packed: str) -> Spot:
        """Read what `packed` wrote; the rest goes to the person's own messages."""
        kept = json.loads(packed or "{}")
        return cls(
            user,
            channel=str(kept.get("channel", "")),
            thread=kept.get("thread"),
            own=bool(kept.get("own")),
            response_url=kept.get("response_url"),
            trigger=trigger,
            message=kept.get("message"),
            ephemeral=bool(kept.get("ephemeral")),
        )
