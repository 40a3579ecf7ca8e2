"""Inputs are parsed once and button arguments survive the way to the button and back."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.ask import AskInput, ExplanationArgs
from bot.commands.browse import BrowseInput, TagPageArgs
from bot.commands.card import CardInput
from bot.commands.card_args import CardArgs
from bot.commands.compare_input import CompareInput, ComparisonArgs
from bot.commands.export import ExportArgs
from bot.commands.inputs import ButtonArgs, CommandInput, parse_number
from bot.commands.line_parser import MAX_COMMAND_LENGTH, parse_line, suggest_command
from bot.commands.quiz.quiz_input import EncryptedStateArgs, QuizInput, SignedStateArgs, TakeQuizArgs
from bot.content.quiz_models import QUESTION_CODES
from bot.messaging.action import Action
from bot.messaging.reply import ReplyOutcome
from bot.service import Service
from tests.chat import Chat

HASHES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=1, max_size=8)
ANSWERS = st.text("abcdef-.", min_size=len(QUESTION_CODES), max_size=len(QUESTION_CODES))
ARGS = st.one_of(
    st.builds(ExplanationArgs, HASHES),
    st.builds(TagPageArgs, HASHES, st.integers(1, 9999)),
    st.builds(CardArgs, HASHES, st.lists(HASHES, max_size=3).map(tuple)),
    st.builds(
        ComparisonArgs, HASHES, st.just("") | HASHES, st.lists(HASHES, min_size=1, max_size=5).map(tuple)
    ),
    st.builds(ExportArgs, st.integers(0, 999_999)),
    st.builds(TakeQuizArgs, HASHES, st.booleans()),
    st.builds(SignedStateArgs, HASHES, HASHES, ANSWERS, st.just("") | HASHES, HASHES),
    st.builds(EncryptedStateArgs, HASHES, HASHES, HASHES),
)
ARG_TYPES: tuple[type[ButtonArgs], ...] = (
    ExplanationArgs,
    TagPageArgs,
    CardArgs,
    ComparisonArgs,
    ExportArgs,
    TakeQuizArgs,
    SignedStateArgs,
    EncryptedStateArgs,
)
GARBAGE = st.lists(
    st.text(max_size=40) | HASHES | st.sampled_from(["", "here", "0", "٣", "007", "+", "9" * 5000]),
    max_size=7,
).map(tuple)


@given(ARGS)
def test_button_args_survive_the_button(args: Any) -> None:
    assert type(args).decode(args.encode()) == args


@given(GARBAGE)
def test_any_args_decode_to_args_that_encode_again_or_to_none(garbage: tuple[str, ...]) -> None:
    for args_type in ARG_TYPES:
        args = args_type.decode(garbage)
        assert args is None or args_type.decode(args.encode()) == args


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1 ", "01", "٣", "²", "1_0", "12345", "x", "1.0"])
def test_number_that_str_would_not_write_is_none(text: str) -> None:
    assert parse_number(text, max_digits=4) is None


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("ask.why", ()), ("ask.why", ("a", "b")), ("browse.tag", ()), ("browse.tag", ("risk", "-1")),
        ("browse.tag", ("risk", "1", "2")), ("card.show", ()), ("card.share", ("a", "b", "c", "d", "e")),
        ("compare.keep", ("a",)), ("export", ("x",)), ("export", ("1", "2")), ("quiz.take", ()),
        ("quiz.take", ("a", "there")), ("quiz.answer", ()), ("quiz.answer", ("a", "b", "c", "d", "e")),
    ],
)  # fmt: skip
def test_crafted_args_are_refused(name: str, args: tuple[str, ...], chat: Chat) -> None:
    assert chat.send_action(Action(name, args)).reply.outcome is ReplyOutcome.REFUSED


@pytest.mark.parametrize(
    ("line", "input_type", "fields"),
    [
        ("ask should I do a PhD?", AskInput, {"question": "should I do a PhD?"}),
        ("browse risk", BrowseInput, {"tag": "risk"}),
        ("browse nothing", BrowseInput, {"tag": "nothing"}),
        ("card phd-or-not", CardInput, {"card": "phd-or-not"}),
        ("card pay cut", CardInput, {"card": "pay cut"}),
        ("compare big tech, academia by data", CompareInput, {"options": "big tech, academia", "by": "data"}),
        ("compare academia by lunch", CompareInput, {"options": "academia", "by": "lunch"}),
        ("quiz research gap", QuizInput, {"name": "research gap"}),
        ("quiz research gap here", QuizInput, {"name": "research gap", "here": "here"}),
    ],
)
def test_typed_line_and_typed_options_become_the_same_input(
    line: str, input_type: type[CommandInput], fields: dict[str, str], service: Service
) -> None:
    parsed = parse_line(line, service.context).command_input
    assert isinstance(parsed, input_type)
    assert parsed == input_type.from_fields(fields, service.context)


UNITS = (
    "compare ", "big tech, ", "tips on tuesday ", "Europe/Berlin ", "berlin ", "at 9 ", "09:00 ", "by ", "<http://a",
    "a", "?", ", ", " vs ", "\0", "\n", "<#C1", "quiz here since:", "card ", "me ", "in ", "é", "👩🏽‍🔬", "ask ",
)  # fmt: skip


@pytest.mark.parametrize(
    "command", ["", "ask ", "card ", "browse ", "compare ", "quiz ", "tips on ", "admin "]
)
def test_steps_of_parsing_grow_linearly(command: str, service: Service) -> None:
    """Counted in executed lines of the bot and calls of C functions, so a busy machine changes nothing."""
    context = service.context
    for unit in UNITS:
        parse_line(command + unit, context)
        small, medium, large = (
            _count_steps((command + unit * (length // len(unit) + 1))[:length], service)
            for length in (1_000, 10_000, 40_000)
        )
        assert medium <= 12 * small + 2_000, (command, unit, small, medium)
        assert large <= 5 * medium + 2_000, (command, unit, medium, large)


def _count_steps(line: str, service: Service) -> int:
    steps = 0

    def count_event(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    context = service.context
    sys.setprofile(count_event)
    try:
        parse_line(line, context)
        suggest_command(line, context)
    finally:
        sys.setprofile(None)
    return steps


@pytest.mark.parametrize("command", ["compare", "card", "browse", "quiz", "tips on tuesday"])
def test_longest_command_line_takes_bounded_steps(command: str, service: Service) -> None:
    """300 characters are the most that is parsed as a command."""
    for unit in UNITS:
        line = f"{command} {unit * MAX_COMMAND_LENGTH}"[:MAX_COMMAND_LENGTH]
        parse_line(line, service.context)
        assert _count_steps(line, service) < 60_000, (command, unit)


def test_line_over_the_limit_is_a_question(service: Service) -> None:
    line = "compare big tech, academia" + ", academia" * 40
    assert len(line) > MAX_COMMAND_LENGTH
    assert parse_line(line, service.context).command_input == AskInput(line)
    long_question = "why " * 200 + "?"
    assert parse_line(f"/career ask {long_question}", service.context).command_input == AskInput(
        long_question
    )
