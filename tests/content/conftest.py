from __future__ import annotations

from pathlib import Path

import pytest

from tests.content import sample_content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small content folder that reads."""
    return sample_content.write_content(tmp_path / "content")
