"""`/career tips …`: tips to a channel, set up by admins, or to oneself."""

from __future__ import annotations

from bot.commands.command import Command, CommandOption, OptionKind, Requirement, Subcommand
from bot.commands.tips.argument_parser import (
    parse_on_arguments,
    parse_pause_arguments,
    parse_target_arguments,
)
from bot.commands.tips.delivery_confirmation import confirm_delivered, resend, resume_from_notification
from bot.commands.tips.option_autocomplete import (
    suggest_days,
    suggest_tags,
    suggest_time,
    suggest_until,
    suggest_zone,
)
from bot.commands.tips.snooze import open_snooze_form, snooze_tips, stop_direct_tips
from bot.commands.tips.subscription_changes import pause_tips, resume_tips, skip_next_tip, unsubscribe
from bot.commands.tips.subscription_form import reopen_form
from bot.commands.tips.subscription_list import list_subscriptions
from bot.commands.tips.subscription_page import show_subscription
from bot.commands.tips.subscription_setup import confirm_subscription, recheck_access, set_up_subscription
from bot.commands.tips.targets import find_posting_channel
from bot.commands.tips.tip_preview import preview_tip

_CHANNEL_OPTION = CommandOption("channel", hint_key="tips.channel.hint", kind=OptionKind.CHANNEL)
_ME_OPTION = CommandOption("me", hint_key="tips.me.hint", kind=OptionKind.SWITCH)
_TARGET_OPTIONS = (_CHANNEL_OPTION, _ME_OPTION)

TIPS = Command(
    name="tips",
    handler=list_subscriptions,
    subcommands=(
        Subcommand(
            "on",
            set_up_subscription,
            parse_on_arguments,
            (
                CommandOption("when", suggest=suggest_days, hint_key="tips.days.hint"),
                CommandOption("time", suggest=suggest_time, hint_key="tips.time.hint"),
                CommandOption("zone", suggest=suggest_zone, hint_key="tips.zone.hint"),
                *_TARGET_OPTIONS,
                CommandOption("tags", suggest=suggest_tags, hint_key="tips.tags.hint"),
            ),
        ),
        Subcommand("off", unsubscribe, parse_target_arguments, _TARGET_OPTIONS),
        Subcommand(
            "pause",
            pause_tips,
            parse_pause_arguments,
            (CommandOption("until", suggest=suggest_until, hint_key="tips.until.hint"), *_TARGET_OPTIONS),
        ),
        Subcommand("resume", resume_tips, parse_target_arguments, _TARGET_OPTIONS),
        Subcommand("skip", skip_next_tip, parse_target_arguments, _TARGET_OPTIONS),
        Subcommand("preview", preview_tip, parse_target_arguments, _TARGET_OPTIONS),
        Subcommand("list", list_subscriptions),
    ),
    button_handlers={
        "confirm": confirm_subscription,
        "look": recheck_access,
        "again": resend,
        "there": confirm_delivered,
        "return": resume_from_notification,
        "mend": reopen_form,
        "place": show_subscription,
        "snooze": snooze_tips,
        "until": open_snooze_form,
        "stop": stop_direct_tips,
    },
    requirements=frozenset({Requirement.TIMEZONE}),
    find_posting_channel=find_posting_channel,
    uses_store=True,
)
"""Whether somebody is an admin is asked where a channel is meant; one's own tips are anybody's to set."""
