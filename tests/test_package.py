"""The wheel: carries the content, and works where no clone is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built with what is installed: no network."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_package_and_the_content_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    content = {
        f"bot/_content/{path.relative_to(ROOT / 'content')}"
        for path in (ROOT / "content").rglob("*")
        if path.is_file()
    }
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert content | package <= names  # the page's files are no Python, yet travel too
    assert not {name for name in names if name.startswith("tests")}


@pytest.mark.slow
def test_the_wheel_answers_where_no_clone_is(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "installed"
    home.mkdir()
    zipfile.ZipFile(wheel).extractall(home)
    code = (
        f"import sys; sys.path.insert(0, {str(home)!r});"
        f"import bot; assert bot.__file__.startswith({str(home)!r});"
        "from bot.cli import main; sys.exit(main(['say', 'should I do a phd?']))"
    )
    # -P keeps the clone in which the tests run out of the path
    said = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert "Boris Gorelik (2021)" in said.stdout
    assert not list(tmp_path.glob("data")), "an answer writes nothing"
