"""Nothing is opened before it is needed, and every process finds the same key."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError, StoreAway
from bot.service import Edition
from bot.store.database import FILE as DATABASE
from bot.store.home import Home
from bot.store.keys import FILE, ring_of
from tests.chat import Chat, service_over

MAKE = """
import sys
from pathlib import Path
from bot.store.home import Home
print(Home(Path(sys.argv[1]), None, ()).keys.roots[0].hex())
"""
SAY = """
import sys
from bot.cli import main
assert main(["say", "should I do a phd?"]) == 0
assert not {"sqlalchemy", "alembic", "psycopg", "cryptography"} & set(sys.modules)
"""


def test_an_answer_that_needs_no_rows_imports_and_creates_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAY], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_at_once_share_one_key_that_only_the_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    started = [
        subprocess.Popen([sys.executable, "-c", MAKE, str(folder)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert len({process.communicate(timeout=30)[0] for process in started}) == 1
    assert [file.name for file in folder.iterdir()] == [FILE]
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_the_key_lies_beside_a_database_that_lies_elsewhere(tmp_path: Path) -> None:
    _ = Home(tmp_path / "data", f"sqlite:///{tmp_path}/there/bot.db", ()).keys
    assert (tmp_path / "there" / FILE).is_file()
    assert not (tmp_path / "data").exists()


def test_a_shared_database_asks_for_a_key() -> None:
    with pytest.raises(SettingsError, match="CAREER_BOT_SECRET"):
        Home(Path(), "postgresql://localhost/bot", ())
    assert len(Home(Path(), "postgresql://localhost/bot", ("new", "old")).keys.roots) == 2


def test_a_key_serves_one_purpose() -> None:
    ring = ring_of(("new", "old"))
    assert ring.derived("quiz") != ring.derived("gaps")
    assert ring.derived("quiz")[1] == ring_of(("old",)).derived("quiz")[0]
    assert "new" not in repr(ring)
    assert ring.roots[0].hex() not in repr(ring)


def test_a_database_that_cannot_be_reached_is_tried_again(tmp_path: Path) -> None:
    home = Home(tmp_path, f"postgresql:///bot?host={tmp_path}", ("secret",))
    for _ in range(2):
        with pytest.raises(StoreAway):
            _ = home.store


def test_a_damaged_file_is_a_database_that_is_away(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database at all " * 1_000)
    with pytest.raises(StoreAway, match="not a database"):
        _ = Home(tmp_path, None, ("secret",)).store
    assert "doctorate" in Chat(service_over(edition, tmp_path, None)).say("card phd-or-not").text


def test_what_needs_no_rows_answers_without_a_database(edition: Edition, tmp_path: Path) -> None:
    service = service_over(edition, tmp_path, f"postgresql:///bot?host={tmp_path}")
    assert "doctorate" in Chat(service).say("card phd-or-not").text
