"""`/career compare [options…] [by <theme or topic>]`: two to five options side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.commands.command import Command, Context, Inputs, Option
from bot.commands.showing import named, opens
from bot.domain.resolve import Wanted, begins, named_options, resolve
from bot.errors import InvalidActionError, UserFacingError
from bot.library.library import Library, mark
from bot.library.models import Cell, Comparison, Theme, Topic
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
class Side:
    """One comparison as it is looked at: which columns, which part.

    Attributes:
        narrowed: the id of a theme or topic; None for the whole.
    """

    comparison_id: str
    options: tuple[str, ...]
    narrowed: str | None

    def args(self, narrowed: str | None) -> tuple[str, ...]:
        """The same columns at another part, as a button's arguments: marks, so that five options fit."""
        return mark(self.comparison_id), mark(narrowed) if narrowed else "", "+".join(map(mark, self.options))

    @classmethod
    def of(cls, args: tuple[str, ...], library: Library) -> Side:
        """Read what `args` wrote.

        Raises:
            BadAction: when it cannot have come from `args`.
            Refusal: when the content has moved on since.
        """
        if len(args) != 3:
            raise InvalidActionError("a comparison's button carries its comparison, part and options")
        comparison_id = _marked(args[0], library.comparisons)
        comparison = library.comparisons[comparison_id]
        options = tuple(_marked(option, comparison.options) for option in args[2].split("+"))
        parts = [*(theme.id for theme in comparison.themes), *(topic.id for topic in comparison.topics)]
        return cls(comparison_id, options, _marked(args[1], parts) if args[1] else None)


def _marked(wanted: str, names: Iterable[str]) -> str:
    """The name with this mark."""
    for name in names:
        if mark(name) == wanted:
            return name
    raise UserFacingError("compare.gone")


def _answer(request: Request, context: Context) -> Reply:
    text = " ".join(filter(None, (request.inputs.get("options"), _by(request))))
    wanted = resolve(text, context.library)
    if wanted is None:
        raise _not_together(text, context)
    if wanted.comparison is None:
        return _picker(context)
    side = _side(wanted, context.library)
    return _shown(side, context)


def _by(request: Request) -> str:
    by = request.inputs.get("by", "").strip()
    return f"by {by}" if by else ""


def _side(wanted: Wanted, library: Library) -> Side:
    """The columns named; one alone stands beside all others of its comparison."""
    assert wanted.comparison is not None
    comparison = library.comparisons[wanted.comparison]
    options = wanted.options if len(wanted.options) > 1 else tuple(comparison.options)
    return Side(wanted.comparison, options, wanted.narrowed)


def _not_together(text: str, context: Context) -> UserFacingError:
    """Says which of the named options stand in which comparison."""
    named_in = named_options(text, context.library)
    if len(named_in) > 1:
        together = "; ".join(
            f"{context.library.comparisons[comparison_id].short}: "
            + ", ".join(option.name for option in context.library.comparisons[comparison_id].options.values())
            for comparison_id in named_in
        )
        return UserFacingError("compare.apart", together=together)
    known = "; ".join(comparison.short for comparison in context.library.comparisons.values())
    return UserFacingError("compare.unknown", wanted=text[:80], known=known)


def _picker(context: Context) -> Reply:
    texts = context.texts
    choices = tuple(
        Choice(
            comparison.short, Action("compare.show", Side(name, tuple(comparison.options), None).args(None))
        )
        for name, comparison in context.library.comparisons.items()
    )
    blocks = (
        Heading(texts.words("compare.pick_heading")),
        Paragraph(texts("compare.pick", prefix=context.prefix)),
        Menu(texts.words("compare.pick.label"), choices),
    )
    return Reply(blocks, texts.words("compare.pick_heading"))


def _show(request: Request, context: Context) -> Reply:
    return _shown(Side.of(request.action.args, context.library), context)


def _narrow(request: Request, context: Context) -> Reply:
    return _shown(Side.of(request.action.args, context.library), context, replace=True)


def _share(request: Request, context: Context) -> Reply:
    side = Side.of(request.action.args, context.library)
    shared = Note(context.texts("card.shared_by", name=request.user.name))
    own = Button(context.texts.words("compare.own.label"), Action("compare.show", side.args(side.narrowed)))
    blocks = (*_table(side, context), shared, Buttons((own,)))
    return Reply(blocks, _title(side, context), audience=Audience.EVERYONE)


def _keep(request: Request, context: Context) -> Reply:
    side = Side.of(request.action.args, context.library)
    return Reply(
        (*_table(side, context), _rows(side, context)), _title(side, context), placement=DirectMessage()
    )


def _shown(side: Side, context: Context, *, replace: bool = False) -> Reply:
    """A comparison for the asker alone, with its themes, its rows' cards and what can be done with it."""
    here = side.args(side.narrowed)
    own = (
        Button(context.texts.words("card.share.label"), Action("compare.share", here)),
        Button(context.texts.words("card.keep.label"), Action("compare.keep", here)),
    )
    blocks = (
        *_table(side, context),
        Buttons(tuple(_themes(side, context))),
        _rows(side, context),
        Buttons(own),
    )
    return Reply(blocks, _title(side, context), replace_original=replace)


