"""What keeps tips out of a channel, said with the step that mends it before anything is promised."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.tips.places import Place, named_place
from bot.dialogue.access import HOPELESS
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Paragraph
from bot.dialogue.request import Request
from bot.errors import Refusal


def barrier(place: Place, request: Request, context: Context) -> Paragraph | None:
    """Why tips cannot come to a place, and the mend; None when they can, or when nobody could tell.

    Raises:
        Refusal: when nothing mends it, so that another channel has to be chosen.
    """
    access = request.access
    if place.direct or access is None or access.barrier is None:
        return None
    if access.barrier in HOPELESS:
        raise Refusal(f"tips.barrier.{access.barrier}")
    texts, channel = context.texts, named_place(place.channel, context, direct=False)
    missing = ", ".join(texts.words(f"permission.{name}") for name in access.missing)
    return Paragraph(texts(f"tips.barrier.{access.barrier}", channel=channel, missing=missing))


def look_again(action: Action, context: Context) -> Button:
    """Asks the same once more, so that whoever mended it has to say nothing again."""
    return Button(context.texts.words("tips.look.label"), action)
