"""`/career admin status | reload | gaps`: for admins of a workspace."""

from __future__ import annotations

from bot.commands.command import Command, Context, Need, Subcommand, Upkeep
from bot.commands.ledger import community_of
from bot.domain.gaps import Group, grouped
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Bullets, Button, Buttons, Facts, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans

_WORDS = ("status", "reload", "gaps")
_PROBLEMS = 5
_LONGEST = 200  # characters of a problem that are shown; the log has it whole
_GROUPS = 15
_CARDS = 5


def _status(request: Request, context: Context) -> Reply:
    texts, state = context.texts, _upkeep(context).reload_status
    groups = _groups(request, context)
    facts = (
        (texts.words("admin.version"), build_spans(context.library.version)),
        (texts.words("admin.read_at"), build_spans(f"{state.read_at:%Y-%m-%d %H:%M} UTC")),
        (texts.words("admin.cards"), build_spans(str(len(context.library.cards)))),
        (texts.words("admin.in_vain"), texts("admin.groups", n=len(groups))),
    )
    blocks: list[Block] = [Heading(texts.words("admin.heading")), Facts(facts)]
    blocks += [*_unhelpful(request, context), *_problems(context)]
    return _page(blocks, "status", context)


def _reload(_request: Request, context: Context) -> Reply:
    problems = _upkeep(context).reload().problems
    said = context.texts("admin.not_reloaded" if problems else "admin.reloaded")
    return _page([Paragraph(said), *_problems(context)], "reload", context)


def _gaps(request: Request, context: Context) -> Reply:
    texts, groups = context.texts, _groups(request, context)
    blocks: list[Block] = [Heading(texts.words("admin.gaps.heading"))]
    if not groups:
        blocks.append(Paragraph(texts("admin.gaps.none")))
    else:
        items = (
            texts("admin.gaps.group", words=", ".join(group.stems[:8]), n=group.people)
            for group in groups[:_GROUPS]
        )
        blocks.append(Bullets(tuple(items)))
    blocks.append(Note(texts("admin.gaps.note")))
    return _page(blocks, "gaps", context)


def _page(blocks: list[Block], here: str, context: Context) -> Reply:
    """A page with the way to the other two."""
    buttons = tuple(
        Button(context.texts.words(f"admin.{word}.label"), Action(f"admin.{word}"))
        for word in _WORDS
        if word != here
    )
    return Reply((*blocks, Buttons(buttons)), context.texts.words("admin.heading"), is_sensitive=True)


def _groups(request: Request, context: Context) -> tuple[Group, ...]:
    terms = context.store.unanswered_terms.list_readable_terms(community_of(request))
    return grouped((term.stems, term.person_count) for term in terms)


def _unhelpful(request: Request, context: Context) -> tuple[Block, ...]:
    """The cards that helped fewer people than they did not."""
    tallies = context.store.votes.count_votes(community_of(request))
    poor = sorted((t for t in tallies if t.not_helpful > t.helpful), key=lambda t: t.helpful - t.not_helpful)
    cards = [context.library.cards[t.card].short for t in poor if t.card in context.library.cards]
    if not cards:
        return ()
    return (Paragraph(context.texts("admin.unhelpful", cards=", ".join(cards[:_CARDS]))),)


def _problems(context: Context) -> tuple[Block, ...]:
    """What is wrong with a newer content that was not taken over."""
    problems = _upkeep(context).reload_status.problems
    if not problems:
        return ()
    told = tuple(build_spans(_shortened(str(problem))) for problem in problems[:_PROBLEMS])
    return Paragraph(context.texts("admin.problems", n=len(problems))), Bullets(told)


def _shortened(text: str) -> str:
    """The text, or its beginning with a sign that there is more."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _upkeep(context: Context) -> Upkeep:
    if context.upkeep is None:
        raise UserFacingError("admin.fixed")
    return context.upkeep


ADMIN = Command(
    name="admin",
    answer=_status,
    subcommands=(
        Subcommand("status", _status),
        Subcommand("reload", _reload),
        Subcommand("gaps", _gaps),
    ),
    needs=frozenset({Need.ADMIN}),
    store=True,
)
"""What an operator would otherwise read in the log, from where the admins are."""
