"""What is counted of answers: votes, and the stems of what was asked in vain. No sentence is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.command import Context
from bot.domain.search.normalizer import Normalizer
from bot.domain.tenant import Tenant
from bot.messaging.request import Request

if TYPE_CHECKING:
    from bot.store.store import Store

_UNCOUNTED_PLATFORM = "terminal"  # one person at one keyboard is no community; `say` need not wake a database


def get_tenant(request: Request) -> Tenant:
    """Whose rows a request may see and write."""
    return Tenant(request.origin.platform, request.origin.workspace)


def record_unanswered(question: str, request: Request, context: Context) -> None:
    """Note, aside, that no card answered."""
    if request.origin.platform == _UNCOUNTED_PLATFORM:
        return
    vocabulary, community, user, now = (
        context.content.vocabulary,
        get_tenant(request),
        request.user.id,
        request.received_at,
    )

    def write(store: Store) -> None:
        stems = {name.removeprefix("=") for name, _ in Normalizer(vocabulary).extract_stems(question)}
        store.unanswered_terms.record_unanswered(community, user, stems, now)

    context.storage.enqueue_write(write)


def record_vote(card_id: str, request: Request, context: Context, *, is_helpful: bool) -> None:
    """Count, aside, whether a card helped."""
    community, user, now = get_tenant(request), request.user.id, request.received_at
    context.storage.enqueue_write(
        lambda store: store.votes.record_vote(community, user, card_id, helpful=is_helpful, now=now)
    )
