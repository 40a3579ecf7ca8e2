"""`career-bot gaps`: what found no answer, and how to begin a card for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.tenant import Tenant
from bot.store.storage import Storage

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_unanswered_questions_are_listed_by_tenant_with_a_card_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAREER_BOT_DATA_DIR", str(tmp_path))
    assert main(["gaps"]) == 0
    assert "no unanswered questions" in capsys.readouterr().out
    home = Storage(tmp_path, None, ())
    for number in range(5):
        home.open_store().unanswered_terms.record_unanswered(
            Tenant("slack", "T1"), f"U{number}", {"visa", "sponsor"}, NOW
        )
    home.close()
    assert main(["gaps"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "slack T1",
        "  5 people: sponsor, visa",
        "    career-bot new card sponsor-visa",
    ]
