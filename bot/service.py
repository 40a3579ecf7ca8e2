"""The bot as one function: `Service.respond(request)` returns a reply or a form."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from bot.commands.command import Command, ContentReloader, Context, Requirement, require_admin
from bot.commands.line_parser import parse_line
from bot.commands.tips import tip_delivery
from bot.content.content import Content
from bot.domain.outbox import DeliveryResult
from bot.domain.search import ExplanationCache, SearchIndex
from bot.domain.tenant import Tenant
from bot.errors import InvalidActionError, StoreUnavailableError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.delivery import Delivery
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.messaging.request import TYPED_LINE, Request
from bot.store.storage import Storage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContentSnapshot:
    """The content and its search index; a reload swaps both at once."""

    library: Content
    search: SearchIndex


class Service:
    """Answers requests from the content snapshot that is current when they arrive.

    Args:
        get_snapshot: returns the current content snapshot.
        commands: all commands, in the order of the menu.
        prefix: the slash command, `/career`.
        storage: the store and the keys.
        content_reloader: reloads the content; None when live reload is off.
        describe_tasks: returns the state of every supervised task, by its name.
    """

    def __init__(
        self,
        get_snapshot: Callable[[], ContentSnapshot],
        commands: tuple[Command, ...],
        prefix: str,
        storage: Storage,
        content_reloader: ContentReloader | None = None,
        *,
        describe_tasks: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._get_snapshot = get_snapshot
        self._commands = {command.name: command for command in commands}
        self._prefix = prefix
        self._explanation_cache = ExplanationCache()
        self._storage = storage
        self._content_reloader = content_reloader
        self._describe_tasks = describe_tasks

    @property
    def context(self) -> Context:
        """Return the context for handlers, from the current snapshot."""
        snapshot = self._get_snapshot()
        return Context(
            snapshot.library,
            snapshot.search,
            self._explanation_cache,
            tuple(self._commands.values()),
            self._prefix,
            self._storage,
            self._content_reloader,
            self._describe_tasks,
        )

    def respond(self, request: Request) -> Reply | Form:
        """Return the answer to a request; always exactly one, whatever fails."""
        context = self.context
        try:
            return self._handle_request(_parse_typed_line(request, context), context)
        except UserFacingError as refusal:
            return self.build_error_reply(refusal)
        except InvalidActionError:
            log.warning(
                "action refused from %s/%s: invalid", request.origin.platform, request.origin.workspace
            )
            return _build_string_reply(context, "service.bad_action", ReplyOutcome.REFUSED)
        except StoreUnavailableError as error:
            reference = compute_request_ref(request)
            log.error(
                "reference %s: %s failed: database unavailable: %s", reference, request.action.name, error
            )
            return _build_string_reply(
                context, "service.store_away", ReplyOutcome.FAILED, reference=reference
            )
        except Exception:
            reference = compute_request_ref(request)
            log.exception("reference %s: %s failed", reference, request.action.name)
            return self.build_failure_reply(reference)

    def build_error_reply(self, error: UserFacingError) -> Reply:
        """Return the sentence of an error, which says what to do."""
        context = self.context
        names = {"prefix": context.prefix, **error.placeholders}
        return _build_string_reply(context, error.string_key, ReplyOutcome.REFUSED, **names)

    def build_failure_reply(self, request_ref: str) -> Reply:
        """Return the sentence for an unexpected failure; the reference is also in the log."""
        return _build_string_reply(
            self.context, "service.failure", ReplyOutcome.FAILED, reference=request_ref
        )

    def build_timeout_reply(self, request_ref: str) -> Reply:
        """Return the sentence for a store operation that is still running and may yet succeed."""
        return _build_string_reply(
            self.context, "service.store_late", ReplyOutcome.FAILED, reference=request_ref
        )

    def check_and_mark_processed(self, platform: str, workspace: str, dedupe_key: str, now: datetime) -> bool:
        """Mark a message or mention as processed; return whether it already was, here or in another process.

        Raises:
            StoreUnavailableError: when the database does not answer; the caller then decides alone.
        """
        return self._storage.open_store().check_and_mark_processed(platform, workspace, dedupe_key, now)

    def erase_tenant(self, platform: str, workspace: str) -> None:
        """Delete every row of a workspace that uninstalled the bot; safe to repeat.

        Raises:
            StoreUnavailableError: when the database does not answer; try again later.
        """
        self._storage.open_store().personal_data.erase_tenant(Tenant(platform, workspace))

    def claim_due(self, platforms: frozenset[str], now: datetime, limit: int = 50) -> list[Delivery]:
        """Claim what is due on these platforms; no other process sends it.

        Args:
            limit: roughly; after a pause one subscription may have several due.
        """
        return tip_delivery.claim_due(self.context, platforms, now, limit)

    def begin_sending(self, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """Mark claimed deliveries as being sent; return those that may still be."""
        return tip_delivery.begin_sending(self.context, deliveries, now)

    def release_claims(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Release claims that were not begun, so that any process can claim them."""
        tip_delivery.release_claims(self.context, deliveries, now)

    def record_results(self, outcomes: Sequence[tuple[Delivery, DeliveryResult]], now: datetime) -> None:
        """Store the results of deliveries, and queue the notifications that follow from them."""
        tip_delivery.record_results(self.context, outcomes, now)

    def find_next_due(self, platforms: frozenset[str]) -> datetime | None:
        """Return when the next delivery on these platforms is due; None when there is none."""
        return self._storage.open_store().deliveries.find_next_due(platforms)

    def parse_request(self, request: Request) -> tuple[Request, Command | None]:
        """Return the request with its typed line parsed, and the command that will answer it.

        The adapter then knows what to look up first and in which worker to run it. `respond` takes either
        request and does not parse again.
        """
        parsed = _parse_typed_line(request, self.context)
        return parsed, self._commands.get(parsed.action.command)

    def _handle_request(self, request: Request, context: Context) -> Reply | Form:
        command = self._commands.get(request.action.command)
        if command is None:
            raise InvalidActionError(f"no command {request.action.command!r}")
        if Requirement.ADMIN in command.requirements:
            require_admin(request.user)
        handler = command.find_handler(request.action.verb)
        if handler is None:
            raise InvalidActionError(f"{command.name} has no verb {request.action.verb!r}")
        answer = handler(request, context)
        return answer if request.action.verb else _widen_for_mention(answer, command, request)


