"""What keeps tips out of a channel, said with the step that mends it before anything is promised."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.tips.targets import TipTarget, format_channel
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Paragraph
from bot.messaging.channel_access import UNFIXABLE_PROBLEMS
from bot.messaging.request import Request


def find_access_problem(target: TipTarget, request: Request, context: Context) -> Paragraph | None:
    """Why tips cannot come to a place, and the mend; None when they can, or when nobody could tell.

    Raises:
        Refusal: when nothing mends it, so that another channel has to be chosen.
    """
    access = request.channel_access
    if target.is_direct or access is None or access.problem is None:
        return None
    if access.problem in UNFIXABLE_PROBLEMS:
        raise UserFacingError(f"tips.barrier.{access.problem}")
    texts, channel = context.strings, format_channel(target.channel, context, is_direct=False)
    missing = ", ".join(texts.get_text(f"permission.{name}") for name in access.missing_permissions)
    return Paragraph(texts(f"tips.barrier.{access.problem}", channel=channel, missing=missing))


def build_recheck_button(action: Action, context: Context) -> Button:
    """Asks the same once more, so that whoever mended it has to say nothing again."""
    return Button(context.strings.get_text("tips.look.label"), action)
