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
from bot.content.loader import load_content
from bot.domain.search import ModelSize, SearchIndex, ShippedModel, find_model_dir
from bot.messaging.action import Action
from bot.messaging.channel_access import ChannelAccess
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Form, Reply, iter_controls
from bot.messaging.request import TYPED_LINE, Origin, Request, User
from bot.service import ContentSnapshot, Service
from bot.settings import Settings
from bot.store.storage import Storage

CONTENT = Path(__file__).parent.parent / "content"
DEFAULT_MODEL_SIZE = ModelSize(Settings.model_fields["semantic_search"].default.value)
ANN = User("U1", "Ann", is_admin=False)
CHANNEL = Origin("test", "W1", "C1")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def load_snapshot(content: Path = CONTENT) -> ContentSnapshot:
    """One reading of a content folder, searched as it ships."""
    library = load_content(content)
    return ContentSnapshot(library, SearchIndex(library, load_search_model()))


@cache
def load_search_model(size: ModelSize = DEFAULT_MODEL_SIZE) -> ShippedModel:
    """A search model, loaded once for all tests."""
    return ShippedModel(find_model_dir(size))


def build_service(content: Path = CONTENT) -> Service:
    """The bot over a content folder; its database, should it need one, lies aside."""
    return build_service_from(load_snapshot(content), Path(gettempdir()) / f"career-bot-tests-{getpid()}")


def build_service_from(snapshot: ContentSnapshot, data_dir: Path, database_url: str | None = None) -> Service:
    """The bot over an edition, with a database of its own."""
    home = Storage(data_dir, database_url, ("a secret of the tests",))
    return Service(lambda: snapshot, COMMANDS, "/career", home)


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
    channel_access: ChannelAccess | None = None
    _request_ids: count[int] = field(default_factory=count)

    def send_line(self, line: str) -> Chat:
        """Type a line."""
        return self.send_action(Action(TYPED_LINE), {TYPED_LINE: line})

    def press(self, label: str) -> Chat:
        """Press the button, or pick the menu's line, that reads so or begins so."""
        found = [press for press in iter_controls(self.reply.blocks) if press.label == label] or [
            press for press in iter_controls(self.reply.blocks) if press.label.startswith(label)
        ]
        assert found, f"nothing reads {label!r}; there is {self.labels}"
        return self.send_action(found[0].action)

    def submit(self, **inputs: str) -> Chat:
        """Fill in the form; what is not given is as it stood."""
        form = self.answer
        assert isinstance(form, Form), f"no form, but: {self.text}"
        assert set(inputs) <= {one.name for one in form.fields}, (
            f"the form has {[f.name for f in form.fields]}"
        )
        return self.send_action(
            form.submit_action, {one.name: inputs.get(one.name, one.initial) for one in form.fields}
        )

    def send_action(self, action: Action, inputs: Mapping[str, str] | None = None) -> Chat:
        """Send an action as it stands, as a crafted click would."""
        key = f"k{next(self._request_ids)}"
        self.answer = self.service.respond(
            Request(
                self.user,
                self.origin,
                action,
                self.now(),
                key,
                inputs or {},
                channel_access=self.channel_access,
            )
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
        return render_plain(self.reply)

    @property
    def labels(self) -> list[str]:
        """What can be pressed or picked in the last reply."""
        return [press.label for press in iter_controls(self.reply.blocks)]
