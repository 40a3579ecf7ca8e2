"""`/career compare [options…] [by <theme or topic>]`: two to five options in one table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.commands.card_view import build_card_choice, format_source
from bot.commands.command import Command, CommandOption, Context
from bot.commands.compare_input import CompareInput, ComparisonArgs, ComparisonView
from bot.commands.inputs import InputHandler, with_args
from bot.commands.invalid_value import MAX_VALUE_SHOWN, render_invalid_value
from bot.content.models import Cell, Comparison, Theme, Topic
from bot.domain.option_matching import MatchedOptions, find_named_options, matches_prefix
from bot.messaging.action import Action
from bot.messaging.blocks import (
    Block,
    Button,
    Buttons,
    ButtonStyle,
    Choice,
    Heading,
    Menu,
    Note,
    Paragraph,
    Table,
    TableGroup,
    TableRow,
)
from bot.messaging.limits import MAX_BUTTONS, MAX_CHOICES
from bot.messaging.reply import Audience, DirectMessage, Reply
from bot.messaging.request import Request
from bot.messaging.spans import Emphasis, Spans, build_spans


def compare_options(command_input: CompareInput, context: Context) -> Reply:
    """Show the comparison that was asked for, or what can be compared."""
    matched, content = command_input.matched, context.content
    if matched is None:
        return _render_unknown_options(command_input.text, context)
    if command_input.unknown_part:
        return _render_unknown_part(command_input, matched, context)
    if matched.comparison_id is None:
        return _render_picker(context)
    return _render_comparison(ComparisonView.from_matched(matched, content), context)


def _compare(_request: Request, command_input: CompareInput, context: Context) -> Reply:
    return compare_options(command_input, context)


def _render_unknown_options(text: str, context: Context) -> Reply:
    """Say which of the named options belong to which comparison, and offer all comparisons."""
    comparisons = context.content.comparisons
    named_in = find_named_options(text, context.content)
    if len(named_in) > 1:
        together = "; ".join(
            f"{comparisons[comparison_id].short}: "
            + ", ".join(option.name for option in comparisons[comparison_id].options.values())
            for comparison_id in named_in
        )
        sentence = context.strings("compare.apart", together=together)
    else:
        known = "; ".join(comparison.short for comparison in comparisons.values())
        shown_text = text[:MAX_VALUE_SHOWN]
        sentence = context.strings("compare.unknown", prefix=context.prefix, wanted=shown_text, known=known)
    return render_invalid_value(sentence, _build_comparison_menu(context), f"compare {text}", context)


def _render_unknown_part(command_input: CompareInput, matched: MatchedOptions, context: Context) -> Reply:
    """Say that `by` names nothing, and offer the themes as buttons that keep the named options."""
    comparisons = context.content.comparisons
    views = (
        [ComparisonView.from_matched(matched, context.content)]
        if matched.comparison_id is not None
        else [
            ComparisonView(name, tuple(comparison.options), None) for name, comparison in comparisons.items()
        ]
    )
    sentence = context.strings("compare.unknown_part", wanted=command_input.unknown_part[:MAX_VALUE_SHOWN])
    choices = tuple(
        Choice(theme.name, Action("compare.show", view.encode_args(theme.id)))
        for view in views
        for theme in comparisons[view.comparison_id].themes
    )[:MAX_CHOICES]
    values: Block
    if len(choices) <= MAX_BUTTONS:
        values = Buttons(tuple(Button(choice.label, choice.action) for choice in choices))
    else:
        values = Menu(context.strings.get_text("compare.pick.label"), choices)
    return render_invalid_value(sentence, values, f"compare {command_input.text}", context)


def _render_picker(context: Context) -> Reply:
    strings = context.strings
    blocks = (
        Heading(strings.get_text("compare.pick_heading")),
        Paragraph(strings("compare.pick", prefix=context.prefix)),
        _build_comparison_menu(context),
    )
    return Reply(blocks, strings.get_text("compare.pick_heading"))


def _build_comparison_menu(context: Context) -> Menu:
    choices = tuple(
        Choice(
            comparison.short,
            Action("compare.show", ComparisonView(name, tuple(comparison.options), None).encode_args(None)),
        )
        for name, comparison in context.content.comparisons.items()
    )
    return Menu(context.strings.get_text("compare.pick.label"), choices)


def _show_comparison(_request: Request, args: ComparisonArgs, context: Context) -> Reply:
    return _render_comparison(ComparisonView.from_args(args, context.content), context)


def _show_part(_request: Request, args: ComparisonArgs, context: Context) -> Reply:
    view = ComparisonView.from_args(args, context.content)
    return _render_comparison(view, context, replace_original=True)


def _share_comparison(request: Request, args: ComparisonArgs, context: Context) -> Reply:
    view = ComparisonView.from_args(args, context.content)
    shared_by = Note(context.strings("card.shared_by", name=request.user.name))
    own = Button(context.strings.get_text("compare.own.label"), Action("compare.show", args.encode()))
    blocks = (*_render_table(view, context), shared_by, Buttons((own,)))
    return Reply(blocks, _format_title(view, context), audience=Audience.EVERYONE)


def _save_comparison(_request: Request, args: ComparisonArgs, context: Context) -> Reply:
    view = ComparisonView.from_args(args, context.content)
    return Reply(
        (*_render_table(view, context), _build_card_menu(view, context)),
        _format_title(view, context),
        placement=DirectMessage(),
    )


def _render_comparison(view: ComparisonView, context: Context, *, replace_original: bool = False) -> Reply:
    """Return a comparison for the asker alone, with buttons for its themes, its cards, sharing and saving."""
    args = view.encode_args(view.part_id)
    own = (
        Button(context.strings.get_text("card.share.label"), Action("compare.share", args)),
        Button(context.strings.get_text("card.keep.label"), Action("compare.keep", args)),
    )
    blocks = (
        *_render_table(view, context),
        Buttons(tuple(_build_theme_buttons(view, context))),
        _build_card_menu(view, context),
        Buttons(own),
    )
    return Reply(blocks, _format_title(view, context), replace_original=replace_original)


def _render_table(view: ComparisonView, context: Context) -> tuple[Block, ...]:
    """Return what there is to read: the verdict, the table, the source."""
    comparison = context.content.comparisons[view.comparison_id]
    source = context.content.sources[comparison.source]
    groups = tuple(
        TableGroup(theme.name, tuple(_build_row(topic, view, context) for topic in topics))
        for theme, topics in _iter_themes(comparison, view.part_id)
    )
    return (
        Heading(_format_title(view, context)),
        Paragraph(_format_verdict(comparison, view.options)),
        Table(tuple(comparison.options[option].name for option in view.options), groups),
        Note(build_spans(context.strings("source.label"), " ", format_source(source), ". ", comparison.note)),
    )


def _format_title(view: ComparisonView, context: Context) -> str:
    comparison = context.content.comparisons[view.comparison_id]
    if len(view.options) == len(comparison.options):
        return comparison.title
    return context.strings.get_text(
        "compare.some", names=", ".join(comparison.options[option].name for option in view.options)
    )


def _format_verdict(comparison: Comparison, options: tuple[str, ...]) -> Spans:
    """Return the author's verdict on all options; for some of them what each is good for."""
    if len(options) == len(comparison.options):
        return comparison.verdict
    each = (f"{comparison.options[name].name}: {comparison.options[name].good_for}" for name in options)
    return build_spans("; ".join(each) + ".")


