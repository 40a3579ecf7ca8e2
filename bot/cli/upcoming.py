"""What `career-bot doctor` says of tips: the next ones, those that rest, those in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.commands.command import Context
from bot.commands.tips.rehearsing import Rehearsal, rehearsal
from bot.commands.tips.telling import local
from bot.dialogue.access import Outlet
from bot.dialogue.spans import words
from bot.domain.tips.course import post
from bot.platforms.checkup import Finding, Outlets

_NEXT = 3
_CHANNELS = 20  # of each platform
_FAULTS = 10  # of each kind
_LATELY = timedelta(days=7)
_SHOWN = 60  # characters of a tip

_RESTS = {
    "gone": (
        "its place is gone or archived",
        "bring it back and say {tips} resume there, or end it: {tips} list, pick it, press Off",
    ),
    "forbidden": ("the bot may not post there", "let the bot in, then say {tips} resume there"),
    "closed": ("its person takes no direct messages", "its person allows them and says {tips} resume"),
    "refused": ("the platform refused the bot", "mend its token and scopes, then say {tips} resume there"),
}
_ODDLY = ("it was paused for: {why}", "say {tips} resume there")


def outlets(platform: str, context: Context) -> Outlets:
    """The channels that get tips on a platform, those whose turn comes first before the others.

    Raises:
        StoreAway: when the database does not answer.
    """
    some, total = context.store.overview.coming(_CHANNELS, platform)
    return Outlets(tuple(Outlet(one.community.workspace, one.channel) for one in some), total)


def upcoming(context: Context, now: datetime) -> Iterator[Finding]:
    """The next tips of all, and each that will not come though nobody asked for that.

    Raises:
        StoreAway: when the database does not answer.
    """
    some, total = context.store.overview.coming(_NEXT)
    if total == 0:
        yield Finding("next tip", f"none is set up; {context.prefix} tips on tuesday 09:00 does")
    for one in some:
        yield _next(rehearsal(one, context, now), context)
    yield from _resting(context, now)
    yield from _doubtful(context, now)


def _next(one: Rehearsal, context: Context) -> Finding:
    assert one.due is not None, "it was asked for with that"
    schedule, chosen = one.taker.schedule, post(one.taker, one.posted, one.due, context.library).chosen
    when = f"{local(one.due, schedule.zone)}, {one.name}"
    if chosen is None:
        mend = (
            f"choose other topics: {context.prefix} tips on; or review their cards, which are over a year old"
        )
        return Finding("next tip", f"{when}: none on {', '.join(one.taker.tags) or 'any topic'}", mend)
    said = words(context.library.tips[chosen.tip].text)
    return Finding("next tip", f"{when}: {said if len(said) <= _SHOWN else said[: _SHOWN - 1] + '…'}")


def _resting(context: Context, now: datetime) -> Iterator[Finding]:
    _, asked = context.store.overview.resting(0, asked=True)
    if asked:
        yield Finding("tips rest", f"{asked} because somebody asked")
    some, total = context.store.overview.resting(_FAULTS, asked=False)
    for one in (rehearsal(one, context, now) for one in some):
        said, mend = _RESTS.get(one.paused, _ODDLY)
        told = {"tips": f"{context.prefix} tips", "why": one.paused}
        yield Finding("tips rest", f"{one.name}: {said.format(**told)}", mend.format(**told))
    yield from _more("tips rest", total - len(some))


def _doubtful(context: Context, now: datetime) -> Iterator[Finding]:
    some, total = context.store.overview.in_doubt(now - _LATELY, _FAULTS)
    for one in some:
        where = f"{one.community.platform} {one.community.workspace} {one.channel}"
        said = f"{local(one.slot, 'UTC')}, {where}: posted or not, nobody knows"
        mend = "its owner looks there, then presses Post it now or It is there, as the bot's message asks"
        yield Finding("tip in doubt", said, mend)
    yield from _more("tip in doubt", total - len(some))


def _more(what: str, rest: int) -> Iterator[Finding]:
    if rest > 0:
        yield Finding(what, f"and {rest} more")
