"""What the proofs of tips set up in a database, and read there and in the log of a counting platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from bot.store.community import Community
from bot.store.database import Database, address
from bot.store.keys import ring_of
from bot.store.store import Store
from bot.store.tables import TIP_DELIVERIES, TIP_WORDS
from bot.store.tips import Subscription

SECRET = "a secret of the tests"


def set_up(url: str, slots: Sequence[datetime], workspaces: int = 5) -> None:
    """A channel for each slot: C0, C1 …, shared out among workspaces, each of which sends by itself."""
    with closing(Store.open(Path(), url, ring_of((SECRET,)))) as store:
        for number, slot in enumerate(slots):
            here = Community("slack", f"T{number % workspaces}")
            since = date(2026, 1, 1)
            row = Subscription(here, f"C{number}", False, "U", "daily", "09:00", "UTC", since, (), slot)
            store.subscriptions.put(row, slot)


def states_at(url: str, slots: Mapping[str, datetime]) -> dict[str, str]:
    """What the rows say of a slot of each channel."""
    wanted = select(TIP_DELIVERIES).where(TIP_DELIVERIES.c.slot.in_(set(slots.values())))
    with closing(Database(address(Path(), url))) as database, database.read() as connection:
        found = {(row.channel, row.slot): row.state for row in connection.execute(wanted)}
    return {channel: found.get((channel, slot), "no row") for channel, slot in slots.items()}


def told_of(url: str, slot: datetime) -> set[str]:
    """The channels whose owners were told that a slot is in doubt, or may have been."""
    wanted = select(TIP_WORDS.c.channel).where(
        TIP_WORDS.c.kind == "unknown", TIP_WORDS.c.slot == slot, TIP_WORDS.c.state.in_(("sent", "unknown"))
    )
    with closing(Database(address(Path(), url))) as database, database.read() as connection:
        return set(connection.scalars(wanted))


def tip_of(channel: str, slot: datetime) -> str:
    """A tip, as the logs name it."""
    return f"{channel}@{slot.timestamp():.3f}"


def noted(log: Path, what: str) -> list[str]:
    """What stands in the log under a word."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [line.partition(" ")[2] for line in lines if line.startswith(what)]
