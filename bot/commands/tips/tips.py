"""`/career tips …`: tips to a channel, set up by admins, or to oneself."""

from __future__ import annotations

from bot.commands.command import Command, Kind, Need, Option, Subcommand
from bot.commands.tips.changing import off, pause, resume, skip
from bot.commands.tips.deciding import come_back, it_is_there, post_again
from bot.commands.tips.form import reopen_form
from bot.commands.tips.listing import listed
from bot.commands.tips.managing import manage
from bot.commands.tips.places import posts
from bot.commands.tips.preview import preview
from bot.commands.tips.reading import read_on, read_pause, read_place
from bot.commands.tips.setting_up import confirm, look, set_up
from bot.commands.tips.snoozing import snooze, stop, until_form
from bot.commands.tips.suggesting import (
    suggest_tags,
    suggest_time,
    suggest_until,
    suggest_when,
    suggest_zone,
)

_CHANNEL = Option("channel", about="tips.channel.hint", kind=Kind.CHANNEL)
_ME = Option("me", about="tips.me.hint", kind=Kind.SWITCH)
_PLACE = (_CHANNEL, _ME)

TIPS = Command(
    name="tips",
    answer=listed,
    subcommands=(
        Subcommand(
            "on",
            set_up,
            read_on,
            (
                Option("when", suggest=suggest_when, about="tips.days.hint"),
                Option("time", suggest=suggest_time, about="tips.time.hint"),
                Option("zone", suggest=suggest_zone, about="tips.zone.hint"),
                *_PLACE,
                Option("tags", suggest=suggest_tags, about="tips.tags.hint"),
            ),
        ),
        Subcommand("off", off, read_place, _PLACE),
        Subcommand(
            "pause",
            pause,
            read_pause,
            (Option("until", suggest=suggest_until, about="tips.until.hint"), *_PLACE),
        ),
        Subcommand("resume", resume, read_place, _PLACE),
        Subcommand("skip", skip, read_place, _PLACE),
        Subcommand("preview", preview, read_place, _PLACE),
        Subcommand("list", listed),
    ),
    verbs={
        "confirm": confirm,
        "look": look,
        "again": post_again,
        "there": it_is_there,
        "return": come_back,
        "mend": reopen_form,
        "place": manage,
        "snooze": snooze,
        "until": until_form,
        "stop": stop,
    },
    needs=frozenset({Need.ZONE}),
    posts=posts,
    store=True,
)
"""Whether somebody is an admin is asked where a channel is meant; one's own tips are anybody's to set."""
