"""respond() always answers: crafted actions, any bytes, a command that breaks."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import COMMANDS
from bot.commands.command import Requirement
from bot.errors import InvalidActionError, LimitExceededError
from bot.messaging.action import Action
from bot.messaging.reply import Audience, Form, Reply, ReplyOutcome
from bot.service import ContentSnapshot, Service
from tests.chat import Chat

PRINTABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\0\x1b\u202e\u200b\ud800\udfff@<>!#*_`|:&"),
    ),
    max_size=300,
)
LINES = st.one_of(
    TEXTS,
    st.builds(lambda name, rest: f"{name} {rest}", st.sampled_from([c.name for c in COMMANDS]), TEXTS),
    st.builds(lambda text, times: (text * times)[:40_000], TEXTS, st.integers(1, 2_000)),
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=LINES)
def test_any_typed_characters_get_an_answer_and_ping_nobody(line: str, service: Service) -> None:
    chat = Chat(service).send_line(line)
    if isinstance(chat.answer, Form):
        return
    assert chat.reply.outcome is not ReplyOutcome.FAILED
    assert chat.reply.audience is Audience.ASKER
    assert "@everyone" not in chat.reply.summary


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(
        [
            *(c.name for c in COMMANDS),
            *(
                f"{c.name}.{v}"
                for c in COMMANDS
                for v in (*c.button_handlers, *(one.name for one in c.subcommands), "none")
            ),
            "x.y",
            "line",
        ]
    ),
    args=st.lists(st.text(PRINTABLE, max_size=12), max_size=4),
)
def test_any_crafted_action_gets_an_answer(name: str, args: list[str], service: Service) -> None:
    try:
        action = Action(name, tuple(args))
    except LimitExceededError:
        return
    answer = Chat(service).send_action(action).answer
    assert isinstance(answer, Form) or answer is None or answer.outcome is not ReplyOutcome.FAILED


@given(text=st.text(max_size=150))
def test_an_encoded_action_reads_back_or_is_refused(text: str) -> None:
    try:
        action = Action.decode(text)
    except InvalidActionError:
        return
    assert Action.decode(action.encode()) == action


def _raise_error(_request: object, _context: object) -> Reply:
    raise RuntimeError("the secret inside")


def test_a_command_that_breaks_gives_a_sentence_and_a_reference_that_is_in_the_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    context = service.context
    broken = replace(COMMANDS[0], handler=_raise_error)
    service = Service(
        lambda: ContentSnapshot(context.content, context.search),
        (broken, *COMMANDS[1:]),
        "/career",
        context.storage,
    )
    with caplog.at_level(logging.ERROR):
        chat = Chat(service).send_line("help")
    assert chat.reply.outcome is ReplyOutcome.FAILED
    assert "the secret inside" not in chat.text
    reference = caplog.records[-1].getMessage().split()[1].rstrip(":")
    assert reference in chat.text


def test_admin_command_refuses_unverified_user(service: Service) -> None:
    context = service.context
    admin = replace(COMMANDS[0], requirements=frozenset({Requirement.ADMIN}))
    service = Service(
        lambda: ContentSnapshot(context.content, context.search),
        (admin, *COMMANDS[1:]),
        "/career",
        context.storage,
    )
    chat = Chat(service)
    for known, said in ((None, "couldn't check whether"), (False, "Only admins")):
        chat.user = replace(chat.user, is_admin=known)
        assert said in chat.send_line("help").text
    chat.user = replace(chat.user, is_admin=True)
    assert chat.send_line("help").reply.outcome is ReplyOutcome.ANSWERED
