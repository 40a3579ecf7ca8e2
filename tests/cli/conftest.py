from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.content import sample_content


@dataclass(frozen=True)
class CommandResult:
    """What a verb printed and its exit status."""

    status: int
    out: str
    err: str


CommandRunner = Callable[..., CommandResult]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small content folder that reads."""
    return sample_content.write_content(tmp_path / "content")


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandRunner:
    """`run("check")`: career-bot over the small content, started beside it, with no other setting."""
    for name in list(os.environ):
        if name.startswith(("CAREER_BOT_", "SLACK_", "DISCORD_", "DATABASE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CAREER_BOT_CONTENT_DIR", str(folder))
    monkeypatch.chdir(folder.parent)

    def career_bot(*argv: str) -> CommandResult:
        try:
            status = main(argv)
        except SystemExit as error:  # argparse's own way out
            status = int(error.code or 0)
        out, err = capsys.readouterr()
        return CommandResult(status, out, err)

    return career_bot
