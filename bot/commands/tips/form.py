"""The form that sets tips up, and the way back to it with everything that was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bot.commands.command import Context
from bot.commands.tips.places import Place, place_of, said_place
from bot.commands.tips.words import ALL, MORNING, tags_of, zone_here
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.reply import Field, Form, Line, Outcome, Pick, Reply
from bot.dialogue.request import Request
from bot.errors import BadAction, DoesNotFit, Refusal

_MOST = 100  # characters of a line, which is more than a button can bring back
_USUAL = "tuesday"


class Said(NamedTuple):
    """What was said so far, as it was said; empty where nothing was.

    Attributes:
        where: `me`, `here` or a channel's id.
    """

    when: str = ""
    time: str = ""
    zone: str = ""
    where: str = ""
    tags: str = ""


def open_form(request: Request, context: Context) -> Form:
    """The form, with what was typed beside the days already in it."""
    place = said_place(request).strip().casefold()
    where = "" if place in ("", "here") else _where(place_of(request, said_place(request)))
    return _form(_said(request.inputs, where or place), request, context)


def reopen_form(request: Request, context: Context) -> Form:
    """The form as it was left, or as tips are set up now."""
    if len(request.action.args) != len(Said._fields):
        raise BadAction("the way back to the form carries what was said")
    said = Said(*request.action.args)
    return _form(said._replace(time=said.time.replace(".", ":")), request, context)


def way_back(refusal: Refusal, place: Place, request: Request, context: Context) -> Reply:
    """The sentence for what cannot be, and a button to the form with all that was said."""
    return refused(refusal, reopening(_said(request.inputs, _where(place))), context)


def refused(refusal: Refusal, back: Action, context: Context) -> Reply:
    """The sentence for what cannot be, and the way back to the form that asked."""
    texts = context.texts
    names = {"prefix": context.prefix, **refusal.names}
    button = Button(texts.words("tips.mend.label"), back)
    blocks = (Paragraph(texts(refusal.phrase, **names)), Buttons((button,)))
    return Reply(blocks, texts.words("service.refused_summary"), outcome=Outcome.REFUSED)


def reopening(said: Said) -> Action:
    """Opens the form with what was said; what no button can carry is left out, the longest first."""
    kept = ["".join(c if c.isprintable() else " " for c in one).replace(":", ".") for one in said]
    while True:
        try:
            return Action("tips.mend", tuple(kept))
        except DoesNotFit:
            kept[kept.index(max(kept, key=len))] = ""


def _said(inputs: Mapping[str, str], where: str) -> Said:
    when, time, zone, tags = (inputs.get(name, "").strip() for name in ("when", "time", "zone", "tags"))
    return Said(when, time, zone, where, tags)


def _where(place: Place) -> str:
    return "me" if place.direct else place.channel


def _form(said: Said, request: Request, context: Context) -> Form:
    words = context.texts.words
    zone = said.zone or request.user.zone or zone_here(request, context)
    where = _places(said.where, request, context)
    fields: list[Field] = [
        Line("when", words("tips.days.label"), words("tips.days.hint"), said.when or _USUAL, most=_MOST),
        Line("time", words("tips.time.label"), initial=said.time or MORNING, most=_MOST),
        Line("zone", words("tips.zone.label"), words("tips.zone.hint"), zone, required=False, most=_MOST),
        _topics(said.tags, context),
    ]
    chosen = said.where if said.where in dict(where) else where[0][0]
    if len(where) > 1:
        fields.append(Pick("channel", words("tips.where.label"), where, initial=chosen))
    return Form(words("tips.form.label"), tuple(fields), Action("tips.on", (chosen,)))


def _places(said: str, request: Request, context: Context) -> tuple[tuple[str, str], ...]:
    """Where tips may come: this channel and one that was named for admins, own messages for everyone."""
    words, found = context.texts.words, []
    if request.user.admin is not False:
        if said not in ("", "me", "here", request.origin.channel):
            found.append((said, words("tips.form.there.label")))
        if not request.origin.direct:
            here = request.origin.channel if said == request.origin.channel else "here"
            found.append((here, words("tips.form.here.label")))
    return (*found, ("me", words("tips.form.me.label")))


def _topics(said: str, context: Context) -> Pick:
    words, tags = context.texts.words, context.library.tags
    known = " ".join(tag for tag in tags_of(said) if tag in tags)
    options = [(ALL, words("tips.form.all.label")), *((name, tag.name) for name, tag in tags.items())]
    if known and known not in dict(options):
        options.insert(0, (known, words("tips.form.topics.label")))
    return Pick("tags", words("tips.topics.label"), tuple(options), initial=known or ALL)
