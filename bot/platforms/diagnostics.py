"""What `career-bot doctor` finds: one line each, and the one step that mends it beside each fault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from bot.messaging.channel_access import AccessProblem, ChannelAccess, ChannelRef

MAX_CLOCK_SKEW = 60.0  # seconds; Slack refuses signatures from five minutes


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at.

    Attributes:
        what: the thing: `Slack token`.
        said: what was found.
        mend: the step that mends it; empty when nothing is wrong.
    """

    name: str
    message: str
    fix: str = ""


def check_clock(name: str, date_header: str | None, now: datetime) -> CheckResult | None:
    """Whether this machine's clock agrees with a server's `Date` header; None when there is none."""
    try:
        theirs = parsedate_to_datetime(date_header) if date_header else None
    except ValueError:
        theirs = None
    if theirs is None:
        return None
    off = (now - theirs).total_seconds()
    if abs(off) <= MAX_CLOCK_SKEW:
        return CheckResult(name, "agrees with this machine's")
    side = "ahead of" if off > 0 else "behind"
    return CheckResult(name, f"this machine is {abs(off):.0f} s {side} it", "set this machine's clock by NTP")


CHANNEL_CHECK_TIMEOUT = 10.0
"""Seconds for one look at a channel; nobody waits for an answer here."""

_MOVE_TIPS_FIX = "end its tips: /career tips list, pick it, press Off; then set them up for another channel"
"""Nobody can type `tips off` in a channel that is gone, or that takes no messages."""
_PROBLEM_TEXTS: dict[AccessProblem, tuple[str, str]] = {
    AccessProblem.ARCHIVED: ("it is archived or locked", f"open it again; or {_MOVE_TIPS_FIX}"),
    AccessProblem.NOT_MEMBER: ("the bot is not in it", "type /invite @career-bot there"),
    AccessProblem.NOT_VISIBLE: (
        "it is gone, or private without the bot",
        f"type /invite @career-bot there; if it is gone, {_MOVE_TIPS_FIX}",
    ),
    AccessProblem.MISSING_PERMISSION: (
        "the bot may not post there",
        "allow its role under Edit Channel, Permissions",
    ),
    AccessProblem.OTHER_SERVER: ("its server has no such channel any more", _MOVE_TIPS_FIX),
    AccessProblem.NOT_WRITABLE: ("nobody can write in a channel of that kind", _MOVE_TIPS_FIX),
    AccessProblem.BOT_NOT_INSTALLED: (
        "the bot is not in that server",
        "add it by the link of: career-bot manifest discord",
    ),
}


@dataclass(frozen=True, slots=True)
class TipChannels:
    """The channels that get tips on one platform.

    Attributes:
        some: those to look at.
        total: how many there are.
    """

    channels: tuple[ChannelRef, ...] = ()
    total: int = 0


async def check_channels(
    platform: str,
    tip_channels: TipChannels,
    check_channel: Callable[[ChannelRef], Awaitable[ChannelAccess | None]],
) -> Iterator[CheckResult]:
    """Whether tips may be posted where they are to come: how many may, and one line for each that may not."""
    seen = await asyncio.gather(*(check_channel(outlet) for outlet in tip_channels.channels))
    return _build_channel_results(platform, tip_channels, seen)


def _build_channel_results(
    platform: str, tip_channels: TipChannels, accesses: list[ChannelAccess | None]
) -> Iterator[CheckResult]:
    known = [
        access
        for access in accesses
        if access is not None and access.problem is not AccessProblem.CHECK_FAILED
    ]
    if tip_channels.total:
        well = sum(access.problem is None for access in known)
        said = f"tips may be posted in {well} of {len(known)}"
        unseen = len(accesses) - len(known)
        said += f", {unseen} could not be looked at" if unseen else ""
        rest = tip_channels.total - len(accesses)
        yield CheckResult(
            f"{platform} channels", said + (f", {rest} more were not looked at" if rest else "")
        )
    for outlet, access in zip(tip_channels.channels, accesses, strict=True):
        if access is not None and access.problem in _PROBLEM_TEXTS:
            said, mend = _PROBLEM_TEXTS[access.problem]
            missing = ", ".join(name.replace("_", " ").title() for name in access.missing_permissions)
            what = f"{platform} channel"
            named = f"#{access.name} ({outlet.channel})" if access.name else outlet.channel
            yield CheckResult(
                what,
                f"{named} in {outlet.workspace}: {said}",
                f"{mend}: {missing}" if missing else mend,
            )