def compute_request_ref(request: Request) -> str:
    """Return six characters that identify a request in a sentence and in the log."""
    identity = f"{request.dedupe_key}\0{request.received_at.isoformat()}"
    return blake2b(identity.encode(errors="replace"), digest_size=3).hexdigest()


def _parse_typed_line(request: Request, context: Context) -> Request:
    """Return the request with the action and input that its typed line asks for; any other unchanged."""
    if request.action.name != TYPED_LINE:
        return request
    line = request.action.args[0] if request.action.args else request.inputs.get(TYPED_LINE, "")
    parsed = parse_line(line, context, is_bot_thread=request.origin.is_bot_thread)
    return replace(request, action=parsed.action, inputs=parsed.inputs, command_input=parsed.command_input)


def _widen_for_mention(answer: Reply | Form, command: Command, request: Request) -> Reply | Form:
    """Show the answer to a mention to everyone who could read the question, unless sensitive or refused."""
    if isinstance(answer, Form) or not (command.is_public and request.origin.is_mention):
        return answer
    if answer.is_sensitive or answer.outcome is ReplyOutcome.REFUSED:
        return answer
    return replace(answer, audience=Audience.EVERYONE)


def _build_string_reply(
    context: Context, string_key: str, outcome: ReplyOutcome, **placeholders: str
) -> Reply:
    """Return one sentence as a reply, with a button for the menu."""
    texts = context.strings
    menu = Button(texts.get_text("help.label"), Action("help"))
    blocks = (Paragraph(texts(string_key, **placeholders)), Buttons((menu,)))
    return Reply(blocks, texts.get_text("service.refused_summary"), outcome=outcome)
