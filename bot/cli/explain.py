"""Show why a question gets its answer: career-bot explain "phd worth it??".

Shows the words that counted, the nearest ways of asking, what each adds to the card's score, and the
runners-up. Exit status 3 when the honest answer is that no card fits.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.app import App
from bot.cli.output import print_text
from bot.content.content import Content
from bot.domain.search import ConfidenceBand, SearchHit, SearchResult
from bot.settings import Settings

_MAX_RUNNERS_UP = 4
_MAX_REASONS = 2  # of a runner-up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The question."""
    parser.add_argument("question", nargs="+", help="what a person would ask")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print why; 3 for a miss."""
    context = App.build(settings).service.context
    finding = context.search.find(" ".join(options.question))
    print_text("\n".join(_format_result(finding, context.content)))
    return 3 if finding.confidence_band is ConfidenceBand.NO_MATCH else 0


def _format_result(result: SearchResult, content: Content) -> Iterator[str]:
    yield (
        f"{result.confidence_band}: confidence {result.confidence:.3f} that a card answers "
        f"(a miss below {result.no_match_threshold:.3f}), {result.first_confidence:.3f} that it is the first "
        f"(sure from {result.sure_threshold:.3f})"
    )
    yield f"words that counted: {', '.join(result.matched_words) or 'none'}"
    if not result.hits:
        yield "no card has any of these words"
        return
    best, *others = result.hits
    yield ""
    yield from _format_hit(best, content, len(best.contributions))
    yield f"{best.score:8.3f}        the score: the sum of the above"
    if others:
        yield ""
        yield "runners-up"
    for hit in others[:_MAX_RUNNERS_UP]:
        yield from _format_hit(hit, content, _MAX_REASONS)


def _format_hit(hit: SearchHit, content: Content, max_reasons: int) -> Iterator[str]:
    """A card and the shares of its score, the largest first."""
    yield f"{hit.card_id}: {content.cards[hit.card_id].short} ({hit.score:.3f})"
    for share in sorted(hit.contributions, key=lambda share: -abs(share.points))[:max_reasons]:
        part = f"{share.points / hit.score:5.0%}" if hit.score else "     "
        yield f"{share.points:+8.3f} {part}  {share.kind} {share.text}".rstrip()
