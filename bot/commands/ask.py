"""`/career ask <question>`: the best card, or a plain "no card" with the nearest three."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Self

from bot.commands.card_actions import render_card
from bot.commands.card_view import build_card_button, build_card_choice
from bot.commands.command import Command, CommandOption, Context
from bot.commands.compare import compare_options
from bot.commands.compare_input import CompareInput
from bot.commands.counters import record_unanswered
from bot.commands.inputs import InputHandler, with_args
from bot.commands.invalid_value import build_line_button
from bot.commands.line_parser import suggest_command
from bot.content.string_keys import STRING_KEYS
from bot.content.utterances import COMMAND_PREFIX
from bot.domain.search import ConfidenceBand, SearchHit, SearchResult
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Choice, Facts, Heading, Note, Paragraph
from bot.messaging.reply import Form, Reply, ReplyOutcome, TextAreaField, iter_controls
from bot.messaging.request import Request
from bot.messaging.spans import build_spans

_MAX_NEAREST = 3
_MAX_REASONS = 4
_MAX_MATCHED_WORDS = 5
_STANDALONE_CATEGORIES = frozenset({"distress"})  # these sentences come without cards or buttons
_SMALL_TALK_CATEGORIES = frozenset(("chat", "injection"))  # cards near these mean nothing: the menu instead
_MAX_QUESTION_LENGTH = 2_000  # characters that a form takes


@dataclass(frozen=True, slots=True)
class AskInput:
    """A question; empty for the form that asks for one."""

    question: str

    @classmethod
    def parse(cls, words: str, _context: Context) -> Self | None:
        """Take any words."""
        return cls(words)

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], _context: Context) -> Self:
        """Take the field `question`."""
        return cls(fields.get("question", "").strip())


@dataclass(frozen=True, slots=True)
class ExplanationArgs:
    """The button *Why this answer?*: the key of a remembered search, which says nothing about the question."""

    key: str

    def encode(self) -> tuple[str, ...]:
        """Return the key."""
        return (self.key,)

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote."""
        match args:
            case (key,) if key:
                return cls(key)
            case _:
                return None


def _answer_question(request: Request, command_input: AskInput, context: Context) -> Reply | Form:
    question = command_input.question
    if not question:
        return _build_form(context)
    if (comparison := _compare_named_options(question, context)) is not None:
        return comparison
    result = context.search.find(question)
    suggestion = _render_suggested_command(question, context)
    if result.confidence_band is ConfidenceBand.NO_MATCH:
        if result.no_match_category is not None:
            return _render_no_match_category(result.no_match_category, suggestion, result, context)
        record_unanswered(question, request, context)
        return _render_no_match(suggestion, result, context)
    explanation = ExplanationArgs(_build_explanation_key(request, question))
    context.explanation_cache.put(explanation.key, result, request.received_at)
    return _render_best_card(result, suggestion, explanation, request, context)


_MAX_CLOSE = 2  # the next best cards that are buttons under a sure answer


