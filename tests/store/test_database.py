"""Connections of a database that is closed while a thread still uses one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.database import Database, build_database_url


def test_a_connection_that_comes_back_after_the_close_is_closed(database_url: str) -> None:
    """Python 3.13 warns of each that is only dropped."""
    with (
        closing(Database(build_database_url(Path(), database_url))) as database,
        database.read() as connection,
    ):
        driver_connection = connection.connection.driver_connection
        assert driver_connection is not None
        database.close()
        assert connection.execute(text("SELECT 1")).scalar() == 1
    with pytest.raises(Exception, match="closed"):
        driver_connection.execute("SELECT 1")
