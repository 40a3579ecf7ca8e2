"""The terminal as a platform: a line or a number in, plain text out; its streams are handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import TextIO

from bot.messaging.action import Action
from bot.messaging.plaintext import render_numbered
from bot.messaging.reply import Form, Reply, SelectField
from bot.messaging.request import TYPED_LINE, Origin, Request, User
from bot.service import Service

TERMINAL_ORIGIN = Origin("terminal", "local", "terminal", is_direct=True)


class TerminalSession:
    """One person at one keyboard.

    Args:
        name: how the person is called when something is shared.
    """

    def __init__(self, service: Service, now: Callable[[], datetime], user_name: str) -> None:
        self._service = service
        self._now = now
        self._user = User("you", user_name, is_admin=True)
        self._request_counter = count(1)

    def send_line(self, line: str) -> Reply | Form:
        """Answer a typed line."""
        return self.send_action(Action(TYPED_LINE), {TYPED_LINE: line})

    def send_action(self, action: Action, inputs: Mapping[str, str]) -> Reply | Form:
        """Answer a press or a filled form."""
        key = f"terminal-{next(self._request_counter)}"
        return self._service.respond(Request(self._user, TERMINAL_ORIGIN, action, self._now(), key, inputs))

    def run(self, input_stream: TextIO, output_stream: TextIO, initial_reply: Reply | None = None) -> None:
        """Talk until the input ends. A number presses what has that number in the last reply.

        Args:
            opening: what is on the screen when the talk begins; the greeting when None.
        """
        texts = self._service.context.strings
        text, presses = (
            render_numbered(initial_reply)
            if initial_reply is not None
            else (texts.get_text("terminal.greeting"), ())
        )
        output_stream.write(text + "\n")
        while True:
            output_stream.write("\n> ")
            output_stream.flush()
            line = input_stream.readline()
            if not line or line.strip().casefold() in ("quit", "exit"):
                output_stream.write("\n")
                return
            if not line.strip():
                continue
            wanted = line.strip()
            if wanted.isascii() and wanted.isdigit() and presses:
                if not 1 <= int(wanted[:6]) <= len(presses):
                    output_stream.write(texts.get_text("terminal.no_number", most=len(presses)) + "\n")
                    continue
                answer = self.send_action(presses[int(wanted) - 1].action, {})
            else:
                answer = self.send_line(line)
            while isinstance(answer, Form):
                inputs = _prompt_form(answer, input_stream, output_stream)
                if inputs is None:
                    output_stream.write("\n")
                    return
                answer = self.send_action(answer.submit_action, inputs)
            text, presses = render_numbered(answer)
            output_stream.write(f"\n{text}\n")


def _prompt_form(form: Form, input_stream: TextIO, output_stream: TextIO) -> dict[str, str] | None:
    """Ask for each field; None when the input ends. A pick is answered by its number."""
    output_stream.write(f"\n{form.title}\n")
    inputs: dict[str, str] = {}
    for field in form.fields:
        if isinstance(field, SelectField):
            for number, (_, label) in enumerate(field.options, start=1):
                output_stream.write(f"  [{number}] {label}\n")
        output_stream.write(f"{field.label}: ")
        output_stream.flush()
        line = input_stream.readline()
        if not line:
            return None
        value = line.strip()
        if isinstance(field, SelectField) and value.isascii() and value.isdigit():
            number = int(value[:6])
            value = field.options[number - 1][0] if 1 <= number <= len(field.options) else field.initial
        inputs[field.name] = value or field.initial
    return inputs
