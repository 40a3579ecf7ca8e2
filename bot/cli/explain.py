"""Say why a question gets its answer: career-bot explain "phd worth it??".

Shows the words that counted, the nearest ways of asking, what each adds to the card's score, and the
runners-up. Exit status 3 when the honest answer is that no card fits.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.app import App
from bot.cli.saying import show
from bot.domain.search import Finding, Hit, Verdict
from bot.library.library import Library
from bot.settings import Settings

_RUNNERS_UP = 4
_REASONS = 2  # of a runner-up


def arguments(parser: argparse.ArgumentParser) -> None:
    """The question."""
    parser.add_argument("question", nargs="+", help="what a person would ask")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print why; 3 for a miss."""
    context = App.build(settings).service.context
    finding = context.search.find(" ".join(options.question))
    show("\n".join(_explained(finding, context.library)))
    return 3 if finding.verdict is Verdict.MISS else 0


def _explained(finding: Finding, library: Library) -> Iterator[str]:
    yield (
        f"{finding.verdict}: confidence {finding.confidence:.3f} "
        f"(sure from {finding.sure:.3f}, a miss below {finding.unsure:.3f})"
    )
    yield f"words that counted: {', '.join(finding.said) or 'none'}"
    if not finding.hits:
        yield "no card has any of these words"
        return
    best, *others = finding.hits
    yield ""
    yield from _card(best, library, len(best.shares))
    yield f"{best.score:8.3f}        the score: the sum of the above"
    if others:
        yield ""
        yield "runners-up"
    for hit in others[:_RUNNERS_UP]:
        yield from _card(hit, library, _REASONS)


def _card(hit: Hit, library: Library, reasons: int) -> Iterator[str]:
    """A card and the shares of its score, the largest first."""
    yield f"{hit.card}: {library.cards[hit.card].short} ({hit.score:.3f})"
    for share in sorted(hit.shares, key=lambda share: -abs(share.points))[:reasons]:
        part = f"{share.points / hit.score:5.0%}" if hit.score else "     "
        yield f"{share.points:+8.3f} {part}  {share.kind} {share.text}".rstrip()
