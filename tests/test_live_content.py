"""A change under the content folder is taken over whole within two seconds, or not at all."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.live_content import LiveContent
from bot.service import ContentSnapshot
from bot.supervisor import Supervisor
from tests.content import sample_content

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DEADLINE = 10.0  # seconds; far over the promise, so that a busy machine fails nothing


def build_clock() -> Callable[[], datetime]:
    """Every look at it is a minute later."""
    minutes = count()
    return lambda: START + timedelta(minutes=next(minutes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small content folder that reads."""
    return sample_content.write_content(tmp_path / "content")


@asynccontextmanager
async def watch_content(live_content: LiveContent) -> AsyncIterator[None]:
    """The shelf notices changes by itself, as it does beside the servers."""
    watching = asyncio.create_task(live_content.watch())
    await asyncio.sleep(0)  # the watch is set up in the task's first step
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something that the watching brings about."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.01)


def read_card_title(live_content: LiveContent) -> str:
    """What the served edition calls the well."""
    return live_content.snapshot.library.cards["well"].title


async def test_a_saved_change_is_served(folder: Path) -> None:
    shelf = LiveContent(folder, build_clock())
    async with watch_content(shelf):
        sample_content.replace_text(
            folder, "cards/well.yaml", "The well and its uses", "A well of another kind"
        )
        await wait_until(lambda: read_card_title(shelf) == "A well of another kind")
        hits = shelf.snapshot.search.find("a well of another kind").hits
    assert hits[0].card_id == "well", "the search still knows only the old edition"
    assert shelf.reload_status.loaded_at > START
    assert shelf.reload_status.problems == ()


async def test_an_editors_write_and_rename_is_served(folder: Path) -> None:
    shelf = LiveContent(folder, build_clock())
    file = folder / "cards/well.yaml"
    async with watch_content(shelf):
        beside = file.with_name(".well.yaml.swp")
        beside.write_text(file.read_text("utf-8").replace("and its uses", "renamed"), encoding="utf-8")
        os.replace(beside, file)  # noqa: PTH105  # as an editor does
        await wait_until(lambda: read_card_title(shelf) == "The well renamed")


async def test_added_and_removed_cards_are_reloaded(folder: Path) -> None:
    shelf = LiveContent(folder, build_clock())
    async with watch_content(shelf):
        text = sample_content.PLAIN_CARD.format(name="moat")
        (folder / "cards/moat.yaml").write_text(text, encoding="utf-8")
        (folder / "utterances/moat.txt").write_text("is it deep\n", encoding="utf-8")
        await wait_until(lambda: "moat" in shelf.snapshot.library.utterances)
        (folder / "utterances/moat.txt").unlink()
        (folder / "cards/moat.yaml").unlink()
        await wait_until(lambda: "moat" not in shelf.snapshot.library.cards)


async def test_failed_reload_keeps_the_last_valid_content(folder: Path) -> None:
    shelf = LiveContent(folder, build_clock())
    before = shelf.snapshot
    good = (folder / "cards/well.yaml").read_text("utf-8")
    async with watch_content(shelf):
        sample_content.replace_text(
            folder, "cards/garden.yaml", "The garden and its uses", "Changed beside the broken one"
        )
        sample_content.replace_text(folder, "cards/well.yaml", "kind: topic", "kind: toppic")
        await wait_until(lambda: bool(shelf.reload_status.problems))
        served, state = shelf.snapshot, shelf.reload_status
        assert served.library.cards["well"] == before.library.cards["well"]
        assert [(p.file, p.line, p.key_path) for p in state.problems] == [
            (folder / "cards/well.yaml", 4, "kind")
        ]
        (folder / "cards/well.yaml").write_text(good, encoding="utf-8")
        await wait_until(lambda: not shelf.reload_status.problems)
    assert shelf.snapshot.library.cards["garden"].title == "Changed beside the broken one"
    assert shelf.reload_status.loaded_at > state.loaded_at


def test_a_refused_reload_changes_nothing_but_the_reasons(folder: Path) -> None:
    shelf = LiveContent(folder, build_clock())
    edition, read_at = shelf.snapshot, shelf.reload_status.loaded_at
    (folder / "strings.yaml").write_text("help.heading: [", encoding="utf-8")
    state = shelf.reload()
    assert shelf.snapshot is edition
    assert state.loaded_at == read_at
    assert [problem.file.name for problem in state.problems] == ["strings.yaml"]


def test_a_folder_that_goes_away_does_not_take_the_bot_with_it(folder: Path) -> None:
    shelf = LiveContent(folder, build_clock())
    edition = shelf.snapshot
    shutil.rmtree(folder)
    assert shelf.reload().problems
    assert shelf.snapshot is edition
    sample_content.write_content(folder)
    assert not shelf.reload().problems


def test_a_first_start_needs_content_that_reads(folder: Path) -> None:
    sample_content.replace_text(folder, "cards/well.yaml", "kind: topic", "kind: toppic")
    with pytest.raises(ContentError):
        LiveContent(folder, build_clock())


async def test_a_folder_that_is_gone_ends_the_watch_with_an_error(folder: Path) -> None:
    """Its supervisor logs that and starts it again."""
    live_content = LiveContent(folder, build_clock())
    shutil.rmtree(folder)
    with pytest.raises(OSError, match="No path was found"):
        await asyncio.wait_for(live_content.watch(), DEADLINE)


async def test_a_bug_in_a_reload_does_not_end_reloading(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_content, supervisor = (
        LiveContent(folder, build_clock()),
        Supervisor(lambda _seconds: asyncio.sleep(0)),
    )
    load, is_broken = LiveContent._load_snapshot, True

    def load_or_fail(self: LiveContent) -> ContentSnapshot:
        if is_broken:
            raise RuntimeError("planted")
        return load(self)

    monkeypatch.setattr(LiveContent, "_load_snapshot", load_or_fail)
    supervisor.supervise("content watcher", live_content.watch)
    await asyncio.sleep(0)  # the supervisor starts its task
    await asyncio.sleep(0)  # the watch is set up in the first step of the task
    sample_content.replace_text(folder, "cards/well.yaml", "The well and its uses", "A second title")
    await wait_until(lambda: bool(live_content.reload_status.problems))
    assert "RuntimeError" in live_content.reload_status.problems[0].message
    await wait_until(
        lambda: "restarting" in supervisor.describe()["content watcher"] or "restarts" in caplog.text
    )
    is_broken = False
    await wait_until(lambda: read_card_title(live_content) == "A second title")
    assert live_content.reload_status.problems == ()
    assert any(record.exc_info for record in caplog.records), "the traceback is not in the log"
    await supervisor.stop()
