"""The store: one repository for each thing that is stored."""

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
    """The database of one bot. All methods block, and raise `StoreUnavailableError` when it does not answer.

    Attributes:
        votes: whether cards helped.
        unanswered_terms: the terms of unanswered questions.
        personal_data: what is stored about one person.
        subscriptions: who gets tips.
        deliveries: the outbox of tips.
        notifications: the outbox of notifications.
        operator_report: tips of all tenants, for the operator.
    """

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        pseudonymizer = Pseudonymizer(key_ring)
        self._database = database
        self._processed_messages = ProcessedMessages(database)
        self.votes = Votes(database, pseudonymizer)
        self.unanswered_terms = UnansweredTerms(database, pseudonymizer)
        self.personal_data = PersonalData(database, pseudonymizer)
        self.subscriptions = Subscriptions(database)
        self.notifications = NotificationQueue(database)
        self.deliveries = DeliveryQueue(database, self.notifications)
        self.operator_report = OperatorReport(database)

    @classmethod
    def open(cls, data_dir: Path, database_url: str | None, key_ring: KeyRing) -> Store:
        """Connect and bring the tables up to date.

        Raises:
            StoreUnavailableError: when the database does not answer.
            SettingsError: when the address names no database that the bot can use.
        """
        url = build_database_url(data_dir, database_url)
        if url.get_backend_name() == "sqlite":
            directory = Path(url.database or "").parent
            try:
                directory.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SettingsError(
                    f"CAREER_BOT_DATA_DIR: cannot make the folder {directory} ({error.strerror})",
                    "choose a folder that this program may write",
                ) from error
        migrate(url)
        return cls(Database(url), key_ring)

    def check_and_mark_processed(self, platform: str, workspace: str, key: str, now: datetime) -> bool:
        """Return whether this message was seen in the last 24 hours, and mark it as seen."""
        return self._processed_messages.check_and_mark_processed(platform, workspace, key, now)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()
