"""Hold docs/architecture.md to the code: each path and symbol exists, and the layers are the enforced ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import ALLOWED_IMPORTS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
RECIPES = ("a command", "a block", "a content kind", "a setting", "a table", "a platform")
PATHS = ("the path of a slash command", "the path of a button press", "the path of a due tip")
REFERENCE = re.compile(r"`((?:bot|content|deploy|docs|tests|training)/[^`:]*|\.env\.example)(?::(\w+))?`")


def read_section(heading: str) -> str:
    """Return what is below a heading, up to the next heading of its level or above."""
    match = re.search(rf"^(##+) {heading}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    assert match, f"no section {heading!r}"
    return match[2]


def iter_rows(section: str) -> Iterator[list[str]]:
    """Yield the cells of a table's rows, without its head."""
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    yield from rows[2:]


def list_symbols(path: Path) -> set[str]:
    """Return the names that a module defines at its top."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def find_missing(text: str) -> list[str]:
    """Return the references of a text that lead nowhere; `<name>` is any name."""
    missing = []
    for path, symbol in REFERENCE.findall(text):
        matches = list(ROOT.glob(path.replace("<name>", "*").rstrip("/")))
        if not matches or (symbol and not any(symbol in list_symbols(match) for match in matches)):
            missing.append(f"{path}:{symbol}" if symbol else path)
    return missing


def test_every_file_and_symbol_that_the_page_names_exists() -> None:
    assert len(REFERENCE.findall(PAGE)) > 80
    assert not find_missing(PAGE)


def test_a_reference_to_nothing_is_found() -> None:
    assert find_missing("`bot/gone.py` `bot/app.py:Gone` `bot/app.py:App` `tests/<name>/test_app.py`") == [
        "bot/gone.py",
        "bot/app.py:Gone",
        "tests/<name>/test_app.py",
    ]


def test_the_glossary_has_a_term_once() -> None:
    terms = [term for row in iter_rows(read_section("Glossary")) for term in row[0].split(", ")]
    assert len(terms) == len(set(terms))
    assert 15 <= len(list(iter_rows(read_section("Glossary")))) <= 25


def test_the_layers_are_the_ones_that_are_enforced() -> None:
    shown = {}
    for part, _, allowed in iter_rows(read_section("Layers")):
        shown[part.strip("`")] = {""} if allowed == "everything" else set(re.findall(r"`([\w.]+)`", allowed))
    assert shown == ALLOWED_IMPORTS


@pytest.mark.parametrize("heading", PATHS)
def test_a_path_has_ten_steps_with_their_files(heading: str) -> None:
    steps = re.findall(r"^\d+\. .*", read_section(heading), re.MULTILINE)
    assert len(steps) == 10
    assert len(REFERENCE.findall("\n".join(steps))) >= 8


@pytest.mark.parametrize("heading", RECIPES)
def test_a_recipe_names_files_in_each_step(heading: str) -> None:
    steps = re.findall(r"^\d+\. .*", read_section(heading), re.MULTILINE)
    assert len(steps) >= 3
    assert not [step for step in steps if not REFERENCE.search(step)]


def test_readers_are_led_to_the_page() -> None:
    assert "(docs/architecture.md)" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/architecture.md)" in readme
    assert "(CONTRIBUTING.md)" in readme
