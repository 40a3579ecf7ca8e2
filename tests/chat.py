"""The bot as a conversation: `chat.say("help").press("Browse topics")`, found by the label a person sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from os import getpid
from pathlib import Path
from tempfile import gettempdir

from bot.commands import COMMANDS
from bot.dialogue.access import Access
from bot.dialogue.action import Action
from bot.dialogue.plain import plain
from bot.dialogue.reply import Form, Reply, presses
from bot.dialogue.request import LINE, Origin, Request, User
from bot.domain.search import Search, ShippedModel
from bot.library.read import read
from bot.service import Edition, Service
from bot.store.home import Home

CONTENT = Path(__file__).parent.parent / "content"
ANN = User("U1", "Ann", admin=False)
CHANNEL = Origin("test", "W1", "C1")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def edition_of(content: Path = CONTENT) -> Edition:
    """One reading of a content folder, searched as it ships."""
    library = read(content)
    return Edition(library, Search(library, model()))


@cache
def model() -> ShippedModel:
    """The search model, opened once for all tests."""
    return ShippedModel()


def service_of(content: Path = CONTENT) -> Service:
    """The bot over a content folder; its database, should it need one, lies aside."""
    return service_over(edition_of(content), Path(gettempdir()) / f"career-bot-tests-{getpid()}")


def service_over(edition: Edition, data: Path, database_url: str | None = None) -> Service:
    """The bot over an edition, with a database of its own."""
    home = Home(data, database_url, ("a secret of the tests",))
    return Service(lambda: edition, COMMANDS, "/career", home)


@dataclass
class Chat:
    """One person talking to the bot.

    Attributes:
        answer: the last reply or form.
        access: what an adapter would have seen of the channel.
    """

    service: Service
    user: User = ANN
    origin: Origin = CHANNEL
    now: Callable[[], datetime] = lambda: NOON
    answer: Reply | Form | None = None
    access: Access | None = None
    _keys: count[int] = field(default_factory=count)

    def say(self, line: str) -> Chat:
        """Type a line."""
        return self.do(Action(LINE), {LINE: line})

    def press(self, label: str) -> Chat:
        """Press the button, or pick the menu's line, that reads so or begins so."""
        found = [press for press in presses(self.reply.blocks) if press.label == label] or [
            press for press in presses(self.reply.blocks) if press.label.startswith(label)
        ]
        assert found, f"nothing reads {label!r}; there is {self.labels}"
        return self.do(found[0].action)

    def submit(self, **inputs: str) -> Chat:
        """Fill in the form; what is not given is as it stood."""
        form = self.answer
        assert isinstance(form, Form), f"no form, but: {self.text}"
        assert set(inputs) <= {one.name for one in form.fields}, (
            f"the form has {[f.name for f in form.fields]}"
        )
        return self.do(form.submit, {one.name: inputs.get(one.name, one.initial) for one in form.fields})

    def do(self, action: Action, inputs: Mapping[str, str] | None = None) -> Chat:
        """Send an action as it stands, as a crafted click would."""
        key = f"k{next(self._keys)}"
        self.answer = self.service.respond(
            Request(self.user, self.origin, action, self.now(), key, inputs or {}, access=self.access)
        )
        return self

    @property
    def reply(self) -> Reply:
        """The last answer, which must be a reply."""
        assert isinstance(self.answer, Reply), f"not a reply: {self.answer}"
        return self.answer

    @property
    def form(self) -> Form:
        """The last answer, which must be a form."""
        assert isinstance(self.answer, Form), f"not a form: {self.answer}"
        return self.answer

    @property
    def text(self) -> str:
        """The last reply as plain text."""
        return plain(self.reply)

    @property
    def labels(self) -> list[str]:
        """What can be pressed or picked in the last reply."""
        return [press.label for press in presses(self.reply.blocks)]
