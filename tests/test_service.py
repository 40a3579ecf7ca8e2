"""respond() always answers: crafted actions, any bytes, a command that breaks."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import COMMANDS
from bot.commands.command import Need
from bot.dialogue.action import Action
from bot.dialogue.reply import Audience, Form, Outcome, Reply
from bot.errors import BadAction, DoesNotFit
from bot.service import Edition, Service
from tests.chat import Chat

PRINTABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\0\x1b\u202e\u200b\ud800\udfff@<>!#*_`|:&"),
    ),
    max_size=300,
)
LINES = st.one_of(
    ODD,
    st.builds(lambda name, rest: f"{name} {rest}", st.sampled_from([c.name for c in COMMANDS]), ODD),
    st.builds(lambda text, times: (text * times)[:40_000], ODD, st.integers(1, 2_000)),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=LINES)
def test_any_typed_characters_get_an_answer_and_ping_nobody(line: str, service: Service) -> None:
    chat = Chat(service).say(line)
    if isinstance(chat.answer, Form):
        return
    assert chat.reply.outcome is not Outcome.FAILED
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
                for v in (*c.verbs, *(one.name for one in c.subcommands), "none")
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
    except DoesNotFit:
        return
    answer = Chat(service).do(action).answer
    assert isinstance(answer, Form) or answer is None or answer.outcome is not Outcome.FAILED


@given(text=st.text(max_size=150))
def test_an_encoded_action_reads_back_or_is_refused(text: str) -> None:
    try:
        action = Action.decode(text)
    except BadAction:
        return
    assert Action.decode(action.encode()) == action


def _broken(_request: object, _context: object) -> Reply:
    raise RuntimeError("the secret inside")


def test_a_command_that_breaks_gives_a_sentence_and_a_reference_that_is_in_the_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    context = service.context
    broken = replace(COMMANDS[0], answer=_broken)
    service = Service(
        lambda: Edition(context.library, context.search), (broken, *COMMANDS[1:]), "/career", context.home
    )
    with caplog.at_level(logging.ERROR):
        chat = Chat(service).say("help")
    assert chat.reply.outcome is Outcome.FAILED
    assert "the secret inside" not in chat.text
    reference = caplog.records[-1].getMessage().split()[1].rstrip(":")
    assert reference in chat.text


def test_an_admin_command_refuses_whom_nobody_looked_up(service: Service) -> None:
    context = service.context
    admin = replace(COMMANDS[0], needs=frozenset({Need.ADMIN}))
    service = Service(
        lambda: Edition(context.library, context.search), (admin, *COMMANDS[1:]), "/career", context.home
    )
    chat = Chat(service)
    for known, said in ((None, "could not see just now"), (False, "Only admins")):
        chat.user = replace(chat.user, admin=known)
        assert said in chat.say("help").text
    chat.user = replace(chat.user, admin=True)
    assert chat.say("help").reply.outcome is Outcome.ANSWERED
