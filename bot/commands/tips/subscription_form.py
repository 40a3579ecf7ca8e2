"""The form that sets tips up, and the way back to it with everything that was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bot.commands.command import Context
from bot.commands.tips.option_parser import ALL_TAGS, DEFAULT_TIME, find_default_zone, parse_tags
from bot.commands.tips.targets import TipTarget, read_target_text, resolve_target
from bot.errors import InvalidActionError, LimitExceededError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.reply import Form, FormField, Reply, ReplyOutcome, SelectField, TextField
from bot.messaging.request import Request

_MAX_LINE_LENGTH = 100  # characters of a line, which is more than a button can bring back
_DEFAULT_DAYS = "tuesday"


class TipFormValues(NamedTuple):
    """What was said so far, as it was said; empty where nothing was.

    Attributes:
        where: `me`, `here` or a channel's id.
    """

    days: str = ""
    time: str = ""
    zone: str = ""
    target: str = ""
    tags: str = ""


def open_form(request: Request, context: Context) -> Form:
    """The form, with what was typed beside the days already in it."""
    place = read_target_text(request).strip().casefold()
    where = (
        "" if place in ("", "here") else _encode_target(resolve_target(request, read_target_text(request)))
    )
    return _build_form(_collect_values(request.inputs, where or place), request, context)


def reopen_form(request: Request, context: Context) -> Form:
    """The form as it was left, or as tips are set up now."""
    if len(request.action.args) != len(TipFormValues._fields):
        raise InvalidActionError("the way back to the form carries what was said")
    form_values = TipFormValues(*request.action.args)
    return _build_form(form_values._replace(time=form_values.time.replace(".", ":")), request, context)


def render_form_error(error: UserFacingError, target: TipTarget, request: Request, context: Context) -> Reply:
    """The sentence for what cannot be, and a button to the form with all that was said."""
    return render_error(
        error, build_reopen_action(_collect_values(request.inputs, _encode_target(target))), context
    )


def render_error(error: UserFacingError, back_action: Action, context: Context) -> Reply:
    """The sentence for what cannot be, and the way back to the form that asked."""
    texts = context.strings
    names = {"prefix": context.prefix, **error.placeholders}
    button = Button(texts.get_text("tips.mend.label"), back_action)
    blocks = (Paragraph(texts(error.string_key, **names)), Buttons((button,)))
    return Reply(blocks, texts.get_text("service.refused_summary"), outcome=ReplyOutcome.REFUSED)


def build_reopen_action(values: TipFormValues) -> Action:
    """Opens the form with what was said; what no button can carry is left out, the longest first."""
    kept = ["".join(c if c.isprintable() else " " for c in value).replace(":", ".") for value in values]
    while True:
        try:
            return Action("tips.mend", tuple(kept))
        except LimitExceededError:
            kept[kept.index(max(kept, key=len))] = ""


def _collect_values(inputs: Mapping[str, str], target: str) -> TipFormValues:
    when, time, zone, tags = (inputs.get(name, "").strip() for name in ("when", "time", "zone", "tags"))
    return TipFormValues(when, time, zone, target, tags)


def _encode_target(target: TipTarget) -> str:
    return "me" if target.is_direct else target.channel


def _build_form(values: TipFormValues, request: Request, context: Context) -> Form:
    words = context.strings.get_text
    zone = values.zone or request.user.timezone or find_default_zone(request, context)
    where = _list_target_options(values.target, request, context)
    fields: list[FormField] = [
        TextField(
            "when",
            words("tips.days.label"),
            words("tips.days.hint"),
            values.days or _DEFAULT_DAYS,
            max_length=_MAX_LINE_LENGTH,
        ),
        TextField(
            "time", words("tips.time.label"), initial=values.time or DEFAULT_TIME, max_length=_MAX_LINE_LENGTH
        ),
        TextField(
            "zone",
            words("tips.zone.label"),
            words("tips.zone.hint"),
            zone,
            is_required=False,
            max_length=_MAX_LINE_LENGTH,
        ),
        _build_topic_menu(values.tags, context),
    ]
    chosen = values.target if values.target in dict(where) else where[0][0]
    if len(where) > 1:
        fields.append(SelectField("channel", words("tips.where.label"), where, initial=chosen))
    return Form(words("tips.form.label"), tuple(fields), Action("tips.on", (chosen,)))


def _list_target_options(target: str, request: Request, context: Context) -> tuple[tuple[str, str], ...]:
    """Where tips may come: this channel and one that was named for admins, own messages for everyone."""
    words, options = context.strings.get_text, []
    if request.user.is_admin is not False:
        if target not in ("", "me", "here", request.origin.channel):
            options.append((target, words("tips.form.there.label")))
        if not request.origin.is_direct:
            here_value = request.origin.channel if target == request.origin.channel else "here"
            options.append((here_value, words("tips.form.here.label")))
    return (*options, ("me", words("tips.form.me.label")))


def _build_topic_menu(text: str, context: Context) -> SelectField:
    words, tags = context.strings.get_text, context.content.tags
    known = " ".join(tag for tag in parse_tags(text) if tag in tags)
    options = [(ALL_TAGS, words("tips.form.all.label")), *((name, tag.name) for name, tag in tags.items())]
    if known and known not in dict(options):
        options.insert(0, (known, words("tips.form.topics.label")))
    return SelectField("tags", words("tips.topics.label"), tuple(options), initial=known or ALL_TAGS)
