"""A run as the tests play it: nine answers, the condition met, to "Both"."""

from __future__ import annotations

from tests.chat import Chat

QUIZ_COMMAND = "quiz research-or-engineering"
ANSWERS = (
    "Test an idea of my own",
    "Into a paper I saved",
    "Test whether it holds",
    "The better structure for the code",
    "Ship the plain one and move on",
    "Whether it ran, and how fast",
    "The maths behind a method",
    "It now runs for every customer",
    "When it has run without trouble",
)


def begin_quiz(chat: Chat, line: str = QUIZ_COMMAND) -> Chat:
    """At the first question."""
    return chat.send_line(line).press("Start")


def finish_quiz(chat: Chat, line: str = QUIZ_COMMAND, answers: tuple[str, ...] = ANSWERS) -> Chat:
    """At the result."""
    begin_quiz(chat, line)
    for answer in answers:
        if answer in chat.labels:  # an answer may hide the question that another would have led to
            chat.press(answer)
    return chat


def read_result_code(chat: Chat) -> str:
    """The code under a result."""
    return chat.text.partition("what changed: ")[2].split()[0]
