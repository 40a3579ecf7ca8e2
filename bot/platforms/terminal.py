"""The terminal as a platform: a line or a number in, plain text out; its streams are handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import TextIO

from bot.dialogue.action import Action
from bot.dialogue.plain import numbered
from bot.dialogue.reply import Form, Pick, Reply
from bot.dialogue.request import LINE, Origin, Request, User
from bot.service import Service

ORIGIN = Origin("terminal", "local", "terminal", direct=True)


class Conversation:
    """One person at one keyboard.

    Args:
        name: how the person is called when something is shared.
    """

    def __init__(self, service: Service, now: Callable[[], datetime], name: str) -> None:
        self._service = service
        self._now = now
        self._user = User("you", name, admin=True)
        self._keys = count(1)

    def say(self, line: str) -> Reply | Form:
        """Answer a typed line."""
        return self.do(Action(LINE), {LINE: line})

    def do(self, action: Action, inputs: Mapping[str, str]) -> Reply | Form:
        """Answer a press or a filled form."""
        key = f"terminal-{next(self._keys)}"
        return self._service.respond(Request(self._user, ORIGIN, action, self._now(), key, inputs))

    def run(self, read: TextIO, write: TextIO, opening: Reply | None = None) -> None:
        """Talk until the input ends. A number presses what has that number in the last reply.

        Args:
            opening: what is on the screen when the talk begins; the greeting when None.
        """
        texts = self._service.context.texts
        text, presses = numbered(opening) if opening is not None else (texts.words("terminal.greeting"), ())
        write.write(text + "\n")
        while True:
            write.write("\n> ")
            write.flush()
            line = read.readline()
            if not line or line.strip().casefold() in ("quit", "exit"):
                write.write("\n")
                return
            if not line.strip():
                continue
            wanted = line.strip()
            if wanted.isascii() and wanted.isdigit() and presses:
                if not 1 <= int(wanted[:6]) <= len(presses):
                    write.write(texts.words("terminal.no_number", most=len(presses)) + "\n")
                    continue
                answer = self.do(presses[int(wanted) - 1].action, {})
            else:
                answer = self.say(line)
            while isinstance(answer, Form):
                inputs = _filled(answer, read, write)
                if inputs is None:
                    write.write("\n")
                    return
                answer = self.do(answer.submit, inputs)
            text, presses = numbered(answer)
            write.write(f"\n{text}\n")


def _filled(form: Form, read: TextIO, write: TextIO) -> dict[str, str] | None:
    """Ask for each field; None when the input ends. A pick is answered by its number."""
    write.write(f"\n{form.title}\n")
    inputs: dict[str, str] = {}
    for field in form.fields:
        if isinstance(field, Pick):
            for number, (_, label) in enumerate(field.options, start=1):
                write.write(f"  [{number}] {label}\n")
        write.write(f"{field.label}: ")
        write.flush()
        line = read.readline()
        if not line:
            return None
        value = line.strip()
        if isinstance(field, Pick) and value.isascii() and value.isdigit():
            number = int(value[:6])
            value = field.options[number - 1][0] if 1 <= number <= len(field.options) else field.initial
        inputs[field.name] = value or field.initial
    return inputs
