"""Everything that is remembered, by what it is about."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.errors import SettingsError
from bot.store.database import Database, address
from bot.store.deliveries import Deliveries
from bot.store.gaps import Gaps
from bot.store.keys import Ring
from bot.store.masks import Masks
from bot.store.migrate import migrate
from bot.store.overview import Overview
from bot.store.people import People
from bot.store.seen import SeenMessages
from bot.store.subscriptions import Subscriptions
from bot.store.votes import Votes
from bot.store.words import Words


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

    def __init__(self, database: Database, ring: Ring) -> None:
        masks = Masks(ring)
        self._database = database
        self._seen = SeenMessages(database)
        self.votes = Votes(database, masks)
        self.gaps = Gaps(database, masks)
        self.people = People(database, masks)
        self.subscriptions = Subscriptions(database)
        self.words = Words(database)
        self.deliveries = Deliveries(database, self.words)
        self.overview = Overview(database)

    @classmethod
    def open(cls, data: Path, database_url: str | None, ring: Ring) -> Store:
        """Connect and bring the tables up to date.

        Raises:
            StoreAway: when the database does not answer.
            SettingsError: when the address names no database that this bot can use.
        """
        url = address(data, database_url)
        if url.get_backend_name() == "sqlite":
            folder = Path(url.database or "").parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SettingsError(
                    f"CAREER_BOT_DATA: cannot make the folder {folder} ({error.strerror})"
                ) from error
        migrate(url)
        return cls(Database(url), ring)

    def seen(self, platform: str, workspace: str, key: str, now: datetime) -> bool:
        """Whether this message came before in the last 24 hours; from now on it has."""
        return self._seen.seen(platform, workspace, key, now)

    def close(self) -> None:
        """Let go of the connections."""
        self._database.close()
