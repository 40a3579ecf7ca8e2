"""A run as the tests play it: nine answers, the condition met, to "Both"."""

from __future__ import annotations

from tests.chat import Chat

RESEARCH = "quiz research-or-engineering"
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


def begun(chat: Chat, line: str = RESEARCH) -> Chat:
    """At the first question."""
    return chat.say(line).press("Begin")


def finished(chat: Chat, line: str = RESEARCH, answers: tuple[str, ...] = ANSWERS) -> Chat:
    """At the result."""
    begun(chat, line)
    for answer in answers:
        if answer in chat.labels:  # an answer may hide the question that another would have led to
            chat.press(answer)
    return chat


def code_of(chat: Chat) -> str:
    """The code under a result."""
    return chat.text.partition("what has moved: ")[2].split()[0]
