"""What `career-bot doctor` finds: one line each, and the one step that mends it beside each fault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from bot.dialogue.access import Access, Barrier, Outlet

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


PATIENCE = 10.0
"""Seconds for one look at a channel; nobody waits for an answer here."""

_CHOOSE = "end its tips: /career tips list, pick it, press Off; then set them up for another channel"
"""Nobody can type `tips off` in a channel that is gone, or that takes no messages."""
_BARRED: dict[Barrier, tuple[str, str]] = {
    Barrier.ARCHIVED: ("it is archived or locked", f"open it again; or {_CHOOSE}"),
    Barrier.OUTSIDE: ("the bot is not in it", "type /invite @career-bot there"),
    Barrier.HIDDEN: (
        "it is gone, or private without the bot",
        f"type /invite @career-bot there; if it is gone, {_CHOOSE}",
    ),
    Barrier.FORBIDDEN: ("the bot may not post there", "allow its role under Edit Channel, Permissions"),
    Barrier.ELSEWHERE: ("its server has no such channel any more", _CHOOSE),
    Barrier.WORDLESS: ("nobody can write in a channel of that kind", _CHOOSE),
    Barrier.ABSENT: ("the bot is not in that server", "add it by the link of: career-bot manifest discord"),
}


@dataclass(frozen=True, slots=True)
class Outlets:
    """The channels that get tips on one platform.

    Attributes:
        some: those to look at.
        total: how many there are.
    """

    some: tuple[Outlet, ...] = ()
    total: int = 0


async def looked_at(
    platform: str, outlets: Outlets, look: Callable[[Outlet], Awaitable[Access | None]]
) -> Iterator[Finding]:
    """Whether tips may be posted where they are to come: how many may, and one line for each that may not."""
    seen = await asyncio.gather(*(look(outlet) for outlet in outlets.some))
    return _told(platform, outlets, seen)


def _told(platform: str, outlets: Outlets, seen: list[Access | None]) -> Iterator[Finding]:
    known = [access for access in seen if access is not None and access.barrier is not Barrier.UNSEEN]
    if outlets.total:
        well = sum(access.barrier is None for access in known)
        said = f"tips may be posted in {well} of {len(known)}"
        unseen = len(seen) - len(known)
        said += f", {unseen} could not be looked at" if unseen else ""
        rest = outlets.total - len(seen)
        yield Finding(f"{platform} channels", said + (f", {rest} more were not looked at" if rest else ""))
    for outlet, access in zip(outlets.some, seen, strict=True):
        if access is not None and access.barrier in _BARRED:
            said, mend = _BARRED[access.barrier]
            missing = ", ".join(name.replace("_", " ").title() for name in access.missing)
            what = f"{platform} channel"
            named = f"#{access.name} ({outlet.channel})" if access.name else outlet.channel
            yield Finding(
                what,
                f"{named} in {outlet.workspace}: {said}",
                f"{mend}: {missing}" if missing else mend,
            )
