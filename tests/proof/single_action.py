"""One press in a process of its own: the encoded action in, the neutral reply out as JSON."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

from bot.app import App
from bot.messaging.action import Action
from bot.messaging.json_view import to_json_dict
from bot.messaging.request import Origin, Request, User
from bot.settings import Settings


def main(encoded: str, inputs: str) -> None:
    """Press, print, and leave nothing behind."""
    app = App.build(Settings.from_env(os.environ))
    origin = Origin("process", "W1", "C1", is_direct=True)
    request = Request(
        User("U1", "Ann"), origin, Action.decode(encoded), datetime.now(UTC), "k", json.loads(inputs)
    )
    print(json.dumps(to_json_dict(app.service.respond(request))))


if __name__ == "__main__":
    main(*sys.argv[1:])
