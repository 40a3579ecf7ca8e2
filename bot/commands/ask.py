"""`/career ask <question>`: the best card, or an honest miss with the nearest three."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

from bot.commands.command import Command, Context, Inputs, Option
from bot.commands.ledger import missed
from bot.commands.offered import shown
from bot.commands.reading import meant
from bot.commands.showing import opens, opens_button
from bot.domain.resolve import resolve
from bot.domain.search import Finding, Hit, Verdict
from bot.errors import InvalidActionError, LimitExceededError, UserFacingError
from bot.library.asks import COMMAND
from bot.library.phrases import PHRASES
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Choice, Facts, Heading, Note, Paragraph
from bot.messaging.reply import Form, Reply, ReplyOutcome, TextAreaField
from bot.messaging.request import TYPED_LINE, Request
from bot.messaging.spans import build_spans

_NEAREST = 3
_REASONS = 4
_SAID = 5
_ALONE = frozenset({"distress"})  # nothing to read is offered beside these sentences
_TALK = frozenset(("chat", "injection"))  # what is near the sound of these means nothing: the menu instead
_QUESTION = 2_000  # characters that a form takes


def _answer(request: Request, context: Context) -> Reply | Form:
    question = request.inputs.get("question", "").strip()
    if not question:
        return _form(context)
    if (side_by_side := _compared(question, request, context)) is not None:
        return side_by_side
    finding = context.search.find(question)
    meant = _meant(question, context)
    if finding.verdict is Verdict.MISS:
        if finding.outside is not None:
            return _outside(finding.outside, meant, finding, context)
        missed(question, request, context)
        return _miss(meant, finding, context)
    best, *others = finding.hits
    key = _key(request, question)
    context.recall.keep(key, finding, request.received_at)
    texts = context.texts
    if finding.also:
        others = [hit for hit in others if hit.card not in finding.also]
        meant += _also(finding.also, context)
    before = meant
    more: tuple[Choice, ...] = (Choice(texts.words("ask.why.label"), Action("ask.why", (key,))),)
    if finding.verdict is Verdict.MAYBE and others:
        before = (
            *meant,
            Note(texts("ask.maybe")),
            Buttons(tuple(opens_button(hit.card, context) for hit in others[: _NEAREST - 1])),
        )
        unmentioned = others[_NEAREST - 1 : _NEAREST]
    else:
        unmentioned = others[:_NEAREST]
    related = context.library.cards[best.card].related
    more += tuple(opens(hit.card, context) for hit in unmentioned if hit.card not in related)
    then = tuple(hit.card for hit in others)
    return shown(best.card, request, context, before=before, more=more, then=then)


def _form(context: Context) -> Form:
    texts = context.texts
    field = TextAreaField(
        "question", texts.words("ask.question.label"), texts.words("ask.question.hint"), max_length=_QUESTION
    )
    return Form(texts.words("ask.form.label"), (field,), Action("ask"))


def _miss(meant: tuple[Block, ...], finding: Finding, context: Context) -> Reply:
    texts = context.texts
    buttons = [opens_button(hit.card, context) for hit in finding.hits[:_NEAREST]]
    blocks: list[Block] = [*meant]
    if buttons:
        blocks += [Paragraph(texts("ask.miss")), Buttons(tuple(buttons))]
    else:
        blocks.append(Paragraph(texts("ask.miss_all")))
    browse = Button(texts.words("browse.label"), Action("browse"))
    again = Button(texts.words("ask.again.label"), Action("ask"))
    menu = Button(texts.words("help.label"), Action("help"))  # "hi" and "what can you do?" miss too
    blocks += [Note(texts("ask.miss_more")), Buttons((browse, again, menu))]
    return Reply(tuple(blocks), texts.words("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)


def _outside(outside: str, meant: tuple[Block, ...], finding: Finding, context: Context) -> Reply:
    """An honest sentence for what no card answers; the nearest cards only where they could be meant."""
    texts = context.texts
    if outside.startswith(COMMAND):
        return _pointed(outside.removeprefix(COMMAND), meant, finding, context)
    key = f"outside.{outside}"
    if key not in PHRASES:
        return _miss(meant, finding, context)
    said = Paragraph(texts(key))
    browse = Button(texts.words("browse.label"), Action("browse"))
    if outside in _ALONE:
        return Reply((said,), texts.words("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)
    if outside in _TALK:
        menu = Button(texts.words("help.label"), Action("help"))
        return Reply(
            (*meant, said, Buttons((menu, browse))),
            texts.words("ask.miss_summary"),
            outcome=ReplyOutcome.NO_MATCH,
        )
    buttons = tuple(opens_button(hit.card, context) for hit in finding.hits[:_NEAREST])
    blocks = (*meant, said, Note(texts("outside.nearest")), Buttons((*buttons, browse)))
    return Reply(blocks, texts.words("ask.miss_summary"), outcome=ReplyOutcome.NO_MATCH)


def _pointed(name: str, meant: tuple[Block, ...], finding: Finding, context: Context) -> Reply:
    """The command that does what the question asks for, as one press."""
    texts = context.texts
    command = next((command for command in context.commands if command.name == name), None)
    if command is None:
        return _miss(meant, finding, context)
    blocks = (
        Paragraph(texts("ask.pointed", usage=command.usage(context))),
        Buttons((Button(f"{context.prefix} {name}", Action(name)),)),
    )
    return Reply(blocks, texts.words("ask.meant"))


def _compared(question: str, request: Request, context: Context) -> Reply | Form | None:
    """`big tech or academia?` says nothing but options of one comparison: it stands side by side at once."""
    telling = context.search.telling(question)
    wanted = resolve(telling, context.library) if telling else None
    if wanted is None or len(wanted.options) < 2:
        return None
    compare = next(command for command in context.commands if command.name == "compare")
    return compare.answer(replace(request, inputs={"options": telling}), context)


def _also(cards: tuple[str, ...], context: Context) -> tuple[Block, ...]:
    """The cards for the other questions in the question."""
    buttons = tuple(opens_button(card, context) for card in cards)
    return Note(context.texts("ask.also")), Buttons(buttons)


def _meant(question: str, context: Context) -> tuple[Block, ...]:
    """The command that a mistyped line was perhaps meant to be, as one press."""
    found = meant(question, context)
    if found is None:
        return ()
    return Paragraph(context.texts("ask.meant")), Buttons((_command_button(*found, context),))


def _command_button(command: Command, line: str, context: Context) -> Button:
    usage = f"{context.prefix} {line}"
    try:
        return Button(usage, Action(TYPED_LINE, (line,)))
    except LimitExceededError:  # the line is too long for a button: offer the bare command
        return Button(f"{context.prefix} {command.name}", Action(command.name))


def _why(request: Request, context: Context) -> Reply:
    if len(request.action.args) != 1:
        raise InvalidActionError("ask.why carries one key")
    finding = context.recall.get(request.action.args[0], request.received_at)
    if finding is None:
        raise UserFacingError("ask.why_gone")
    texts, best = context.texts, finding.hits[0]
    runners = tuple(
        (context.library.cards[hit.card].short, build_spans(texts.words("ask.points", points=_points(hit))))
        for hit in finding.hits[: 1 + _NEAREST]
        if hit.card in context.library.cards
    )
    reasons = tuple(
        (texts.words(f"ask.why_{share.kind}"), build_spans(share.text))
        for share in best.shares
        if share.text and share.points > 0
    )[:_REASONS]
    said = finding.said[:_SAID]
    because = texts("ask.why_words", words=", ".join(said)) if said else texts("ask.why_meaning")
    blocks: tuple[Block, ...] = (
        Heading(texts.words("ask.why_heading")),
        Paragraph(because),
        *((Facts(reasons),) if reasons else ()),
        *((Facts(runners),) if runners else ()),
        Note(texts("ask.why_note")),
    )
    return Reply(blocks, texts.words("ask.why_heading"))


def _points(hit: Hit) -> str:
    return str(round(100 * hit.score))


def _key(request: Request, question: str) -> str:
    """Names an answer for its asker alone; says nothing about the question."""
    origin = request.origin
    parts = (origin.platform, origin.workspace, request.user.id, request.dedupe_key, question)
    return blake2b("\0".join(parts).encode(errors="replace"), digest_size=6).hexdigest()


def _read(rest: str, _context: Context) -> Inputs | None:
    return {"question": rest}


ASK = Command(
    name="ask",
    answer=_answer,
    read=_read,
    options=(Option("question", required=True, about="ask.question.hint"),),
    verbs={"why": _why},
    public=True,
    on_menu=True,
    thinks=True,
)
