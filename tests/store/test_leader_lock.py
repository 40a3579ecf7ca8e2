"""Whose turn it is, on both databases: one at a time, whatever happens to the one that has it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.errors import SettingsError, StoreUnavailableError
from bot.store.leader_lock import LeaderLock
from tests.postgres import PostgresServer

DEADLINE = 20.0  # seconds on a busy machine
HOUR = 3_600.0  # a lease that no test lives to see the end of
HOLDER_SCRIPT = """
import sys, time
from pathlib import Path
from bot.store.leader_lock import LeaderLock
lock = LeaderLock(Path(), sys.argv[1], "gateway", lease=float(sys.argv[2]))
while True:
    print(lock.acquire_or_renew(), flush=True)
    time.sleep(0.1)
"""


@pytest.fixture
def create_lock(database_url: str) -> Iterator[Callable[..., LeaderLock]]:
    """Turns of as many processes as a test wants."""
    made: list[LeaderLock] = []

    def new(purpose: str = "gateway", lease: float = HOUR) -> LeaderLock:
        made.append(LeaderLock(Path(), database_url, purpose, lease))
        return made[-1]

    yield new
    for one in made:
        one.release()


@contextmanager
def run_holder(database_url: str, lease: float) -> Iterator[subprocess.Popen[str]]:
    """A process that has the turn and asks every tenth of a second."""
    command = [sys.executable, "-c", HOLDER_SCRIPT, database_url, str(lease)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert read_line(process) == "True"
            yield process
        finally:
            process.kill()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def acquire_with_retries(lock: LeaderLock) -> None:
    """Ask again and again, as a process that stands by does."""
    begun = time.monotonic()
    while not lock.acquire_or_renew():
        assert time.monotonic() - begun < DEADLINE, "it never became free"
        time.sleep(0.02)


def test_one_process_holds_the_lock_and_releases_it(create_lock: Callable[..., LeaderLock]) -> None:
    first, second = create_lock(), create_lock()
    assert [
        first.acquire_or_renew(),
        second.acquire_or_renew(),
        first.acquire_or_renew(),
        second.acquire_or_renew(),
    ] == [True, False, True, False]
    assert create_lock("the gateway of another token").acquire_or_renew()
    first.release()
    acquire_with_retries(second)
    assert not first.acquire_or_renew()


def test_killed_process_loses_the_lock_at_once(
    create_lock: Callable[..., LeaderLock], database_url: str
) -> None:
    with run_holder(database_url, HOUR) as process:
        mine = create_lock()
        assert not mine.acquire_or_renew()
        process.send_signal(signal.SIGKILL)
        acquire_with_retries(mine)


@pytest.mark.slow
def test_hung_process_loses_the_lock_after_its_lease(postgresql: PostgresServer) -> None:
    url = postgresql.new_database()
    mine = LeaderLock(Path(), url, "gateway", lease=HOUR)
    with run_holder(url, lease=0.5) as process:
        for _ in range(12):  # for longer than the lease: who asks in time keeps it
            assert read_line(process) == "True"
            assert not mine.acquire_or_renew()
        process.send_signal(signal.SIGSTOP)
        acquire_with_retries(mine)
        process.send_signal(signal.SIGCONT)
        while read_line(process) == "True":
            pass  # what it had said before
        assert mine.acquire_or_renew()
    mine.release()


@pytest.mark.slow
def test_frozen_database_times_out_and_keeps_the_lock(postgresql: PostgresServer) -> None:
    url = postgresql.new_database()
    first, second = (LeaderLock(Path(), url, "gateway", HOUR) for _ in range(2))
    assert first.acquire_or_renew()
    postgresql.freeze()
    try:
        for turn in (first, second):
            with pytest.raises(StoreUnavailableError):
                turn.acquire_or_renew()
    finally:
        postgresql.thaw()
    acquire_with_retries(first)  # the session that hung up may take a moment to end
    assert not second.acquire_or_renew()
    first.release()
    second.release()


def test_restarted_database_gives_the_lock_to_the_first_process(postgresql: PostgresServer) -> None:
    url = postgresql.new_database()
    first, second = (LeaderLock(Path(), url, "gateway", HOUR) for _ in range(2))
    for winner, loser in ((first, second), (second, first)):
        _terminate_connections(url)
        assert winner.acquire_or_renew()
        assert not loser.acquire_or_renew()
    first.release()
    second.release()


def _terminate_connections(url: str) -> None:
    libpq = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(libpq, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_deleted_lock_file_is_reacquired_by_one_process(tmp_path: Path) -> None:
    first, second = (LeaderLock(tmp_path, None, "gateway") for _ in range(2))
    assert first.acquire_or_renew()
    (lock,) = tmp_path.iterdir()
    lock.unlink()
    assert second.acquire_or_renew()
    assert not first.acquire_or_renew()
    second.release()
    assert first.acquire_or_renew()
    first.release()


def test_lock_state_is_unknown_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for url in (f"postgresql:///bot?host={tmp_path}", f"sqlite:///{tmp_path}/file/bot.db"):
        with pytest.raises(StoreUnavailableError):
            LeaderLock(tmp_path, url, "gateway").acquire_or_renew()
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        LeaderLock(tmp_path, "nonsense", "gateway").acquire_or_renew()
