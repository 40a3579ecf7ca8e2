"""What `career-bot doctor` finds: one line each, and the one step that mends it beside each fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

CLOCK_MAY_BE_OFF = 60.0  # seconds; Slack refuses signatures from five minutes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: the thing: `Slack token`.
        said: what was found.
        mend: the step that mends it; empty when nothing is wrong.
    """

    what: str
    said: str
    mend: str = ""


def clock(what: str, date: str | None, now: datetime) -> Finding | None:
    """Whether this machine's clock agrees with a server's `Date` header; None when there is none."""
    try:
        theirs = parsedate_to_datetime(date) if date else None
    except ValueError:
        theirs = None
    if theirs is None:
        return None
    off = (now - theirs).total_seconds()
    if abs(off) <= CLOCK_MAY_BE_OFF:
        return Finding(what, "agrees with this machine's")
    side = "ahead of" if off > 0 else "behind"
    return Finding(what, f"this machine is {abs(off):.0f} s {side} it", "set this machine's clock by NTP")
