"""Documentation that fails when it lies."""

from __future__ import annotations

import io
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path for path in ROOT.rglob("*.md") if not {".venv", "node_modules"} & set(path.relative_to(ROOT).parts)
)
LONG_RUNNING_COMMANDS = {"run", "chat"}  # these talk until somebody ends them


def _iter_console_commands(page: Path) -> Iterator[str]:
    """What stands after the prompt in the page's console blocks."""
    for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL):
        yield from (line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ "))


COMMANDS = sorted({line for page in PAGES for line in _iter_console_commands(page)})


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("career-bot ")])
def test_a_command_that_a_page_shows_works(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`# exit 3` behind a command says another status than 0; files it writes go to an empty folder."""
    words, _, comment = line.partition(" # exit ")
    _, verb, *rest = shlex.split(words, comments=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # a run that is played ends with its input
    (tmp_path / "content").symlink_to(ROOT / "content")
    try:
        status = main([verb, "--help"] if verb in LONG_RUNNING_COMMANDS else [verb, *rest])
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status == int(comment or 0), capsys.readouterr().err


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("make ")])
def test_a_make_target_that_a_page_shows_exists(line: str) -> None:
    target = line.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_inside_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_dependency_has_its_reason_in_the_readme() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[\[<>=]", name)[0] for name in project["dependencies"]}
    table = (ROOT / "README.md").read_text().partition("## What it stands on")[2]
    given = set(re.findall(r"^\| ([\w.-]+) \| \w", table, re.MULTILINE)) - {"library"}
    assert given == wanted


def test_the_project_names_no_registry_and_no_address_in_its_locks() -> None:
    for lock in (ROOT / "locks").iterdir():
        assert "://" not in lock.read_text(), lock
