"""The page's own files refer to each other; checked without a browser, so on every machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.platforms.web

ASSETS = Path(bot.platforms.web.__file__).parent / "assets"
REFERENCE = re.compile(r'/page/files/([\w.]+)|(?:from|import) "\./([\w.]+)"|import\("\./([\w.]+)"\)')
IMPORT = re.compile(r'import \{([^}]*)\} from "\./([\w.]+)"')


@pytest.mark.parametrize("file", sorted(ASSETS.iterdir()), ids=lambda file: file.name)
def test_a_file_refers_only_to_files_and_functions_that_exist(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    references = {name for match in REFERENCE.findall(text) for name in match if name}
    assert references <= {asset.name for asset in ASSETS.iterdir()}
    for names, module in IMPORT.findall(text):
        exported = set(
            re.findall(r"export (?:async )?(?:function|const|let) (\w+)", (ASSETS / module).read_text())
        )
        assert {name.split(" as ")[0].strip() for name in names.split(",") if name.strip()} <= exported, (
            module
        )


def test_every_script_is_loaded_by_some_file() -> None:
    texts = [file.read_text(encoding="utf-8") for file in ASSETS.iterdir()]
    loaded = {name for text in texts for match in REFERENCE.findall(text) for name in match if name}
    assert {file.name for file in ASSETS.glob("*.js")} <= loaded
