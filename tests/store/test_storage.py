"""Nothing is opened before it is needed, and every process finds the same key."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError, StoreUnavailableError
from bot.service import ContentSnapshot
from bot.store.database import DATABASE_FILE_NAME as DATABASE
from bot.store.key_ring import KEY_FILE_NAME, build_key_ring
from bot.store.storage import Storage
from tests.chat import Chat, build_service_from

CREATE_KEY_SCRIPT = """
import sys
from pathlib import Path
from bot.store.storage import Storage
print(Storage(Path(sys.argv[1]), None, ()).load_keys().root_keys[0].hex())
"""
SAY_SCRIPT = """
import sys
from bot.cli import main
assert main(["say", "should I do a phd?"]) == 0
assert not {"sqlalchemy", "alembic", "psycopg", "cryptography"} & set(sys.modules)
"""


def test_an_answer_that_needs_no_rows_imports_and_creates_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAY_SCRIPT],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_at_once_share_one_key_that_only_the_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CREATE_KEY_SCRIPT, str(folder)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert len({process.communicate(timeout=30)[0] for process in started}) == 1
    assert [file.name for file in folder.iterdir()] == [KEY_FILE_NAME]
    assert stat.S_IMODE((folder / KEY_FILE_NAME).stat().st_mode) == 0o600


def test_key_file_is_next_to_a_database_outside_the_data_dir(tmp_path: Path) -> None:
    _ = Storage(tmp_path / "data", f"sqlite:///{tmp_path}/there/bot.db", ()).load_keys()
    assert (tmp_path / "there" / KEY_FILE_NAME).is_file()
    assert not (tmp_path / "data").exists()


def test_a_shared_database_asks_for_a_key() -> None:
    with pytest.raises(SettingsError, match="CAREER_BOT_SECRET_KEYS"):
        Storage(Path(), "postgresql://localhost/bot", ())
    assert len(Storage(Path(), "postgresql://localhost/bot", ("new", "old")).load_keys().root_keys) == 2


def test_a_key_serves_one_purpose() -> None:
    ring = build_key_ring(("new", "old"))
    assert ring.derive_keys("quiz") != ring.derive_keys("gaps")
    assert ring.derive_keys("quiz")[1] == build_key_ring(("old",)).derive_keys("quiz")[0]
    assert "new" not in repr(ring)
    assert ring.root_keys[0].hex() not in repr(ring)


def test_a_database_that_cannot_be_reached_is_tried_again(tmp_path: Path) -> None:
    home = Storage(tmp_path, f"postgresql:///bot?host={tmp_path}", ("secret",))
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            _ = home.open_store()


def test_a_damaged_file_is_a_database_that_is_away(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database at all " * 1_000)
    with pytest.raises(StoreUnavailableError, match="not a database"):
        _ = Storage(tmp_path, None, ("secret",)).open_store()
    assert "PhD" in Chat(build_service_from(snapshot, tmp_path, None)).send_line("card phd-or-not").text


def test_what_needs_no_rows_answers_without_a_database(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    service = build_service_from(snapshot, tmp_path, f"postgresql:///bot?host={tmp_path}")
    assert "PhD" in Chat(service).send_line("card phd-or-not").text
