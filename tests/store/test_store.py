"""The store on both databases: opened at once by several, asked at once by many, away and back."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.errors import SettingsError, StoreUnavailableError
from bot.store.database import Database, build_database_url
from bot.store.store import Store
from bot.store.tables import METADATA
from tests.postgres import PostgresServer
from tests.store.conftest import KEY_RING

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OPEN_SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.store.key_ring import build_key_ring
from bot.store.store import Store
store = Store.open(Path(), sys.argv[1], build_key_ring(("k",)))
print(store.check_and_mark_processed("slack", "T1", "C1-1", datetime.now(UTC)))
"""


def test_three_processes_that_start_at_once_all_come_up_and_one_is_first(database_url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN_SCRIPT, database_url], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = sorted(process.communicate(timeout=30)[0].strip() for process in started)
    assert [process.returncode for process in started] == [0, 0, 0]
    assert said == ["False", "True", "True"]


def test_the_migrations_make_the_tables_that_the_code_speaks_of(store: Store, database_url: str) -> None:
    database = Database(build_database_url(Path(), database_url))
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_every_row_is_keyed_by_platform_and_workspace() -> None:
    for table in METADATA.tables.values():
        assert {"platform", "workspace"} <= {column.name for column in table.columns}, table.name
        assert not any(table.c[name].nullable for name in ("platform", "workspace")), table.name


def test_message_is_new_once_a_day_per_tenant(store: Store) -> None:
    assert not store.check_and_mark_processed("slack", "T1", "C1-1", NOW)
    assert store.check_and_mark_processed("slack", "T1", "C1-1", NOW + timedelta(hours=23))
    assert not store.check_and_mark_processed("slack", "T2", "C1-1", NOW)
    assert not store.check_and_mark_processed("discord", "T1", "C1-1", NOW)
    assert not store.check_and_mark_processed("slack", "T1", "C1-1", NOW + timedelta(hours=25))


def test_of_many_who_ask_at_once_one_is_first(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            said = list(
                pool.map(
                    lambda _, n=number: store.check_and_mark_processed("slack", "T1", f"C1-{n}", NOW),
                    range(8),
                )
            )
            assert sorted(said) == [False] + [True] * 7


def test_old_messages_are_swept(store: Store, database_url: str) -> None:
    for hour in range(0, 100, 10):
        store.check_and_mark_processed("slack", "T1", f"C1-{hour}", NOW + timedelta(hours=hour))
    database = Database(build_database_url(Path(), database_url))
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM processed_messages")) == 3
    database.close()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    database = Database(build_database_url(tmp_path, None), timeout=0.2)
    with database.write() as writing, database.read() as reading:
        writing.execute(text("CREATE TABLE held (at INTEGER)"))
        assert reading.scalar(text("SELECT count(*) FROM sqlite_master")) == 0
        with pytest.raises(StoreUnavailableError), database.write():
            pass
    database.close()


def test_a_database_that_hangs_is_given_up_in_time_and_taken_up_again(
    postgresql: PostgresServer, tmp_path: Path
) -> None:
    url = postgresql.new_database()
    Store.open(tmp_path, url, KEY_RING).close()
    postgresql.freeze()
    try:
        with pytest.raises(StoreUnavailableError):
            Store.open(tmp_path, url, KEY_RING)
    finally:
        postgresql.thaw()
    with closing(Store.open(tmp_path, url, KEY_RING)) as store:
        assert not store.check_and_mark_processed("slack", "T1", "C1-1", NOW)


def test_newer_database_is_refused_with_a_fix(store: Store, database_url: str, tmp_path: Path) -> None:
    database = Database(build_database_url(tmp_path, database_url))
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(SettingsError, match="newer career-bot"):
        Store.open(tmp_path, database_url, KEY_RING)


@pytest.mark.parametrize(
    "wrong",
    ["sqlite://", "sqlite:///:memory:", "mysql://u:p@host/name", "nonsense", "postgresql+asyncpg://h/n"],
)
def test_an_address_that_cannot_be_used_is_named(wrong: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL") as told:
        build_database_url(Path(), wrong)
    assert "u:p" not in str(told.value)


def test_two_stores_of_one_process_open_side_by_side(tmp_path: Path) -> None:
    """Alembic works at its own module level: without taking turns this crashes the whole process."""
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda n: Store.open(tmp_path / str(n), None, KEY_RING), range(8)))
    for store in stores:
        assert not store.check_and_mark_processed("slack", "T1", "C1.1", NOW)
        store.close()


def test_a_statement_that_a_frozen_server_took_is_given_up_and_the_next_one_is_answered(
    postgresql: PostgresServer, tmp_path: Path
) -> None:
    """A thread that waited for ever would keep the process from ending."""
    with closing(Store.open(tmp_path, postgresql.new_database(), KEY_RING)) as store:
        assert not store.check_and_mark_processed("slack", "T1", "C1-1", NOW)  # a connection lies in the pool
        postgresql.freeze()
        try:
            with pytest.raises(StoreUnavailableError):
                store.check_and_mark_processed("slack", "T1", "C1-2", NOW)
        finally:
            postgresql.thaw()
        assert store.check_and_mark_processed("slack", "T1", "C1-1", NOW)
