"""Telling Discord the commands: only when they changed, since it takes 200 new ones a day and no more."""

from __future__ import annotations

import json
import logging
from hashlib import blake2b
from pathlib import Path
from typing import Any

from discord import app_commands

from bot.platforms.discord.retries import call_with_retries

log = logging.getLogger(__name__)

_FILE_NAME = "discord-commands.json"


class CommandSync:
    """What Discord was told last, by application: a small file in the data folder.

    A lost file costs one call; Discord takes the same commands again as the same.
    """

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / _FILE_NAME

    async def push_if_changed(
        self, tree: app_commands.CommandTree[Any], application_id: int, *, force: bool = False
    ) -> bool:
        """Tell Discord the tree's commands; whether there was something to tell.

        Args:
            again: also when nothing changed.
        """
        print_ = compute_fingerprint(tree)
        known = self._load_fingerprints()
        if known.get(str(application_id)) == print_ and not force:
            return False
        await call_with_retries(tree.sync)
        self._save_fingerprints({**known, str(application_id): print_})
        return True

    def _save_fingerprints(self, fingerprints: dict[str, str]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(fingerprints))
        except OSError as error:
            log.info("%s cannot be written (%s): the commands are told at every start", self._file, error)

    def _load_fingerprints(self) -> dict[str, str]:
        try:
            known = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def compute_fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of everything that Discord is told of the commands."""
    payloads = [command.to_dict(tree) for command in tree.get_commands()]
    return blake2b(json.dumps(payloads, sort_keys=True).encode(), digest_size=16).hexdigest()
