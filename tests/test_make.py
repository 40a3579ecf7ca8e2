"""What `make` does before it installs anything."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENVIRONMENT = ".venv/pyvenv.cfg"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder in which nothing was installed yet."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


def make(clone: Path, target: str, python: str | Path = sys.executable) -> subprocess.CompletedProcess[str]:
    command = ["make", "--silent", target, f"PYTHON={python}"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(command, cwd=clone, env=environ, capture_output=True, text=True, check=False)


def write_interpreter(path: Path, claim: str) -> Path:
    """Write an interpreter that runs a line of its own first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    real = shlex.quote(sys.executable)
    path.write_text(f'#!/bin/sh\nshift\ncode=$1\nshift\nexec {real} -c "import sys; {claim}; $code" "$@"\n')
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("version", [(3, 10, 13), (2, 7, 18)])
def test_an_old_python_gets_one_sentence_and_nothing_is_installed(
    version: tuple[int, int, int], clone: Path
) -> None:
    old = write_interpreter(clone / "old-python", f"sys.version_info = {version}")
    refused = make(clone, "test", old)
    sentence, *makes_own = refused.stderr.splitlines()
    assert refused.returncode == 2
    assert sentence == (
        f"career-bot needs Python 3.11 or newer, and {old} is Python {version[0]}.{version[1]}; "
        "name another: make test PYTHON=python3.12"
    )
    assert len(makes_own) == 1
    assert not (clone / ".venv").exists()


def test_a_python_that_is_not_there_gets_the_same_sentence(clone: Path) -> None:
    refused = make(clone, "run", "python-of-nowhere")
    assert refused.returncode == 2
    assert "needs Python 3.11 or newer, and python-of-nowhere was not found" in refused.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.slow
def test_an_environment_of_another_interpreter_is_made_anew_and_its_own_is_kept(clone: Path) -> None:
    write_interpreter(clone / ".venv/bin/python", "sys.base_prefix = '/another/python'")
    (clone / ".venv/.run").touch()
    remade = make(clone, ENVIRONMENT)
    assert (remade.returncode, remade.stderr) == (0, "")
    assert remade.stdout == "Making .venv anew: it was made by another Python.\n"
    assert not (clone / ".venv/.run").exists(), "what was installed for the other one counts for nothing"
    made_at = (clone / ENVIRONMENT).stat().st_mtime_ns
    kept = make(clone, ENVIRONMENT)
    assert (kept.returncode, kept.stdout) == (0, "")
    assert (clone / ENVIRONMENT).stat().st_mtime_ns == made_at


@pytest.mark.slow
def test_an_environment_whose_python_is_gone_is_made_anew(clone: Path) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to("/gone/python3.11")
    assert make(clone, ENVIRONMENT).returncode == 0
    assert (clone / ENVIRONMENT).exists()
