from __future__ import annotations

from pathlib import Path

import pytest

from tests.library import small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small content folder that reads."""
    return small.write(tmp_path / "content")
