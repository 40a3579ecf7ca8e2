"""Migrations: bring the tables up to date in one transaction that other starting processes wait for."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import URL

from bot import timing
from bot.errors import SettingsError
from bot.store.database import Database

_SCRIPTS_DIR = Path(__file__).parent / "migrations"
# Alembic keeps its state at module level, so two threads of one process must not run it at once.
_THREAD_LOCK = Lock()
_ADVISORY_LOCK_ID = 0x6361_7265_6572  # "career": any number that no other program on the database would lock


def migrate(url: URL) -> None:
    """Run the migrations that are missing; a crash leaves the tables as they were.

    Raises:
        SettingsError: when the database is from a newer version of this program.
        StoreUnavailableError: when the database does not answer.
    """
    database = Database(url, timeout=timing.MIGRATION_TIMEOUT)
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS_DIR).replace("%", "%%"))
    try:
        with _THREAD_LOCK, database.write() as connection:
            if not database.is_sqlite:  # on SQLite BEGIN IMMEDIATE is the lock
                pg_connection: Any = connection.connection.driver_connection
                pg_connection.response_timeout = timing.MIGRATION_TIMEOUT + 1
                connection.execute(text(f"SET LOCAL statement_timeout = '{timing.MIGRATION_TIMEOUT:.0f}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK_ID})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsError(
            f"DATABASE_URL: the database was written by a newer career-bot ({error})", "update this one"
        ) from error
    finally:
        database.close()
