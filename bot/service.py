"""The bot: `respond(request)`. Everything else feeds it or shows what it says."""

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
from bot.domain.search import ExplanationCache, SearchIndex
from bot.errors import InvalidActionError, StoreUnavailableError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.delivery import Delivery, DeliveryResult
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.messaging.request import TYPED_LINE, Request
from bot.store.storage import Storage
from bot.store.tenant import Tenant

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContentSnapshot:
    """One reading of the content, with what is built from it; swapped whole on a reload."""

    library: Content
    search: SearchIndex


class Service:
    """Answers requests from the edition that is current when they arrive.

    Args:
        get_snapshot: returns the current content snapshot.
        commands: what the bot understands, in the order of its menu.
        prefix: what people type before a command's name: `/career`.
        storage: the store and the keys.
        content_reloader: reloads the content; None where it stays as it is.
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
        """What a command works with right now."""
        edition = self._get_snapshot()
        return Context(
            edition.library,
            edition.search,
            self._explanation_cache,
            tuple(self._commands.values()),
            self._prefix,
            self._storage,
            self._content_reloader,
            self._describe_tasks,
        )

    def respond(self, request: Request) -> Reply | Form:
        """The answer to a request; always one, whatever goes wrong."""
        context = self.context
        try:
            return self._handle_request(_parse_typed_line(request, context), context)
        except UserFacingError as refusal:
            return self.build_error_reply(refusal)
        except InvalidActionError:
            log.warning("refused action of %s/%s", request.origin.platform, request.origin.workspace)
            return _build_string_reply(context, "service.bad_action", ReplyOutcome.REFUSED)
        except StoreUnavailableError as error:
            reference = compute_request_ref(request)
            log.error("reference %s: %s, the database is away: %s", reference, request.action.name, error)
            return _build_string_reply(
                context, "service.store_away", ReplyOutcome.FAILED, reference=reference
            )
        except Exception:
            reference = compute_request_ref(request)
            log.exception("reference %s: %s failed", reference, request.action.name)
            return self.build_failure_reply(reference)

    def build_error_reply(self, error: UserFacingError) -> Reply:
        """The sentence for what cannot be done, with its mend."""
        context = self.context
        names = {"prefix": context.prefix, **error.placeholders}
        return _build_string_reply(context, error.string_key, ReplyOutcome.REFUSED, **names)

    def build_failure_reply(self, request_ref: str) -> Reply:
        """The sentence for what nobody foresaw; the reference is also in the log."""
        return _build_string_reply(
            self.context, "service.failure", ReplyOutcome.FAILED, reference=request_ref
        )

    def build_timeout_reply(self, request_ref: str) -> Reply:
        """The sentence for what the store is still at, and may yet do."""
        return _build_string_reply(
            self.context, "service.store_late", ReplyOutcome.FAILED, reference=request_ref
        )

    def check_and_mark_processed(self, platform: str, workspace: str, dedupe_key: str, now: datetime) -> bool:
        """Whether a message or mention came before, on this process or another; from now on it has.

        Raises:
            StoreAway: when the database does not answer; then whoever asks decides alone.
        """
        return self._storage.open_store().check_and_mark_processed(platform, workspace, dedupe_key, now)

    def erase_tenant(self, platform: str, workspace: str) -> None:
        """Erase every row of a workspace that sent the bot away; twice does no harm.

        Raises:
            StoreAway: when the database does not answer; then try again.
        """
        self._storage.open_store().personal_data.erase_tenant(Tenant(platform, workspace))

    def claim_due(self, platforms: frozenset[str], now: datetime, limit: int = 50) -> list[Delivery]:
        """What is to be sent now on these platforms; nobody else will send it.

        Args:
            most: about so many; after a pause one subscription may bring several.
        """
        return tip_delivery.claim_due(self.context, platforms, now, limit)

    def begin_sending(self, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """Those of the claimed ones that may still be sent; says so to all other processes."""
        return tip_delivery.begin_sending(self.context, deliveries, now)

    def release_claims(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Leave what was claimed and not begun to whoever asks next."""
        tip_delivery.release_claims(self.context, deliveries, now)

    def record_results(self, outcomes: Sequence[tuple[Delivery, DeliveryResult]], now: datetime) -> None:
        """Write down what became of deliveries, and with it what people have to be told."""
        tip_delivery.record_results(self.context, outcomes, now)

    def find_next_due(self, platforms: frozenset[str]) -> datetime | None:
        """When there is something to claim next on these platforms; None when nothing waits."""
        return self._storage.open_store().deliveries.find_next_due(platforms)

    def parse_request(self, request: Request) -> tuple[Request, Command | None]:
        """The request with a typed line read, and the command that will answer it.

        So an adapter knows what to fetch first and where to run it; `respond` takes either request.
        """
        understood = _parse_typed_line(request, self.context)
        return understood, self._commands.get(understood.action.command)

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
    """Six characters that stand for one request in a sentence and in the log."""
    told = f"{request.dedupe_key}\0{request.received_at.isoformat()}"
    return blake2b(told.encode(errors="replace"), digest_size=3).hexdigest()


def _parse_typed_line(request: Request, context: Context) -> Request:
    """A typed line as the action and inputs that it asks for; everything else as it is."""
    if request.action.name != TYPED_LINE:
        return request
    line = request.action.args[0] if request.action.args else request.inputs.get(TYPED_LINE, "")
    action, inputs = parse_line(line, context, is_bot_thread=request.origin.is_bot_thread)
    return replace(request, action=action, inputs=inputs)


def _widen_for_mention(answer: Reply | Form, command: Command, request: Request) -> Reply | Form:
    """An answer to a mention is for all who could read the question; personal ones and refusals are not."""
    if isinstance(answer, Form) or not (command.is_public and request.origin.is_mention):
        return answer
    if answer.is_sensitive or answer.outcome is ReplyOutcome.REFUSED:
        return answer
    return replace(answer, audience=Audience.EVERYONE)


def _build_string_reply(
    context: Context, string_key: str, outcome: ReplyOutcome, **placeholders: str
) -> Reply:
    """One sentence as a reply, with the way back to the menu."""
    texts = context.strings
    menu = Button(texts.get_text("help.label"), Action("help"))
    blocks = (Paragraph(texts(string_key, **placeholders)), Buttons((menu,)))
    return Reply(blocks, texts.get_text("service.refused_summary"), outcome=outcome)