def _table(side: Side, context: Context) -> tuple[Block, ...]:
    """The comparison to read: verdict, table, whose opinion it is."""
    comparison = context.library.comparisons[side.comparison_id]
    source = context.library.sources[comparison.source]
    groups = tuple(
        TableGroup(theme.name, tuple(_row(topic, side, context) for topic in topics))
        for theme, topics in _parts(comparison, side.narrowed)
    )
    return (
        Heading(_title(side, context)),
        Paragraph(_verdict(comparison, side.options)),
        Table(tuple(comparison.options[option].name for option in side.options), groups),
        Note(build_spans(context.texts("source.label"), " ", named(source), ". ", comparison.note)),
    )


def _title(side: Side, context: Context) -> str:
    comparison = context.library.comparisons[side.comparison_id]
    if len(side.options) == len(comparison.options):
        return comparison.title
    return context.texts.words(
        "compare.some", names=", ".join(comparison.options[option].name for option in side.options)
    )


def _verdict(comparison: Comparison, options: tuple[str, ...]) -> Spans:
    """The author's verdict on all; of some, what each is good for."""
    if len(options) == len(comparison.options):
        return comparison.verdict
    each = (f"{comparison.options[name].name}: {comparison.options[name].good_for}" for name in options)
    return build_spans("; ".join(each) + ".")


def _parts(comparison: Comparison, narrowed: str | None) -> Iterator[tuple[Theme, tuple[Topic, ...]]]:
    for theme in comparison.themes:
        if narrowed in (None, theme.id):
            yield theme, theme.topics
        elif topics := tuple(topic for topic in theme.topics if topic.id == narrowed):
            yield theme, topics


def _row(topic: Topic, side: Side, context: Context) -> TableRow:
    """Short cells in the whole comparison, sentences in a part of it; ranks in words."""
    levels = [level for option in side.options if (level := topic.cells[option].level) is not None]
    cells = []
    for option in side.options:
        cell = topic.cells[option]
        body = build_spans(cell.short) if side.narrowed is None else cell.says
        rank = _rank(cell, topic, levels, context)
        cells.append(build_spans(body, " ", Emphasis(f"({rank})")) if rank else body)
    return TableRow(topic.name, tuple(cells))


def _rank(cell: Cell, topic: Topic, levels: list[int], context: Context) -> str:
    """`strongest` or `weakest` among the options shown; nothing where the source does not rank or all tie."""
    if cell.level is None or min(levels) == max(levels):
        return ""
    best, worst = (max(levels), min(levels)) if topic.ranks == "high-is-good" else (min(levels), max(levels))
    if cell.level == best:
        return context.texts.words("compare.best")
    return context.texts.words("compare.worst") if cell.level == worst else ""


def _themes(side: Side, context: Context) -> Iterator[Button]:
    comparison = context.library.comparisons[side.comparison_id]
    if side.narrowed is not None:
        yield Button(
            context.texts.words("compare.all.label"),
            Action("compare.theme", side.args(None)),
            ButtonStyle.PRIMARY,
        )
    for theme in comparison.themes:
        if theme.id != side.narrowed:
            yield Button(theme.name, Action("compare.theme", side.args(theme.id)))


def _rows(side: Side, context: Context) -> Menu:
    """One menu opens the card behind a row or a column."""
    comparison = context.library.comparisons[side.comparison_id]
    behind = [topic.card for _, topics in _parts(comparison, side.narrowed) for topic in topics]
    behind += [comparison.options[option].card for option in side.options]
    cards = dict.fromkeys(card for card in behind if card is not None)
    return Menu(context.texts.words("compare.rows.label"), tuple(opens(card, context) for card in cards))


def _read(rest: str, context: Context) -> Inputs | None:
    return {"options": rest} if resolve(rest, context.library) is not None else None


def _suggest_options(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    """Whole comparisons and pairs that begin like what is typed."""
    found: list[tuple[str, str]] = []
    for comparison in context.library.comparisons.values():
        names = [option.name for option in comparison.options.values()]
        found.append((comparison.short, ", ".join(names)))
        found += [(f"{a} / {b}", f"{a}, {b}") for i, a in enumerate(names) for b in names[i + 1 :]]
    return [pair for pair in found if begins(typed, " ".join(pair))][:25]


def _suggest_themes(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    names: dict[str, str] = {}
    for comparison in context.library.comparisons.values():
        names |= {theme.name: theme.id for theme in comparison.themes}
        names |= {topic.name: topic.id for topic in comparison.topics}
    return [pair for pair in names.items() if begins(typed, " ".join(pair))][:25]


COMPARE = Command(
    name="compare",
    answer=_answer,
    read=_read,
    options=(Option("options", suggest=_suggest_options), Option("by", suggest=_suggest_themes)),
    verbs={"show": _show, "theme": _narrow, "share": _share, "keep": _keep},
    public=True,
    on_menu=True,
)
