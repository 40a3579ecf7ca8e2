"""`/career compare [options…] [by <theme or topic>]`: two to five options side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.commands.card_view import build_card_choice, format_source
from bot.commands.command import Command, CommandOption, Context, Inputs
from bot.content.content import Content, short_hash
from bot.content.models import Cell, Comparison, Theme, Topic
from bot.domain.option_matching import MatchedOptions, find_named_options, match_options, matches_prefix
from bot.errors import InvalidActionError, UserFacingError
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
from bot.messaging.reply import Audience, DirectMessage, Reply
from bot.messaging.request import Request
from bot.messaging.spans import Emphasis, Spans, build_spans


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """One comparison as it is looked at: which columns, which part.

    Attributes:
        narrowed: the id of a theme or topic; None for the whole.
    """

    comparison_id: str
    options: tuple[str, ...]
    part_id: str | None

    def encode_args(self, part_id: str | None) -> tuple[str, ...]:
        """The same columns at another part, as a button's arguments: marks, so that five options fit."""
        return (
            short_hash(self.comparison_id),
            short_hash(part_id) if part_id else "",
            "+".join(map(short_hash, self.options)),
        )

    @classmethod
    def decode_args(cls, args: tuple[str, ...], content: Content) -> ComparisonView:
        """Read what `args` wrote.

        Raises:
            BadAction: when it cannot have come from `args`.
            Refusal: when the content has moved on since.
        """
        if len(args) != 3:
            raise InvalidActionError("a comparison's button carries its comparison, part and options")
        comparison_id = _find_by_hash(args[0], content.comparisons)
        comparison = content.comparisons[comparison_id]
        options = tuple(_find_by_hash(option, comparison.options) for option in args[2].split("+"))
        parts = [*(theme.id for theme in comparison.themes), *(topic.id for topic in comparison.topics)]
        return cls(comparison_id, options, _find_by_hash(args[1], parts) if args[1] else None)


def _find_by_hash(text: str, content_ids: Iterable[str]) -> str:
    """The name with this mark."""
    for name in content_ids:
        if short_hash(name) == text:
            return name
    raise UserFacingError("compare.gone")


def _compare(request: Request, context: Context) -> Reply:
    text = " ".join(filter(None, (request.inputs.get("options"), _format_by_clause(request))))
    wanted = match_options(text, context.content)
    if wanted is None:
        raise _build_no_comparison_error(text, context)
    if wanted.comparison_id is None:
        return _render_picker(context)
    side = _build_view(wanted, context.content)
    return _render_comparison(side, context)


def _format_by_clause(request: Request) -> str:
    by = request.inputs.get("by", "").strip()
    return f"by {by}" if by else ""


def _build_view(matched: MatchedOptions, content: Content) -> ComparisonView:
    """The columns named; one alone stands beside all others of its comparison."""
    assert matched.comparison_id is not None
    comparison = content.comparisons[matched.comparison_id]
    options = matched.options if len(matched.options) > 1 else tuple(comparison.options)
    return ComparisonView(matched.comparison_id, options, matched.part_id)


def _build_no_comparison_error(text: str, context: Context) -> UserFacingError:
    """Says which of the named options stand in which comparison."""
    named_in = find_named_options(text, context.content)
    if len(named_in) > 1:
        together = "; ".join(
            f"{context.content.comparisons[comparison_id].short}: "
            + ", ".join(option.name for option in context.content.comparisons[comparison_id].options.values())
            for comparison_id in named_in
        )
        return UserFacingError("compare.apart", together=together)
    known = "; ".join(comparison.short for comparison in context.content.comparisons.values())
    return UserFacingError("compare.unknown", wanted=text[:80], known=known)


def _render_picker(context: Context) -> Reply:
    texts = context.strings
    choices = tuple(
        Choice(
            comparison.short,
            Action("compare.show", ComparisonView(name, tuple(comparison.options), None).encode_args(None)),
        )
        for name, comparison in context.content.comparisons.items()
    )
    blocks = (
        Heading(texts.get_text("compare.pick_heading")),
        Paragraph(texts("compare.pick", prefix=context.prefix)),
        Menu(texts.get_text("compare.pick.label"), choices),
    )
    return Reply(blocks, texts.get_text("compare.pick_heading"))


def _show_comparison(request: Request, context: Context) -> Reply:
    return _render_comparison(ComparisonView.decode_args(request.action.args, context.content), context)


