"""What is counted of answers: votes, and the stems of what was asked in vain. No sentence is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.command import Context
from bot.domain.search.words import Speller
from bot.messaging.request import Request
from bot.store.tenant import Tenant

if TYPE_CHECKING:
    from bot.store.store import Store

_ALONE = "terminal"  # one person at one keyboard is no community; `say` need not wake a database


def community_of(request: Request) -> Tenant:
    """Whose rows a request may see and write."""
    return Tenant(request.origin.platform, request.origin.workspace)


def missed(question: str, request: Request, context: Context) -> None:
    """Note, aside, that no card answered."""
    if request.origin.platform == _ALONE:
        return
    vocabulary, community, user, now = (
        context.library.vocabulary,
        community_of(request),
        request.user.id,
        request.received_at,
    )

    def write(store: Store) -> None:
        stems = {name.removeprefix("=") for name, _ in Speller(vocabulary).stems(question)}
        store.unanswered_terms.record_unanswered(community, user, stems, now)

    context.home.enqueue_write(write)


def voted(card_id: str, request: Request, context: Context, *, helpful: bool) -> None:
    """Count, aside, whether a card helped."""
    community, user, now = community_of(request), request.user.id, request.received_at
    context.home.enqueue_write(
        lambda store: store.votes.record_vote(community, user, card_id, helpful=helpful, now=now)
    )
