"""Everything that is remembered, by what it is about."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.errors import SettingsError
from bot.store.database import Database, build_database_url
from bot.store.delivery_queue import DeliveryQueue
from bot.store.key_ring import KeyRing
from bot.store.migrate import migrate
from bot.store.notification_queue import NotificationQueue
from bot.store.operator_report import OperatorReport
from bot.store.personal_data import PersonalData
from bot.store.processed_messages import ProcessedMessages
from bot.store.pseudonyms import Pseudonymizer
from bot.store.subscriptions import Subscriptions
from bot.store.unanswered_terms import UnansweredTerms
from bot.store.votes import Votes


class Store:
    """The database of one bot. All methods are synchronous and raise `StoreAway` when it does not answer.

    Attributes:
        votes: whether cards helped.
        gaps: what people asked in vain.
        people: what is kept about one person, wherever it stands.
        subscriptions: who gets tips.
        deliveries: tips that are due, and what became of them.
        words: what people have to know of their tips.
        overview: tips of all communities, for whoever runs the bot.
    """

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        masks = Pseudonymizer(key_ring)
        self._database = database
        self._processed_messages = ProcessedMessages(database)
        self.votes = Votes(database, masks)
        self.unanswered_terms = UnansweredTerms(database, masks)
        self.personal_data = PersonalData(database, masks)
        self.subscriptions = Subscriptions(database)
        self.notifications = NotificationQueue(database)
        self.deliveries = DeliveryQueue(database, self.notifications)
        self.operator_report = OperatorReport(database)

    @classmethod
    def open(cls, data_dir: Path, database_url: str | None, key_ring: KeyRing) -> Store:
        """Connect and bring the tables up to date.

        Raises:
            StoreAway: when the database does not answer.
            SettingsError: when the address names no database that this bot can use.
        """
        url = build_database_url(data_dir, database_url)
        if url.get_backend_name() == "sqlite":
            folder = Path(url.database or "").parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SettingsError(
                    f"CAREER_BOT_DATA_DIR: cannot make the folder {folder} ({error.strerror})",
                    "choose a folder that this program may write",
                ) from error
        migrate(url)
        return cls(Database(url), key_ring)

    def check_and_mark_processed(self, platform: str, workspace: str, key: str, now: datetime) -> bool:
        """Whether this message came before in the last 24 hours; from now on it has."""
        return self._processed_messages.check_and_mark_processed(platform, workspace, key, now)

    def close(self) -> None:
        """Let go of the connections."""
        self._database.close()
