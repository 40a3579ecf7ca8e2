"""`career-bot tips simulate`: what would be posted when, through both clock changes, restarts or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.outbox import DeliverySent, PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule, find_next_slot
from bot.domain.tips.subscription import Subscription
from bot.service import ContentSnapshot
from bot.store.key_ring import build_key_ring
from bot.store.store import Store
from tests.chat import build_service_from

NOW = datetime.now(UTC).replace(microsecond=0)
_TENANT = Tenant("slack", "T1")
_LINE = re.compile(r"[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d [+-]\d{4}  ")


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAREER_BOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "data"


@pytest.fixture
def store(data_dir: Path) -> Iterator[Store]:
    """The database that the bot would use."""
    with closing(Store.open(data_dir, None, build_key_ring(("a secret of the tests",)))) as store:
        yield store


def _run_simulation(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["tips", "simulate", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def _find_post_lines(lines: list[str]) -> list[str]:
    return [line for line in lines if _LINE.match(line)]


def _build_subscription(channel: str, due: datetime | None) -> Subscription:
    since = date(2026, 1, 1)
    return Subscription(
        _TENANT, channel, False, "U1", Schedule("tue", time(9), "Europe/Berlin", since), ("risk",), due
    )


def test_half_a_year_of_tuesdays_at_nine_through_both_changes(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _run_simulation(capsys, "--start", "2026-10-01", "--zone", "Europe/Berlin")
    posts = _find_post_lines(lines)
    assert len(posts) == 26
    assert all(line.startswith("Tue") and " 09:00 " in line for line in posts)
    turns = [line.strip() for line in lines if "clocks go" in line]
    assert turns == [
        "Sun 2026-10-25: clocks go back to +01:00",
        "Sun 2027-03-28: clocks go forward to +02:00",
    ]
    at = lines.index("    Sun 2026-10-25: clocks go back to +01:00")
    assert lines[at - 1].startswith("Tue 2026-10-20 09:00 +0200")
    assert lines[at + 1].startswith("Tue 2026-10-27 09:00 +0100")
    assert "26 posts in 26 weeks, all at 09:00 local time; 2 clock changes" in lines
    assert len({line.partition("  ")[2] for line in posts}) == 26


def test_the_time_that_clocks_leave_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _run_simulation(
        *(capsys, "--start", "2026-10-01", "--zone", "Europe/Berlin", "--when", "daily", "--at", "02:30")
    )
    assert (
        "182 posts in 26 weeks, 181 at 02:30 local time, 1 at 03:00 where clocks leave 02:30 out; "
        "2 clock changes" in lines
    )


def test_half_a_year_that_holds_one_change_says_how_to_see_both(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _run_simulation(capsys, "--start", "2026-12-01", "--zone", "Europe/Berlin")
    assert lines[-2].endswith("; 1 clock change, the next on 2027-10-31: --weeks 49")
    lines = _run_simulation(capsys, "--start", "2026-12-01", "--zone", "Europe/Berlin", "--weeks", "49")
    assert lines[-2].endswith("; 2 clock changes")


def test_a_restart_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    whole = _run_simulation(capsys, "--start", "2026-10-01")
    for restart in ("2026-10-25T00:30", "2026-11-03T08:00", "2026-11-03T07:59:59", "2027-06-01T00:00"):
        assert _run_simulation(capsys, "--start", "2026-10-01", "--restart-at", restart) == whole


def test_the_tips_that_are_set_up_here_are_rehearsed_from_what_their_channels_had(
    store: Store, snapshot: ContentSnapshot, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    due = find_next_slot(Schedule("tue", time(9), "Europe/Berlin", date(2026, 1, 1)), NOW)
    store.subscriptions.save(_build_subscription("C1", due), NOW)
    store.subscriptions.save(replace(_build_subscription("C2", due), tenant=Tenant("discord", "9")), NOW)
    before = _run_simulation(capsys, "--weeks", "20")
    assert [line for line in before if line.startswith(("slack", "discord"))] == [
        "discord 9 C2, Europe/Berlin: tue 09:00, only risk",
        "slack T1 C1, Europe/Berlin: tue 09:00, only risk",
    ]
    assert len(_find_post_lines(before)) == 2 * 20
    bot = build_service_from(snapshot, data_dir)
    (delivery,) = bot.claim_due(frozenset({"slack"}), due)
    assert bot.begin_sending([delivery], due)
    bot.record_results([(delivery, DeliverySent("1"))], due)
    bot.context.storage.close()
    after = _run_simulation(capsys, "--weeks", "20")
    assert _find_post_lines(after)[20:39] == _find_post_lines(before)[21:40]


def test_paused_and_missed_tips_are_not_simulated(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    store.subscriptions.save(replace(_build_subscription("C1", None), pause_reason=PauseReason.GONE), NOW)
    store.subscriptions.save(_build_subscription("C2", NOW - timedelta(days=30)), NOW)
    lines = _run_simulation(capsys)
    assert "rests (gone): nothing comes until someone resumes it" in lines
    assert len(_find_post_lines(lines)) == 26
    assert _find_post_lines(lines)[0][4:14] >= f"{NOW - timedelta(hours=4):%Y-%m-%d}"


def test_an_example_is_rehearsed_where_it_is_asked_for_or_nothing_is_set_up(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No tips are set up here; these are examples." in _run_simulation(capsys)
    assert not data_dir.exists(), "a rehearsal keeps nothing"
    with closing(Store.open(data_dir, None, build_key_ring(("a secret of the tests",)))) as store:
        store.subscriptions.save(_build_subscription("C1", NOW), NOW)
    assert _run_simulation(capsys, "--when", "daily")[0] == "example, Europe/Berlin: daily 09:00"


def test_a_database_that_is_away_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///bot?host={tmp_path}")
    monkeypatch.setenv("CAREER_BOT_SECRET_KEYS", "a secret of the tests")
    assert main(["tips", "simulate"]) == 1
    assert "DATABASE_URL: the database does not answer" in capsys.readouterr().err
    assert main(["tips", "simulate", "--zone", "Europe/Berlin"]) == 0


@pytest.mark.parametrize(
    ("arguments", "expected_message"),
    [
        (["--when", "2"], "days like daily, mon,thu or last friday is wanted, not '2'"),
        (["--at", "9"], "a time like 09:00"),
        (["--zone", "Berlin"], "a zone like Europe/Berlin"),
        (["--weeks", "0"], "weeks from 1 to 520"),
        (["--start", "tomorrow"], "a day like 2026-10-01 is wanted, not 'tomorrow'"),
        (["--restart-at", "9"], "a moment like 2026-10-25T00:30"),
    ],
)
def test_invalid_arguments_are_refused(
    arguments: list[str], expected_message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["tips", "simulate", *arguments])
    assert f"argument {arguments[0]}: " in (told := capsys.readouterr().err)
    assert expected_message in told


def test_a_tag_that_is_none_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tips", "simulate", "--tag", "riks"]) == 1
    assert "--tag: there is no tag riks; there are sectors, roles" in capsys.readouterr().err
