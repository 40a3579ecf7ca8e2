"""A store on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.keys import ring_of
from bot.store.store import Store

RING = ring_of(("a secret of the tests",))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(Store.open(Path(), database_url, RING)) as store:
        yield store
