"""`/career ask <question>`: the best card, or an honest miss with the nearest three."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

from bot.commands.card_actions import render_card
from bot.commands.card_view import build_card_button, build_card_choice
from bot.commands.command import Command, CommandOption, Context, Inputs
from bot.commands.counters import record_unanswered
from bot.commands.line_parser import suggest_command
from bot.content.string_keys import STRING_KEYS
from bot.content.utterances import COMMAND_PREFIX
from bot.domain.option_matching import match_options
from bot.domain.search import ConfidenceBand, SearchHit, SearchResult
from bot.errors import InvalidActionError, LimitExceededError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Choice, Facts, Heading, Note, Paragraph
from bot.messaging.reply import Form, Reply, ReplyOutcome, TextAreaField
from bot.messaging.request import TYPED_LINE, Request
from bot.messaging.spans import build_spans

_MAX_NEAREST = 3
_MAX_REASONS = 4
_MAX_MATCHED_WORDS = 5
_STANDALONE_CATEGORIES = frozenset({"distress"})  # nothing to read is offered beside these sentences
_SMALL_TALK_CATEGORIES = frozenset(
    ("chat", "injection")
)  # what is near the sound of these means nothing: the menu instead
_MAX_QUESTION_LENGTH = 2_000  # characters that a form takes


def _answer_question(request: Request, context: Context) -> Reply | Form:
    question = request.inputs.get("question", "").strip()
    if not question:
        return _build_form(context)
    if (side_by_side := _compare_named_options(question, request, context)) is not None:
        return side_by_side
    finding = context.search.find(question)
    meant = _render_suggested_command(question, context)
    if finding.confidence_band is ConfidenceBand.NO_MATCH:
        if finding.no_match_category is not None:
            return _render_no_match_category(finding.no_match_category, meant, finding, context)
        record_unanswered(question, request, context)
        return _render_no_match(meant, finding, context)
    best, *others = finding.hits
    key = _build_explanation_key(request, question)
    context.explanation_cache.put(key, finding, request.received_at)
    texts = context.strings
    if finding.other_card_ids:
        others = [hit for hit in others if hit.card_id not in finding.other_card_ids]
        meant += _render_other_cards(finding.other_card_ids, context)
    before = meant
    more: tuple[Choice, ...] = (Choice(texts.get_text("ask.why.label"), Action("ask.why", (key,))),)
    if finding.confidence_band is ConfidenceBand.MAYBE and others:
        before = (
            *meant,
            Note(texts("ask.maybe")),
            Buttons(tuple(build_card_button(hit.card_id, context) for hit in others[: _MAX_NEAREST - 1])),
        )
        unmentioned = others[_MAX_NEAREST - 1 : _MAX_NEAREST]
    else:
        unmentioned = others[:_MAX_NEAREST]
    related = context.content.cards[best.card_id].related
    more += tuple(
        build_card_choice(hit.card_id, context) for hit in unmentioned if hit.card_id not in related
    )
    then = tuple(hit.card_id for hit in others)
    return render_card(
        best.card_id, request, context, blocks_before=before, extra_choices=more, next_card_ids=then
    )


def _build_form(context: Context) -> Form:
    texts = context.strings
    field = TextAreaField(
        "question",
        texts.get_text("ask.question.label"),
        texts.get_text("ask.question.hint"),
        max_length=_MAX_QUESTION_LENGTH,
    )
    return Form(texts.get_text("ask.form.label"), (field,), Action("ask"))


def _render_no_match(suggestion_blocks: tuple[Block, ...], result: SearchResult, context: Context) -> Reply:
    texts = context.strings
    buttons = [build_card_button(hit.card_id, context) for hit in result.hits[:_MAX_NEAREST]]
    blocks: list[Block] = [*suggestion_blocks]
    if buttons:
        blocks += [Paragraph(texts("ask.miss")), Buttons(tuple(buttons))]
    else:
        blocks.append(Paragraph(texts("ask.miss_all")))
    browse = Button(texts.get_text("browse.label"), Action("browse"))
    again = Button(texts.get_text("ask.again.label"), Action("ask"))
    menu = Button(texts.get_text("help.label"), Action("help"))  # "hi" and "what can you do?" miss too
    blocks += [Note(texts("ask.miss_more")), Buttons((browse, again, menu))]
    return Reply(tuple(blocks), texts.get_text("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)


def _render_no_match_category(
    category: str, suggestion_blocks: tuple[Block, ...], result: SearchResult, context: Context
) -> Reply:
    """An honest sentence for what no card answers; the nearest cards only where they could be meant."""
    texts = context.strings
    if category.startswith(COMMAND_PREFIX):
        return _render_command_for_question(
            category.removeprefix(COMMAND_PREFIX), suggestion_blocks, result, context
        )
    key = f"outside.{category}"
    if key not in STRING_KEYS:
        return _render_no_match(suggestion_blocks, result, context)
    said = Paragraph(texts(key))
    browse = Button(texts.get_text("browse.label"), Action("browse"))
    if category in _STANDALONE_CATEGORIES:
        return Reply((said,), texts.get_text("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)
    if category in _SMALL_TALK_CATEGORIES:
        menu = Button(texts.get_text("help.label"), Action("help"))
        return Reply(
            (*suggestion_blocks, said, Buttons((menu, browse))),
            texts.get_text("ask.miss_summary"),
            outcome=ReplyOutcome.NO_MATCH,
        )
    buttons = tuple(build_card_button(hit.card_id, context) for hit in result.hits[:_MAX_NEAREST])
    blocks = (*suggestion_blocks, said, Note(texts("outside.nearest")), Buttons((*buttons, browse)))
    return Reply(blocks, texts.get_text("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)


def _render_command_for_question(
    command_name: str, suggestion_blocks: tuple[Block, ...], result: SearchResult, context: Context
) -> Reply:
    """The command that does what the question asks for, as one press."""
    texts = context.strings
    command = next((command for command in context.commands if command.name == command_name), None)
    if command is None:
        return _render_no_match(suggestion_blocks, result, context)
    blocks = (
        Paragraph(texts("ask.pointed", usage=command.format_usage(context))),
        Buttons((Button(f"{context.prefix} {command_name}", Action(command_name)),)),
    )
    return Reply(blocks, texts.get_text("ask.meant"))


def _compare_named_options(question: str, request: Request, context: Context) -> Reply | Form | None:
    """`big tech or academia?` says nothing but options of one comparison: it stands side by side at once."""
    telling = context.search.remove_stopwords(question)
    wanted = match_options(telling, context.content) if telling else None
    if wanted is None or len(wanted.options) < 2:
        return None
    compare = next(command for command in context.commands if command.name == "compare")
    return compare.handler(replace(request, inputs={"options": telling}), context)


def _render_other_cards(card_ids: tuple[str, ...], context: Context) -> tuple[Block, ...]:
    """The cards for the other questions in the question."""
    buttons = tuple(build_card_button(card, context) for card in card_ids)
    return Note(context.strings("ask.also")), Buttons(buttons)


def _render_suggested_command(question: str, context: Context) -> tuple[Block, ...]:
    """The command that a mistyped line was perhaps meant to be, as one press."""
    found = suggest_command(question, context)
    if found is None:
        return ()
    return Paragraph(context.strings("ask.meant")), Buttons((_build_command_button(*found, context),))


def _build_command_button(command: Command, line: str, context: Context) -> Button:
    usage = f"{context.prefix} {line}"
    try:
        return Button(usage, Action(TYPED_LINE, (line,)))
    except LimitExceededError:  # the line is too long for a button: offer the bare command
        return Button(f"{context.prefix} {command.name}", Action(command.name))


def _explain_answer(request: Request, context: Context) -> Reply:
    if len(request.action.args) != 1:
        raise InvalidActionError("ask.why carries one key")
    finding = context.explanation_cache.get(request.action.args[0], request.received_at)
    if finding is None:
        raise UserFacingError("ask.why_gone")
    texts, best = context.strings, finding.hits[0]
    runners = tuple(
        (
            context.content.cards[hit.card_id].short,
            build_spans(texts.get_text("ask.points", points=_format_points(hit))),
        )
        for hit in finding.hits[: 1 + _MAX_NEAREST]
        if hit.card_id in context.content.cards
    )
    reasons = tuple(
        (texts.get_text(f"ask.why_{share.kind}"), build_spans(share.text))
        for share in best.contributions
        if share.text and share.points > 0
    )[:_MAX_REASONS]
    said = finding.matched_words[:_MAX_MATCHED_WORDS]
    because = texts("ask.why_words", words=", ".join(said)) if said else texts("ask.why_meaning")
    blocks: tuple[Block, ...] = (
        Heading(texts.get_text("ask.why_heading")),
        Paragraph(because),
        *((Facts(reasons),) if reasons else ()),
        *((Facts(runners),) if runners else ()),
        Note(texts("ask.why_note")),
    )
    return Reply(blocks, texts.get_text("ask.why_heading"))


def _format_points(hit: SearchHit) -> str:
    return str(round(100 * hit.score))


def _build_explanation_key(request: Request, question: str) -> str:
    """Names an answer for its asker alone; says nothing about the question."""
    origin = request.origin
    parts = (origin.platform, origin.workspace, request.user.id, request.dedupe_key, question)
    return blake2b("\0".join(parts).encode(errors="replace"), digest_size=6).hexdigest()


def _parse_inputs(rest: str, _context: Context) -> Inputs | None:
    return {"question": rest}


ASK = Command(
    name="ask",
    handler=_answer_question,
    parse_inputs=_parse_inputs,
    options=(CommandOption("question", is_required=True, hint_key="ask.question.hint"),),
    button_handlers={"why": _explain_answer},
    is_public=True,
    is_on_menu=True,
    is_slow=True,
)
