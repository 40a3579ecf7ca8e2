"""What people say to a word about their tips: post it now, it is there, resume."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.commands.command import Context, require_admin
from bot.commands.tips.subscription_changes import resume_subscription
from bot.commands.tips.targets import TipTarget
from bot.domain.tenant import Tenant
from bot.domain.tips.subscription import Subscription
from bot.errors import InvalidActionError, UserFacingError
from bot.messaging.blocks import Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def resend(request: Request, context: Context) -> Reply:
    """It does not stand there: post it now."""
    return _resolve_uncertain_delivery(request, context, should_resend=True)


def confirm_delivered(request: Request, context: Context) -> Reply:
    """It stands there: nothing is to be sent."""
    return _resolve_uncertain_delivery(request, context, should_resend=False)


def resume_from_notification(request: Request, context: Context) -> Reply:
    """Resume, pressed under the word that told of the pause."""
    if len(request.action.args) != 2:
        raise InvalidActionError("a return carries a workspace and a channel")
    subscription = _load_managed_subscription(*request.action.args, request, context)
    return resume_subscription(
        TipTarget(subscription.channel, subscription.is_direct), subscription, request, context
    )


def _resolve_uncertain_delivery(request: Request, context: Context, *, should_resend: bool) -> Reply:
    """What its owner says of a tip that may stand there or not."""
    match request.action.args:
        case (workspace, channel, mark) if mark.isascii() and mark.isdigit() and len(mark) < 12:
            slot = datetime.fromtimestamp(int(mark), UTC)
        case _:
            raise InvalidActionError("a decision carries a workspace, a channel and a slot")
    subscription = _load_managed_subscription(workspace, channel, request, context)
    now = request.received_at
    done = context.open_store().deliveries.resolve_uncertain(
        subscription.tenant, channel, slot, now, should_resend=should_resend
    )
    settled = "tips.posting" if should_resend else "tips.decided"
    key = settled if done else "tips.decided_already"
    return Reply((Paragraph(context.strings(key)),), context.strings.get_text("tips.word_summary"))


def _load_managed_subscription(
    workspace: str, channel: str, request: Request, context: Context
) -> Subscription:
    """The subscription that a word to a person was about; the person must have set up tips there."""
    community = Tenant(request.origin.platform, workspace)
    subscription = context.open_store().subscriptions.find(community, channel)
    if subscription is None or (subscription.is_direct and subscription.channel != request.user.id):
        raise UserFacingError("tips.none_here")
    if not context.open_store().subscriptions.can_manage(subscription, request.user.id):
        is_same_workspace = request.origin.workspace == workspace
        require_admin(request.user if is_same_workspace else replace(request.user, is_admin=False))
    return subscription
