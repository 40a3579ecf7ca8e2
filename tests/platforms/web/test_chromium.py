"""Which browser the page is tested in, and what a machine without one is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platforms.web.chromium import COMMANDS, HOW_TO_GET_ONE, find_chromium

ROOT = Path(__file__).parents[3]
BROWSER_TEST = "tests/platforms/web/test_conversation.py"


def install(folder: Path, *names: str) -> str:
    """Put programs of these names into a folder; return it as a PATH."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch(mode=0o755)
    return str(folder)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_browser_on_the_path_is_found_under_each_usual_name(command: str, tmp_path: Path) -> None:
    path = install(tmp_path, command)
    assert find_chromium({"PATH": path}) == f"{path}/{command}"


def test_the_setting_wins_over_the_path(tmp_path: Path) -> None:
    path = install(tmp_path / "bin", *COMMANDS)
    own = install(tmp_path / "own", "mine") + "/mine"
    assert find_chromium({"PATH": path, "CHROMIUM": own}) == own
    assert find_chromium({"PATH": path, "CHROMIUM": "google-chrome"}) == f"{path}/google-chrome"
    assert find_chromium({"PATH": path, "CHROMIUM": ""}) == f"{path}/chromium"


def test_a_setting_that_names_no_program_is_refused_with_its_value(tmp_path: Path) -> None:
    path = install(tmp_path, *COMMANDS)
    with pytest.raises(ValueError, match="CHROMIUM: must be the path of a Chromium, got '/no/browser'"):
        find_chromium({"PATH": path, "CHROMIUM": "/no/browser"})


def test_without_any_playwright_is_left_to_look_for_its_own(tmp_path: Path) -> None:
    assert find_chromium({"PATH": str(tmp_path)}) is None


@pytest.mark.slow
def test_on_a_machine_without_a_browser_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    """They are skipped, and `--no-skips` refuses that."""
    skipped = _test_without_a_browser(tmp_path)
    assert skipped.returncode == 0, skipped.stdout
    assert skipped.stdout.count(f" skipped: {HOW_TO_GET_ONE}\n") == skipped.stdout.count(HOW_TO_GET_ONE) == 1
    refused = _test_without_a_browser(tmp_path, "--no-skips")
    assert refused.returncode == 1
    assert HOW_TO_GET_ONE in refused.stdout


def _test_without_a_browser(empty: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name != "CHROMIUM"}
    environ |= {"PATH": str(empty), "PLAYWRIGHT_BROWSERS_PATH": str(empty)}
    command = [sys.executable, "-m", "pytest", BROWSER_TEST, "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