def _render_best_card(
    result: SearchResult,
    suggestion: tuple[Block, ...],
    explanation: ExplanationArgs,
    request: Request,
    context: Context,
) -> Reply:
    """Return the best card; the next best ones are buttons unless the search is certain, then in its menu."""
    best, *others = result.hits
    texts, before = context.strings, suggestion
    if result.other_card_ids:
        others = [hit for hit in others if hit.card_id not in result.other_card_ids]
        before += _render_other_cards(result.other_card_ids, context)
    more: tuple[Choice, ...] = (
        Choice(texts.get_text("ask.why.label"), Action("ask.why", explanation.encode())),
    )
    related = context.content.cards[best.card_id].related
    close_ids: list[str] = []
    if result.confidence_band is ConfidenceBand.MAYBE and others:
        before = (
            *before,
            Note(texts("ask.maybe")),
            Buttons(tuple(build_card_button(hit.card_id, context) for hit in others[: _MAX_NEAREST - 1])),
        )
        unmentioned = others[_MAX_NEAREST - 1 : _MAX_NEAREST]
    else:
        unmentioned = others[:_MAX_NEAREST]
        if result.confidence_band is ConfidenceBand.SURE:
            close_ids = [hit.card_id for hit in unmentioned if hit.card_id not in related][:_MAX_CLOSE]
    more += tuple(
        build_card_choice(hit.card_id, context)
        for hit in unmentioned
        if hit.card_id not in related and hit.card_id not in close_ids
    )
    then = tuple(hit.card_id for hit in others)
    reply = render_card(
        best.card_id, request, context, blocks_before=before, extra_choices=more, next_card_ids=then
    )
    if not close_ids:
        return reply
    # One sure answer in ten is a neighbour of the right card: the next ones stay in sight under it.
    close = tuple(build_card_button(card_id, context) for card_id in close_ids)
    return replace(reply, blocks=(*reply.blocks, Note(texts("ask.close")), Buttons(close)))


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
    blocks += [Note(texts("ask.miss_more")), *_render_new_buttons((browse, again, menu), suggestion_blocks)]
    return Reply(tuple(blocks), texts.get_text("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)


def _render_new_buttons(buttons: tuple[Button, ...], blocks: tuple[Block, ...]) -> tuple[Buttons, ...]:
    """Return a row of the buttons whose actions are not in the blocks yet; a reply refuses one action twice."""
    taken = {button.action for block in blocks if isinstance(block, Buttons) for button in block.buttons}
    new = tuple(button for button in buttons if button.action not in taken)
    return (Buttons(new),) if new else ()


def _render_no_match_category(
    category: str, suggestion_blocks: tuple[Block, ...], result: SearchResult, context: Context
) -> Reply:
    """Return a fixed sentence for what no card answers; the nearest cards only where they could help."""
    texts = context.strings
    if category.startswith(COMMAND_PREFIX):
        return _render_command_for_question(
            category.removeprefix(COMMAND_PREFIX), suggestion_blocks, result, context
        )
    key = f"outside.{category}"
    if key not in STRING_KEYS:
        return _render_no_match(suggestion_blocks, result, context)
    sentence = Paragraph(texts(key))
    browse = Button(texts.get_text("browse.label"), Action("browse"))
    if category in _STANDALONE_CATEGORIES:
        return Reply((sentence,), texts.get_text("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)
    if category in _SMALL_TALK_CATEGORIES:
        menu = Button(texts.get_text("help.label"), Action("help"))
        return Reply(
            (*suggestion_blocks, sentence, *_render_new_buttons((menu, browse), suggestion_blocks)),
            texts.get_text("ask.miss_summary"),
            outcome=ReplyOutcome.NO_MATCH,
        )
    buttons = tuple(build_card_button(hit.card_id, context) for hit in result.hits[:_MAX_NEAREST])
    row = _render_new_buttons((*buttons, browse), suggestion_blocks)
    blocks = (*suggestion_blocks, sentence, Note(texts("outside.nearest")), *row)
    return Reply(blocks, texts.get_text("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)


def _render_command_for_question(
    command_name: str, suggestion_blocks: tuple[Block, ...], result: SearchResult, context: Context
) -> Reply:
    """Return a button for the command that does what the question asks for."""
    texts = context.strings
    command = next((command for command in context.commands if command.name == command_name), None)
    if command is None:
        return _render_no_match(suggestion_blocks, result, context)
    button = Button(f"{context.prefix} {command_name}", Action(command_name))
    blocks: tuple[Block, ...] = (
        Paragraph(texts("ask.pointed", usage=command.format_usage(context))),
        Buttons((button,)),
    )
    if button.action not in [control.action for control in iter_controls(suggestion_blocks)]:
        blocks = (*suggestion_blocks, *blocks)
    return Reply(blocks, texts.get_text("ask.meant"))


def _compare_named_options(question: str, context: Context) -> Reply | None:
    """Return the comparison when a question is nothing but option names: `big tech or academia?`"""
    names = context.search.remove_stopwords(question)
    command_input = CompareInput.from_text(names, context.content) if names else None
    if command_input is None or command_input.matched is None or command_input.unknown_part:
        return None
    return compare_options(command_input, context) if len(command_input.matched.options) > 1 else None


def _render_other_cards(card_ids: tuple[str, ...], context: Context) -> tuple[Block, ...]:
    """Return buttons for the cards that answer the other parts of the question."""
    buttons = tuple(build_card_button(card, context) for card in card_ids)
    return Note(context.strings("ask.also")), Buttons(buttons)


def _render_suggested_command(question: str, context: Context) -> tuple[Block, ...]:
    """Return the command that a line with a typo was probably meant to be, as a button."""
    suggestion = suggest_command(question, context)
    if suggestion is None:
        return ()
    command, line = suggestion
    bare_button = Button(f"{context.prefix} {command.name}", Action(command.name))
    button = bare_button if line == command.name else build_line_button(line, context) or bare_button
    return Paragraph(context.strings("ask.meant")), Buttons((button,))


def _explain_answer(request: Request, args: ExplanationArgs, context: Context) -> Reply:
    result = context.explanation_cache.get(args.key, request.received_at)
    if result is None:
        raise UserFacingError("ask.why_gone")
    texts, best = context.strings, result.hits[0]
    runners_up = tuple(
        (
            context.content.cards[hit.card_id].short,
            build_spans(texts.get_text("ask.points", points=_format_points(hit))),
        )
        for hit in result.hits[: 1 + _MAX_NEAREST]
        if hit.card_id in context.content.cards
    )
    reasons = tuple(
        (texts.get_text(f"ask.why_{share.kind}"), build_spans(share.text))
        for share in best.contributions
        if share.text and share.points > 0
    )[:_MAX_REASONS]
    words = result.matched_words[:_MAX_MATCHED_WORDS]
    because = texts("ask.why_words", words=", ".join(words)) if words else texts("ask.why_meaning")
    blocks: tuple[Block, ...] = (
        Heading(texts.get_text("ask.why_heading")),
        Paragraph(because),
        *((Facts(reasons),) if reasons else ()),
        *((Facts(runners_up),) if runners_up else ()),
        Note(texts("ask.why_note")),
    )
    return Reply(blocks, texts.get_text("ask.why_heading"))


def _format_points(hit: SearchHit) -> str:
    return str(round(100 * hit.score))


def _build_explanation_key(request: Request, question: str) -> str:
    """Return a key that only the asker can use and that says nothing about the question."""
    origin = request.origin
    parts = (origin.platform, origin.workspace, request.user.id, request.dedupe_key, question)
    return blake2b("\0".join(parts).encode(errors="replace"), digest_size=6).hexdigest()


ASK = Command(
    name="ask",
    handler=InputHandler(AskInput, _answer_question),
    options=(CommandOption("question", is_required=True, hint_key="ask.question.hint"),),
    button_handlers={"why": with_args(ExplanationArgs, _explain_answer)},
    is_public=True,
    is_on_menu=True,
    is_slow=True,
)
