"""`/career admin status | reload | unanswered`: for admins of a workspace."""

from __future__ import annotations

from bot.commands.command import Command, ContentReloader, Context, Requirement, Subcommand
from bot.commands.counters import get_tenant
from bot.domain.unanswered_groups import UnansweredGroup, group_terms
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Bullets, Button, Buttons, Facts, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans

_PAGES = ("status", "reload", "unanswered")
_MAX_PROBLEMS = 5
_MAX_PROBLEM_LENGTH = 200  # characters of a problem that are shown; the log has it whole
_MAX_GROUPS = 15
_MAX_CARDS = 5


def _show_status(request: Request, context: Context) -> Reply:
    texts, state = context.strings, _require_reloader(context).reload_status
    groups = _load_unanswered_groups(request, context)
    facts = (
        (texts.get_text("admin.version"), build_spans(context.content.version)),
        (texts.get_text("admin.read_at"), build_spans(f"{state.loaded_at:%Y-%m-%d %H:%M} UTC")),
        (texts.get_text("admin.cards"), build_spans(str(len(context.content.cards)))),
        (texts.get_text("admin.in_vain"), texts("admin.groups", n=len(groups))),
    )
    blocks: list[Block] = [Heading(texts.get_text("admin.heading")), Facts(facts)]
    if tasks := context.describe_tasks():
        blocks.append(Facts(tuple((name, build_spans(state)) for name, state in tasks.items())))
    blocks += [*_render_unhelpful_cards(request, context), *_render_problems(context)]
    return _build_page(blocks, "status", context)


def _reload_content(_request: Request, context: Context) -> Reply:
    problems = _require_reloader(context).reload().problems
    sentence = context.strings("admin.not_reloaded" if problems else "admin.reloaded")
    return _build_page([Paragraph(sentence), *_render_problems(context)], "reload", context)


def _show_unanswered(request: Request, context: Context) -> Reply:
    texts, groups = context.strings, _load_unanswered_groups(request, context)
    blocks: list[Block] = [Heading(texts.get_text("admin.unanswered.heading"))]
    if not groups:
        blocks.append(Paragraph(texts("admin.unanswered.none")))
    else:
        items = (
            texts("admin.unanswered.group", words=", ".join(group.stems[:8]), n=group.person_count)
            for group in groups[:_MAX_GROUPS]
        )
        blocks.append(Bullets(tuple(items)))
    blocks.append(Note(texts("admin.unanswered.note")))
    return _build_page(blocks, "unanswered", context)


def _build_page(blocks: list[Block], current_page: str, context: Context) -> Reply:
    """Return a page with buttons for the other two."""
    buttons = tuple(
        Button(context.strings.get_text(f"admin.{word}.label"), Action(f"admin.{word}"))
        for word in _PAGES
        if word != current_page
    )
    return Reply((*blocks, Buttons(buttons)), context.strings.get_text("admin.heading"), is_sensitive=True)


def _load_unanswered_groups(request: Request, context: Context) -> tuple[UnansweredGroup, ...]:
    terms = context.open_store().unanswered_terms.list_readable_terms(get_tenant(request))
    return group_terms((term.stems, term.person_count) for term in terms)


def _render_unhelpful_cards(request: Request, context: Context) -> tuple[Block, ...]:
    """Return the cards with more "not helpful" than "helpful" votes."""
    tallies = context.open_store().votes.count_votes(get_tenant(request))
    poor = sorted((t for t in tallies if t.not_helpful > t.helpful), key=lambda t: t.helpful - t.not_helpful)
    cards = [context.content.cards[t.card].short for t in poor if t.card in context.content.cards]
    if not cards:
        return ()
    return (Paragraph(context.strings("admin.unhelpful", cards=", ".join(cards[:_MAX_CARDS]))),)


def _render_problems(context: Context) -> tuple[Block, ...]:
    """Return the problems of the last reload, which kept it from being served."""
    problems = _require_reloader(context).reload_status.problems
    if not problems:
        return ()
    lines = tuple(build_spans(_truncate(str(problem))) for problem in problems[:_MAX_PROBLEMS])
    return Paragraph(context.strings("admin.problems", n=len(problems))), Bullets(lines)


def _truncate(text: str) -> str:
    """Return the text, shortened with an ellipsis when it is too long."""
    return text if len(text) <= _MAX_PROBLEM_LENGTH else text[: _MAX_PROBLEM_LENGTH - 1].rstrip() + "…"


def _require_reloader(context: Context) -> ContentReloader:
    if context.content_reloader is None:
        raise UserFacingError("admin.fixed")
    return context.content_reloader


ADMIN = Command(
    name="admin",
    handler=_show_status,
    subcommands=(
        Subcommand("status", _show_status),
        Subcommand("reload", _reload_content),
        Subcommand("unanswered", _show_unanswered, aliases=("gaps",)),
    ),
    requirements=frozenset({Requirement.ADMIN}),
    uses_store=True,
)