def _iter_themes(comparison: Comparison, part_id: str | None) -> Iterator[tuple[Theme, tuple[Topic, ...]]]:
    for theme in comparison.themes:
        if part_id in (None, theme.id):
            yield theme, theme.topics
        elif topics := tuple(topic for topic in theme.topics if topic.id == part_id):
            yield theme, topics


def _build_row(topic: Topic, view: ComparisonView, context: Context) -> TableRow:
    """Return a row with short cells in the whole comparison and sentences in a part; ranks are words."""
    levels = [level for option in view.options if (level := topic.cells[option].level) is not None]
    cells = []
    for option in view.options:
        cell = topic.cells[option]
        body = build_spans(cell.short) if view.part_id is None else cell.says
        rank = _format_rank(cell, topic, levels, context)
        cells.append(build_spans(body, " ", Emphasis(f"({rank})")) if rank else body)
    return TableRow(topic.name, tuple(cells))


def _format_rank(cell: Cell, topic: Topic, levels: list[int], context: Context) -> str:
    """Return `strongest` or `weakest` among the visible options; nothing without ranks or when all tie."""
    if cell.level is None or min(levels) == max(levels):
        return ""
    best, worst = (max(levels), min(levels)) if topic.ranks == "high-is-good" else (min(levels), max(levels))
    if cell.level == best:
        return context.strings.get_text("compare.best")
    return context.strings.get_text("compare.worst") if cell.level == worst else ""


def _build_theme_buttons(view: ComparisonView, context: Context) -> Iterator[Button]:
    comparison = context.content.comparisons[view.comparison_id]
    if view.part_id is not None:
        yield Button(
            context.strings.get_text("compare.all.label"),
            Action("compare.theme", view.encode_args(None)),
            ButtonStyle.PRIMARY,
        )
    for theme in comparison.themes:
        if theme.id != view.part_id:
            yield Button(theme.name, Action("compare.theme", view.encode_args(theme.id)))


def _build_card_menu(view: ComparisonView, context: Context) -> Menu:
    """Return one menu that opens the card of a row or a column."""
    comparison = context.content.comparisons[view.comparison_id]
    related = [topic.card for _, topics in _iter_themes(comparison, view.part_id) for topic in topics]
    related += [comparison.options[option].card for option in view.options]
    cards = dict.fromkeys(card for card in related if card is not None)
    return Menu(
        context.strings.get_text("compare.rows.label"),
        tuple(build_card_choice(card, context) for card in cards),
    )


def _suggest_options(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    """Return whole comparisons and pairs of options whose names begin like the typed text."""
    suggestions: list[tuple[str, str]] = []
    for comparison in context.content.comparisons.values():
        names = [option.name for option in comparison.options.values()]
        suggestions.append((comparison.short, ", ".join(names)))
        suggestions += [(f"{a} / {b}", f"{a}, {b}") for i, a in enumerate(names) for b in names[i + 1 :]]
    return [pair for pair in suggestions if matches_prefix(typed, " ".join(pair))][:25]


def _suggest_themes(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    names: dict[str, str] = {}
    for comparison in context.content.comparisons.values():
        names |= {theme.name: theme.id for theme in comparison.themes}
        names |= {topic.name: topic.id for topic in comparison.topics}
    return [pair for pair in names.items() if matches_prefix(typed, " ".join(pair))][:25]


COMPARE = Command(
    name="compare",
    handler=InputHandler(CompareInput, _compare),
    options=(
        CommandOption("options", suggest=_suggest_options),
        CommandOption("by", suggest=_suggest_themes),
    ),
    button_handlers={
        "show": with_args(ComparisonArgs, _show_comparison),
        "theme": with_args(ComparisonArgs, _show_part),
        "share": with_args(ComparisonArgs, _share_comparison),
        "keep": with_args(ComparisonArgs, _save_comparison),
    },
    is_public=True,
    is_on_menu=True,
)
