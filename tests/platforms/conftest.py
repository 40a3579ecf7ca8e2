"""What the tests of every platform share."""

from __future__ import annotations

import pytest

from bot.service import ContentSnapshot


@pytest.fixture(scope="session", autouse=True)
def warm_search(snapshot: ContentSnapshot) -> None:
    """Build the search index before the first question, which would take longer than a request may."""
    snapshot.search.warm_up()
