"""Telling Discord the commands: only when they changed, since it takes 200 new ones a day and no more."""

from __future__ import annotations

import json
import logging
from hashlib import blake2b
from pathlib import Path
from typing import Any

from discord import app_commands

from bot.platforms.discord.calls import repeated

log = logging.getLogger(__name__)

_FILE = "discord-commands.json"


class Synced:
    """What Discord was told last, by application: a small file in the data folder.

    A lost file costs one call; Discord takes the same commands again as the same.
    """

    def __init__(self, data: Path) -> None:
        self._file = data / _FILE

    async def tell(
        self, tree: app_commands.CommandTree[Any], application: int, *, again: bool = False
    ) -> bool:
        """Tell Discord the tree's commands; whether there was something to tell.

        Args:
            again: also when nothing changed.
        """
        print_ = fingerprint(tree)
        known = self._read()
        if known.get(str(application)) == print_ and not again:
            return False
        await repeated(tree.sync)
        self._write({**known, str(application): print_})
        return True

    def _write(self, known: dict[str, str]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(known))
        except OSError as error:
            log.info("%s cannot be written (%s): the commands are told at every start", self._file, error)

    def _read(self) -> dict[str, str]:
        try:
            known = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of everything that Discord is told of the commands."""
    told = [command.to_dict(tree) for command in tree.get_commands()]
    return blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=16).hexdigest()