def _show_part(request: Request, context: Context) -> Reply:
    return _render_comparison(
        ComparisonView.decode_args(request.action.args, context.content), context, replace_original=True
    )


def _share_comparison(request: Request, context: Context) -> Reply:
    side = ComparisonView.decode_args(request.action.args, context.content)
    shared = Note(context.strings("card.shared_by", name=request.user.name))
    own = Button(
        context.strings.get_text("compare.own.label"), Action("compare.show", side.encode_args(side.part_id))
    )
    blocks = (*_render_table(side, context), shared, Buttons((own,)))
    return Reply(blocks, _format_title(side, context), audience=Audience.EVERYONE)


def _save_comparison(request: Request, context: Context) -> Reply:
    side = ComparisonView.decode_args(request.action.args, context.content)
    return Reply(
        (*_render_table(side, context), _build_card_menu(side, context)),
        _format_title(side, context),
        placement=DirectMessage(),
    )


def _render_comparison(view: ComparisonView, context: Context, *, replace_original: bool = False) -> Reply:
    """A comparison for the asker alone, with its themes, its rows' cards and what can be done with it."""
    here = view.encode_args(view.part_id)
    own = (
        Button(context.strings.get_text("card.share.label"), Action("compare.share", here)),
        Button(context.strings.get_text("card.keep.label"), Action("compare.keep", here)),
    )
    blocks = (
        *_render_table(view, context),
        Buttons(tuple(_build_theme_buttons(view, context))),
        _build_card_menu(view, context),
        Buttons(own),
    )
    return Reply(blocks, _format_title(view, context), replace_original=replace_original)


def _render_table(view: ComparisonView, context: Context) -> tuple[Block, ...]:
    """The comparison to read: verdict, table, whose opinion it is."""
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
    """The author's verdict on all; of some, what each is good for."""
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
    """Short cells in the whole comparison, sentences in a part of it; ranks in words."""
    levels = [level for option in view.options if (level := topic.cells[option].level) is not None]
    cells = []
    for option in view.options:
        cell = topic.cells[option]
        body = build_spans(cell.short) if view.part_id is None else cell.says
        rank = _format_rank(cell, topic, levels, context)
        cells.append(build_spans(body, " ", Emphasis(f"({rank})")) if rank else body)
    return TableRow(topic.name, tuple(cells))


def _format_rank(cell: Cell, topic: Topic, levels: list[int], context: Context) -> str:
    """`strongest` or `weakest` among the options shown; nothing where the source does not rank or all tie."""
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
    """One menu opens the card behind a row or a column."""
    comparison = context.content.comparisons[view.comparison_id]
    behind = [topic.card for _, topics in _iter_themes(comparison, view.part_id) for topic in topics]
    behind += [comparison.options[option].card for option in view.options]
    cards = dict.fromkeys(card for card in behind if card is not None)
    return Menu(
        context.strings.get_text("compare.rows.label"),
        tuple(build_card_choice(card, context) for card in cards),
    )


def _parse_inputs(rest: str, context: Context) -> Inputs | None:
    return {"options": rest} if match_options(rest, context.content) is not None else None


def _suggest_options(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    """Whole comparisons and pairs that begin like what is typed."""
    found: list[tuple[str, str]] = []
    for comparison in context.content.comparisons.values():
        names = [option.name for option in comparison.options.values()]
        found.append((comparison.short, ", ".join(names)))
        found += [(f"{a} / {b}", f"{a}, {b}") for i, a in enumerate(names) for b in names[i + 1 :]]
    return [pair for pair in found if matches_prefix(typed, " ".join(pair))][:25]


def _suggest_themes(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    names: dict[str, str] = {}
    for comparison in context.content.comparisons.values():
        names |= {theme.name: theme.id for theme in comparison.themes}
        names |= {topic.name: topic.id for topic in comparison.topics}
    return [pair for pair in names.items() if matches_prefix(typed, " ".join(pair))][:25]


COMPARE = Command(
    name="compare",
    handler=_compare,
    parse_inputs=_parse_inputs,
    options=(
        CommandOption("options", suggest=_suggest_options),
        CommandOption("by", suggest=_suggest_themes),
    ),
    button_handlers={
        "show": _show_comparison,
        "theme": _show_part,
        "share": _share_comparison,
        "keep": _save_comparison,
    },
    is_public=True,
    is_on_menu=True,
)
