"""`/career ask <question>`: the best card, or an honest miss with the nearest three."""

from __future__ import annotations

from hashlib import blake2b

from bot.commands.command import Command, Context, Inputs, Option
from bot.commands.ledger import missed
from bot.commands.offered import shown
from bot.commands.reading import meant
from bot.commands.showing import opens, opens_button
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Button, Buttons, Choice, Facts, Heading, Note, Paragraph
from bot.dialogue.reply import Area, Form, Outcome, Reply
from bot.dialogue.request import LINE, Request
from bot.dialogue.spans import spans
from bot.domain.search import Finding, Hit, Verdict
from bot.errors import BadAction, DoesNotFit, Refusal

_NEAREST = 3
_REASONS = 4
_QUESTION = 2_000  # characters that a form takes


def _answer(request: Request, context: Context) -> Reply | Form:
    question = request.inputs.get("question", "").strip()
    if not question:
        return _form(context)
    finding = context.search.find(question)
    meant = _meant(question, context)
    if finding.verdict is Verdict.MISS:
        missed(question, request, context)
        return _miss(meant, finding, context)
    best, *others = finding.hits
    key = _key(request, question)
    context.recall.keep(key, finding, request.received_at)
    texts = context.texts
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
    field = Area(
        "question", texts.words("ask.question.label"), texts.words("ask.question.hint"), most=_QUESTION
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
    return Reply(tuple(blocks), texts.words("ask.miss_summary"), outcome=Outcome.MISSED)


def _meant(question: str, context: Context) -> tuple[Block, ...]:
    """The command that a mistyped line was perhaps meant to be, as one press."""
    found = meant(question, context)
    if found is None:
        return ()
    return Paragraph(context.texts("ask.meant")), Buttons((_command_button(*found, context),))


def _command_button(command: Command, line: str, context: Context) -> Button:
    usage = f"{context.prefix} {line}"
    try:
        return Button(usage, Action(LINE, (line,)))
    except DoesNotFit:  # the line is too long for a button: offer the bare command
        return Button(f"{context.prefix} {command.name}", Action(command.name))


def _why(request: Request, context: Context) -> Reply:
    if len(request.action.args) != 1:
        raise BadAction("ask.why carries one key")
    finding = context.recall.get(request.action.args[0], request.received_at)
    if finding is None:
        raise Refusal("ask.why_gone")
    texts, best = context.texts, finding.hits[0]
    runners = tuple(
        (context.library.cards[hit.card].short, spans(texts.words("ask.points", points=_points(hit))))
        for hit in finding.hits[: 1 + _NEAREST]
        if hit.card in context.library.cards
    )
    reasons = tuple(
        (texts.words(f"ask.why_{share.kind}"), spans(share.text)) for share in best.shares[:_REASONS]
    )
    blocks: tuple[Block, ...] = (
        Heading(texts.words("ask.why_heading")),
        Paragraph(texts("ask.why_words", words=", ".join(finding.said[:8]))),
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
    parts = (origin.platform, origin.workspace, request.user.id, request.key, question)
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
)
