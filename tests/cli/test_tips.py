"""`career-bot tips simulate`: what would be posted when, through both clock changes, restarts or not."""

from __future__ import annotations

import pytest

from bot.cli import main


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["tips", "simulate", "--start", "2026-09-01", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_half_a_year_of_tuesdays_at_nine(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _printed(capsys, "--weeks", "26", "--zone", "Europe/Berlin")
    posts = [line for line in lines if line.startswith("Tue")]
    assert len(posts) == 26
    assert all(" 09:00 " in line for line in posts)
    assert {line.split()[3] for line in posts} == {"+0200", "+0100"}
    assert "Europe/Berlin: 26 posts in 26 weeks" in lines
    assert len({line.partition("  ")[2] for line in posts}) == 26


def test_a_restart_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    whole = _printed(capsys)
    for restart in ("2026-10-25T00:30", "2026-11-03T08:00", "2026-11-03T07:59:59", "2027-06-01T00:00"):
        assert _printed(capsys, "--restart-at", restart) == whole


@pytest.mark.parametrize("wrong", [["--when", "2"], ["--at", "9"], ["--zone", "Berlin"]])
def test_what_makes_no_sense_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tips", "simulate", *wrong]) == 1
    assert "--" in capsys.readouterr().err
