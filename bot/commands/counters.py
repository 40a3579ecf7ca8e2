"""Counters of answers: votes, and word stems of unanswered questions. No sentence is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.command import Context
from bot.domain.search.normalizer import Normalizer
from bot.domain.tenant import Tenant
from bot.messaging.request import Request

if TYPE_CHECKING:
    from bot.store.store import Store

_UNCOUNTED_PLATFORM = "terminal"  # one person at a keyboard is no tenant, and `say` then needs no database


def get_tenant(request: Request) -> Tenant:
    """Return the tenant whose rows a request may read and write."""
    return Tenant(request.origin.platform, request.origin.workspace)


def record_unanswered(question: str, request: Request, context: Context) -> None:
    """Queue a count of the stems of a question that no card answered."""
    if request.origin.platform == _UNCOUNTED_PLATFORM:
        return
    synonyms, tenant, user_id, now = (
        context.content.vocabulary,
        get_tenant(request),
        request.user.id,
        request.received_at,
    )

    def write(store: Store) -> None:
        stems = {name.removeprefix("=") for name, _ in Normalizer(synonyms).extract_stems(question)}
        store.unanswered_terms.record_unanswered(tenant, user_id, stems, now)

    context.storage.enqueue_write(write)


def record_vote(card_id: str, request: Request, context: Context, *, is_helpful: bool) -> None:
    """Queue a vote on whether a card helped."""
    tenant, user_id, now = get_tenant(request), request.user.id, request.received_at
    context.storage.enqueue_write(
        lambda store: store.votes.record_vote(tenant, user_id, card_id, helpful=is_helpful, now=now)
    )
