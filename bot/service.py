"""The bot: `respond(request)`. Everything else feeds it or shows what it says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from bot.commands.command import Command, Context, Need, Upkeep, for_admins
from bot.commands.reading import read
from bot.commands.tips import posting
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.delivery import Delivery, Settled
from bot.dialogue.reply import Audience, Form, Outcome, Reply
from bot.dialogue.request import LINE, Request
from bot.domain.search import Recall, Search
from bot.errors import BadAction, Refusal, StoreAway
from bot.library.library import Library
from bot.store.community import Community
from bot.store.home import Home

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Edition:
    """One reading of the content, with what is built from it; swapped whole on a reload."""

    library: Library
    search: Search


class Service:
    """Answers requests from the edition that is current when they arrive.

    Args:
        edition: gives the current edition.
        commands: what the bot understands, in the order of its menu.
        prefix: what people type before a command's name: `/career`.
        home: the store and the keys.
        upkeep: keeps the content fresh; None where it stays as it is.
    """

    def __init__(
        self,
        edition: Callable[[], Edition],
        commands: tuple[Command, ...],
        prefix: str,
        home: Home,
        upkeep: Upkeep | None = None,
    ) -> None:
        self._edition = edition
        self._commands = {command.name: command for command in commands}
        self._prefix = prefix
        self._recall = Recall()
        self._home = home
        self._upkeep = upkeep

    @property
    def context(self) -> Context:
        """What a command works with right now."""
        edition = self._edition()
        return Context(
            edition.library,
            edition.search,
            self._recall,
            tuple(self._commands.values()),
            self._prefix,
            self._home,
            self._upkeep,
        )

    def respond(self, request: Request) -> Reply | Form:
        """The answer to a request; always one, whatever goes wrong."""
        context = self.context
        try:
            return self._answer(_understood(request, context), context)
        except Refusal as refusal:
            return self.refused(refusal)
        except BadAction:
            log.warning("refused action of %s/%s", request.origin.platform, request.origin.workspace)
            return _said(context, "service.bad_action", Outcome.REFUSED)
        except StoreAway as error:
            reference = reference_of(request)
            log.error("reference %s: %s, the database is away: %s", reference, request.action.name, error)
            return _said(context, "service.store_away", Outcome.FAILED, reference=reference)
        except Exception:
            reference = reference_of(request)
            log.exception("reference %s: %s failed", reference, request.action.name)
            return self.failure(reference)

    def refused(self, refusal: Refusal) -> Reply:
        """The sentence for what cannot be done, with its mend."""
        context = self.context
        names = {"prefix": context.prefix, **refusal.names}
        return _said(context, refusal.phrase, Outcome.REFUSED, **names)

    def failure(self, reference: str) -> Reply:
        """The sentence for what nobody foresaw; the reference is also in the log."""
        return _said(self.context, "service.failure", Outcome.FAILED, reference=reference)

    def late(self, reference: str) -> Reply:
        """The sentence for what the store is still at, and may yet do."""
        return _said(self.context, "service.store_late", Outcome.FAILED, reference=reference)

    def seen(self, platform: str, workspace: str, key: str, now: datetime) -> bool:
        """Whether a message or mention came before, on this process or another; from now on it has.

        Raises:
            StoreAway: when the database does not answer; then whoever asks decides alone.
        """
        return self._home.store.seen(platform, workspace, key, now)

    def uninstalled(self, platform: str, workspace: str) -> None:
        """Erase every row of a workspace that sent the bot away; twice does no harm.

        Raises:
            StoreAway: when the database does not answer; then try again.
        """
        self._home.store.people.forget_community(Community(platform, workspace))

    def claim(self, platforms: frozenset[str], now: datetime, most: int = 50) -> list[Delivery]:
        """What is to be sent now on these platforms; nobody else will send it.

        Args:
            most: about so many; after a pause one subscription may bring several.
        """
        return posting.claim(self.context, platforms, now, most)

    def begin(self, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """Those of the claimed ones that may still be sent; says so to all other processes."""
        return posting.begin(self.context, deliveries, now)

    def give_back(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Leave what was claimed and not begun to whoever asks next."""
        posting.give_back(self.context, deliveries, now)

    def settle(self, done: Sequence[tuple[Delivery, Settled]], now: datetime) -> None:
        """Write down what became of deliveries, and with it what people have to be told."""
        posting.settle(self.context, done, now)

    def next_due(self, platforms: frozenset[str]) -> datetime | None:
        """When there is something to claim next on these platforms; None when nothing waits."""
        return self._home.store.deliveries.next_due(platforms)

    def understand(self, request: Request) -> tuple[Request, Command | None]:
        """The request with a typed line read, and the command that will answer it.

        So an adapter knows what to fetch first and where to run it; `respond` takes either request.
        """
        understood = _understood(request, self.context)
        return understood, self._commands.get(understood.action.command)

    def _answer(self, request: Request, context: Context) -> Reply | Form:
        command = self._commands.get(request.action.command)
        if command is None:
            raise BadAction(f"no command {request.action.command!r}")
        if Need.ADMIN in command.needs:
            for_admins(request.user)
        handler = command.handler(request.action.verb)
        if handler is None:
            raise BadAction(f"{command.name} has no verb {request.action.verb!r}")
        answer = handler(request, context)
        return answer if request.action.verb else _aired(answer, command, request)


def reference_of(request: Request) -> str:
    """Six characters that stand for one request in a sentence and in the log."""
    told = f"{request.key}\0{request.received_at.isoformat()}"
    return blake2b(told.encode(errors="replace"), digest_size=3).hexdigest()


def _understood(request: Request, context: Context) -> Request:
    """A typed line as the action and inputs that it asks for; everything else as it is."""
    if request.action.name != LINE:
        return request
    line = request.action.args[0] if request.action.args else request.inputs.get(LINE, "")
    action, inputs = read(line, context, opened=request.origin.opened)
    return replace(request, action=action, inputs=inputs)


def _aired(answer: Reply | Form, command: Command, request: Request) -> Reply | Form:
    """An answer to a mention is for all who could read the question; personal ones and refusals are not."""
    if isinstance(answer, Form) or not (command.public and request.origin.mention):
        return answer
    if answer.personal or answer.outcome is Outcome.REFUSED:
        return answer
    return replace(answer, audience=Audience.EVERYONE)


def _said(context: Context, phrase: str, outcome: Outcome, **names: str) -> Reply:
    """One sentence as a reply, with the way back to the menu."""
    texts = context.texts
    menu = Button(texts.words("help.label"), Action("help"))
    blocks = (Paragraph(texts(phrase, **names)), Buttons((menu,)))
    return Reply(blocks, texts.words("service.refused_summary"), outcome=outcome)
