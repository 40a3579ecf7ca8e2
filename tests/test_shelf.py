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
from bot.shelf import Shelf
from tests.library import small

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DEADLINE = 10.0  # seconds; far over the promise, so that a busy machine fails nothing


def clock() -> Callable[[], datetime]:
    """Every look at it is a minute later."""
    minutes = count()
    return lambda: START + timedelta(minutes=next(minutes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small content folder that reads."""
    return small.write(tmp_path / "content")


@asynccontextmanager
async def watched(shelf: Shelf) -> AsyncIterator[None]:
    """The shelf notices changes by itself, as it does beside the servers."""
    watching = asyncio.create_task(shelf.watch())
    await asyncio.sleep(0)  # the watch is set up in the task's first step
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that the watching brings about."""
    async with asyncio.timeout(DEADLINE):
        while not happened():
            await asyncio.sleep(0.01)


def title(shelf: Shelf) -> str:
    """What the served edition calls the well."""
    return shelf.edition.library.cards["well"].title


async def test_a_saved_change_is_served(folder: Path) -> None:
    shelf = Shelf(folder, clock())
    async with watched(shelf):
        small.change(folder, "cards/well.yaml", "The well and its uses", "A well of another kind")
        await until(lambda: title(shelf) == "A well of another kind")
        hits = shelf.edition.search.find("a well of another kind").hits
    assert hits[0].card == "well", "the search still knows only the old edition"
    assert shelf.state.read_at > START
    assert shelf.state.problems == ()


async def test_an_editors_write_and_rename_is_served(folder: Path) -> None:
    shelf = Shelf(folder, clock())
    file = folder / "cards/well.yaml"
    async with watched(shelf):
        beside = file.with_name(".well.yaml.swp")
        beside.write_text(file.read_text("utf-8").replace("and its uses", "renamed"), encoding="utf-8")
        os.replace(beside, file)  # noqa: PTH105  # as an editor does
        await until(lambda: title(shelf) == "The well renamed")


async def test_a_new_card_and_a_removed_one_are_taken_over(folder: Path) -> None:
    shelf = Shelf(folder, clock())
    async with watched(shelf):
        text = small.PLAIN_CARD.format(name="moat")
        (folder / "cards/moat.yaml").write_text(text, encoding="utf-8")
        (folder / "asks/moat.txt").write_text("is it deep\n", encoding="utf-8")
        await until(lambda: "moat" in shelf.edition.library.asks)
        (folder / "asks/moat.txt").unlink()
        (folder / "cards/moat.yaml").unlink()
        await until(lambda: "moat" not in shelf.edition.library.cards)


async def test_a_broken_change_is_refused_whole_and_the_last_good_content_serves_on(folder: Path) -> None:
    shelf = Shelf(folder, clock())
    before = shelf.edition
    good = (folder / "cards/well.yaml").read_text("utf-8")
    async with watched(shelf):
        small.change(folder, "cards/garden.yaml", "The garden and its uses", "Changed beside the broken one")
        small.change(folder, "cards/well.yaml", "kind: topic", "kind: toppic")
        await until(lambda: bool(shelf.state.problems))
        served, state = shelf.edition, shelf.state
        assert served.library.cards["well"] == before.library.cards["well"]
        assert [(p.file, p.line, p.where) for p in state.problems] == [
            (folder / "cards/well.yaml", 4, "kind")
        ]
        (folder / "cards/well.yaml").write_text(good, encoding="utf-8")
        await until(lambda: not shelf.state.problems)
    assert shelf.edition.library.cards["garden"].title == "Changed beside the broken one"
    assert shelf.state.read_at > state.read_at


def test_a_refused_reload_changes_nothing_but_the_reasons(folder: Path) -> None:
    shelf = Shelf(folder, clock())
    edition, read_at = shelf.edition, shelf.state.read_at
    (folder / "texts.yaml").write_text("help.heading: [", encoding="utf-8")
    state = shelf.reload()
    assert shelf.edition is edition
    assert state.read_at == read_at
    assert [problem.file.name for problem in state.problems] == ["texts.yaml"]


def test_a_folder_that_goes_away_does_not_take_the_bot_with_it(folder: Path) -> None:
    shelf = Shelf(folder, clock())
    edition = shelf.edition
    shutil.rmtree(folder)
    assert shelf.reload().problems
    assert shelf.edition is edition
    small.write(folder)
    assert not shelf.reload().problems


def test_a_first_start_needs_content_that_reads(folder: Path) -> None:
    small.change(folder, "cards/well.yaml", "kind: topic", "kind: toppic")
    with pytest.raises(ContentError):
        Shelf(folder, clock())


async def test_watching_ends_when_it_cannot_and_the_bot_serves_on(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(folder, clock())
    shutil.rmtree(folder)
    await asyncio.wait_for(shelf.watch(), DEADLINE)
    assert "the content is not watched" in caplog.text
    assert title(shelf) == "The well and its uses"
