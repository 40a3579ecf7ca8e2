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

from bot.errors import SettingsError, StoreAway
from bot.store.turn import Turn
from tests.databases import Server

DEADLINE = 20.0  # seconds on a busy machine
HOUR = 3_600.0  # a lease that no test lives to see the end of
HOLDER = """
import sys, time
from pathlib import Path
from bot.store.turn import Turn
turn = Turn(Path(), sys.argv[1], "gateway", lease=float(sys.argv[2]))
while True:
    print(turn.hold(), flush=True)
    time.sleep(0.1)
"""


@pytest.fixture
def turn(database_url: str) -> Iterator[Callable[..., Turn]]:
    """Turns of as many processes as a test wants."""
    made: list[Turn] = []

    def new(purpose: str = "gateway", lease: float = HOUR) -> Turn:
        made.append(Turn(Path(), database_url, purpose, lease))
        return made[-1]

    yield new
    for one in made:
        one.release()


@contextmanager
def holder(database_url: str, lease: float) -> Iterator[subprocess.Popen[str]]:
    """A process that has the turn and asks every tenth of a second."""
    command = [sys.executable, "-c", HOLDER, database_url, str(lease)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert said(process) == "True"
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def until_held(turn: Turn) -> None:
    """Ask again and again, as a process that stands by does."""
    begun = time.monotonic()
    while not turn.hold():
        assert time.monotonic() - begun < DEADLINE, "it never became free"
        time.sleep(0.02)


def test_one_at_a_time_has_it_and_hands_it_over(turn: Callable[..., Turn]) -> None:
    first, second = turn(), turn()
    assert [first.hold(), second.hold(), first.hold(), second.hold()] == [True, False, True, False]
    assert turn("the gateway of another token").hold()
    first.release()
    until_held(second)
    assert not first.hold()


def test_a_process_that_is_killed_loses_it_at_once(turn: Callable[..., Turn], database_url: str) -> None:
    with holder(database_url, HOUR) as process:
        mine = turn()
        assert not mine.hold()
        process.send_signal(signal.SIGKILL)
        until_held(mine)


def test_a_process_that_hangs_loses_it_with_its_lease_and_is_told(postgresql: Server) -> None:
    url = postgresql.new_database()
    mine = Turn(Path(), url, "gateway", lease=HOUR)
    with holder(url, lease=0.5) as process:
        for _ in range(12):  # for longer than the lease: who asks in time keeps it
            assert said(process) == "True"
            assert not mine.hold()
        process.send_signal(signal.SIGSTOP)
        until_held(mine)
        process.send_signal(signal.SIGCONT)
        while said(process) == "True":
            pass  # what it had said before
        assert mine.hold()
    mine.release()


def test_a_frozen_database_is_given_up_and_the_turn_is_where_it_was(postgresql: Server) -> None:
    url = postgresql.new_database()
    first, second = (Turn(Path(), url, "gateway", HOUR) for _ in range(2))
    assert first.hold()
    postgresql.freeze()
    try:
        for turn in (first, second):
            with pytest.raises(StoreAway):
                turn.hold()
    finally:
        postgresql.thaw()
    until_held(first)  # the session that hung up may take a moment to end
    assert not second.hold()
    first.release()
    second.release()


def test_a_database_that_started_anew_gives_it_to_who_comes_first(postgresql: Server) -> None:
    url = postgresql.new_database()
    first, second = (Turn(Path(), url, "gateway", HOUR) for _ in range(2))
    for winner, loser in ((first, second), (second, first)):
        _end_all_sessions(url)
        assert winner.hold()
        assert not loser.hold()
    first.release()
    second.release()


def _end_all_sessions(url: str) -> None:
    libpq = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(libpq, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_lock_file_that_was_tidied_away_is_taken_anew_by_one(tmp_path: Path) -> None:
    first, second = (Turn(tmp_path, None, "gateway") for _ in range(2))
    assert first.hold()
    (lock,) = tmp_path.iterdir()
    lock.unlink()
    assert second.hold()
    assert not first.hold()
    second.release()
    assert first.hold()
    first.release()


def test_without_a_database_nobody_can_tell(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for url in (f"postgresql:///bot?host={tmp_path}", f"sqlite:///{tmp_path}/file/bot.db"):
        with pytest.raises(StoreAway):
            Turn(tmp_path, url, "gateway").hold()
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        Turn(tmp_path, "nonsense", "gateway").hold()
