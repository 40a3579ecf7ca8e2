"""A store on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.key_ring import build_key_ring
from bot.store.store import Store

KEY_RING = build_key_ring(("a secret of the tests",))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(Store.open(Path(), database_url, KEY_RING)) as store:
        yield store
