"""What `career-bot doctor` says of tips: the next ones, those that rest, those in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.commands.command import Context
from bot.commands.tips.notifications import format_local_time
from bot.commands.tips.simulation import TipSimulation, build_simulation
from bot.domain.outbox import PauseReason
from bot.domain.tips.rotation import TipPool
from bot.messaging.channel_access import ChannelRef
from bot.messaging.spans import spans_to_text
from bot.platforms.diagnostics import CheckResult, TipChannels

_MAX_NEXT = 3
_MAX_CHANNELS = 20  # of each platform
_MAX_PROBLEMS = 10  # of each kind
_RECENT_PERIOD = timedelta(days=7)
_MAX_TIP_LENGTH = 60  # characters of a tip

_PAUSE_EXPLANATIONS = {
    PauseReason.GONE: (
        "its place is gone or archived",
        "bring it back and say {tips} resume there, or end it: {tips} list, pick it, press Off",
    ),
    PauseReason.UNRECOGNIZED: (
        "the platform refused two tips in a row with a code that this version does not know",
        "look for the code in the log, fix what it names, then say {tips} resume there",
    ),
    PauseReason.FORBIDDEN: ("the bot may not post there", "let the bot in, then say {tips} resume there"),
    PauseReason.CLOSED: (
        "its person takes no direct messages",
        "its person allows them and says {tips} resume",
    ),
    PauseReason.REFUSED: (
        "the platform refused the bot",
        "fix its token and scopes, then say {tips} resume there",
    ),
}
_UNKNOWN_PAUSE_EXPLANATION = ("it was paused for: {why}", "say {tips} resume there")


def list_tip_channels(platform: str, context: Context) -> TipChannels:
    """The channels that get tips on a platform, those whose turn comes first before the others.

    Raises:
        StoreAway: when the database does not answer.
    """
    some, total = context.open_store().operator_report.list_upcoming(_MAX_CHANNELS, platform)
    return TipChannels(tuple(ChannelRef(one.tenant.workspace, one.channel) for one in some), total)


def check_upcoming_tips(context: Context, now: datetime) -> Iterator[CheckResult]:
    """The next tips of all, and each that will not come though nobody asked for that.

    Raises:
        StoreAway: when the database does not answer.
    """
    some, total = context.open_store().operator_report.list_upcoming(_MAX_NEXT)
    if total == 0:
        yield CheckResult("next tip", f"none is set up; {context.prefix} tips on tuesday 09:00 does")
    for one in some:
        yield _check_next_tip(build_simulation(one, context, now), context)
    yield from _check_paused_tips(context, now)
    yield from _check_uncertain_deliveries(context, now)


def _check_next_tip(simulation: TipSimulation, context: Context) -> CheckResult:
    assert simulation.next_due_at is not None, "it was asked for with that"
    subscription = simulation.subscription
    planned = TipPool.of(context.content).plan_post(subscription, simulation.history, simulation.next_due_at)
    zone = subscription.schedule.zone
    when = f"{format_local_time(simulation.next_due_at, zone)}, {simulation.label}"
    if planned.choice is None:
        mend = (
            f"choose other topics: {context.prefix} tips on; or review their cards, which are over a year old"
        )
        return CheckResult("next tip", f"{when}: none on {', '.join(subscription.tags) or 'any topic'}", mend)
    said = spans_to_text(context.content.tips[planned.choice.tip].text)
    return CheckResult(
        "next tip", f"{when}: {said if len(said) <= _MAX_TIP_LENGTH else said[: _MAX_TIP_LENGTH - 1] + '…'}"
    )


def _check_paused_tips(context: Context, now: datetime) -> Iterator[CheckResult]:
    _, asked = context.open_store().operator_report.list_paused(0, by_request=True)
    if asked:
        yield CheckResult("tips rest", f"{asked} because somebody asked")
    some, total = context.open_store().operator_report.list_paused(_MAX_PROBLEMS, by_request=False)
    for one in (build_simulation(one, context, now) for one in some):
        said, mend = _PAUSE_EXPLANATIONS.get(
            one.pause_reason or PauseReason.ASKED, _UNKNOWN_PAUSE_EXPLANATION
        )
        told = {"tips": f"{context.prefix} tips", "why": one.pause_reason or PauseReason.ASKED}
        yield CheckResult("tips rest", f"{one.label}: {said.format(**told)}", mend.format(**told))
    yield from _report_remaining("tips rest", total - len(some))


def _check_uncertain_deliveries(context: Context, now: datetime) -> Iterator[CheckResult]:
    some, total = context.open_store().operator_report.list_uncertain(now - _RECENT_PERIOD, _MAX_PROBLEMS)
    for one in some:
        where = f"{one.tenant.platform} {one.tenant.workspace} {one.channel}"
        said = f"{format_local_time(one.scheduled_at, 'UTC')}, {where}: posted or not, nobody knows"
        mend = (
            "its owner checks the channel, then presses Post it now or It was posted under the bot's message"
        )
        yield CheckResult("tip in doubt", said, mend)
    yield from _report_remaining("tip in doubt", total - len(some))


def _report_remaining(name: str, remaining: int) -> Iterator[CheckResult]:
    if remaining > 0:
        yield CheckResult(name, f"and {remaining} more")
