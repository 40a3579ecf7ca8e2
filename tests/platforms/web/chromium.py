"""Find the browser in which the local page is tested."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_ONE = (
    "no Chromium for the browser tests: `apt-get install chromium`, `python -m playwright install chromium`, "
    "or set CHROMIUM to a Chromium's path"
)


def find_chromium(environ: Mapping[str, str]) -> str | None:
    """Return the path of the browser that `CHROMIUM` names, else of the first one on `PATH`.

    None leaves the choice to Playwright, which knows where it keeps a browser of its own.

    Raises:
        ValueError: `CHROMIUM` names no program. Testing in another browser would hide the mistake.
    """
    named = environ.get("CHROMIUM")
    if named:
        browser = shutil.which(named, path=environ.get("PATH", ""))
        if browser is None:
            raise ValueError(f"CHROMIUM: must be the path of a Chromium, got {named!r}")
        return browser
    on_path = (shutil.which(command, path=environ.get("PATH", "")) for command in COMMANDS)
    return next((path for path in on_path if path), None)
