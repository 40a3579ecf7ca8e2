"""`career-bot gaps`: what found no answer, and how to begin a card for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.store.community import Community
from bot.store.home import Home

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_gaps_are_listed_by_community_with_the_card_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAREER_BOT_DATA", str(tmp_path))
    assert main(["gaps"]) == 0
    assert "nothing" in capsys.readouterr().out
    home = Home(tmp_path, None, ())
    for number in range(5):
        home.store.gaps.missed(Community("slack", "T1"), f"U{number}", {"visa", "sponsor"}, NOW)
    home.close()
    assert main(["gaps"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "slack T1",
        "  5 people: sponsor, visa",
        "    career-bot new card sponsor-visa",
    ]
