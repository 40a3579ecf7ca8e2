"""One press in a process of its own: the encoded action in, the neutral reply out as JSON."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

from bot.app import App
from bot.dialogue.action import Action
from bot.dialogue.neutral import as_json
from bot.dialogue.request import Origin, Request, User
from bot.settings import Settings


def main(encoded: str, inputs: str) -> None:
    """Press, print, and leave nothing behind."""
    app = App.build(Settings.from_env(os.environ))
    origin = Origin("process", "W1", "C1", direct=True)
    request = Request(
        User("U1", "Ann"), origin, Action.decode(encoded), datetime.now(UTC), "k", json.loads(inputs)
    )
    print(json.dumps(as_json(app.service.respond(request))))


if __name__ == "__main__":
    main(*sys.argv[1:])
