"""What the proofs of tips set up in a database, and read there and in the log of a counting platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import select

from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.store.database import Database, build_database_url
from bot.store.key_ring import build_key_ring
from bot.store.store import Store
from bot.store.tables import TIP_DELIVERIES, TIP_NOTIFICATIONS

SECRET = "a secret of the tests"


def create_subscriptions(url: str, scheduled_times: Sequence[datetime], workspaces: int = 5) -> None:
    """A channel for each slot: C0, C1 …, shared out among workspaces, each of which sends by itself."""
    with closing(Store.open(Path(), url, build_key_ring((SECRET,)))) as store:
        for number, slot in enumerate(scheduled_times):
            here = Tenant("slack", f"T{number % workspaces}")
            since = date(2026, 1, 1)
            row = Subscription(
                here, f"C{number}", False, "U", Schedule("daily", time(9), "UTC", since), (), slot
            )
            store.subscriptions.save(row, slot)


def load_states(url: str, scheduled_times: Mapping[str, datetime]) -> dict[str, str]:
    """What the rows say of a slot of each channel."""
    wanted = select(TIP_DELIVERIES).where(TIP_DELIVERIES.c.scheduled_at.in_(set(scheduled_times.values())))
    with closing(Database(build_database_url(Path(), url))) as database, database.read() as connection:
        found = {(row.channel, row.scheduled_at): row.state for row in connection.execute(wanted)}
    return {channel: found.get((channel, slot), "no row") for channel, slot in scheduled_times.items()}


def load_notified_channels(url: str, scheduled_at: datetime) -> set[str]:
    """The channels whose owners were told that a slot is in doubt, or may have been."""
    wanted = select(TIP_NOTIFICATIONS.c.channel).where(
        TIP_NOTIFICATIONS.c.kind == "unknown",
        TIP_NOTIFICATIONS.c.scheduled_at == scheduled_at,
        TIP_NOTIFICATIONS.c.state.in_(("sent", "unknown")),
    )
    with closing(Database(build_database_url(Path(), url))) as database, database.read() as connection:
        return set(connection.scalars(wanted))


def format_tip_key(channel: str, scheduled_at: datetime) -> str:
    """A tip, as the logs name it."""
    return f"{channel}@{scheduled_at.timestamp():.3f}"


def read_log_values(log: Path, prefix: str) -> list[str]:
    """What stands this reference: a word."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [line.partition(" ")[2] for line in lines if line.startswith(prefix)]
