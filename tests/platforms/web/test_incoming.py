"""Whatever bytes arrive, they are a request or plainly none."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidActionError
from bot.messaging.request import Request
from bot.platforms.web.request_parser import InvalidBody, Visitor, parse_body, parse_request
from tests.chat import NOON

NAMES = st.sampled_from(["action", "inputs", "place", "zone", "line", "showing"])
JSON = st.recursive(
    st.none() | st.text() | st.integers() | st.sampled_from(["channel", "card.show:x", "Europe/London"]),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
    max_leaves=10,
)


@given(st.binary() | JSON.map(lambda made: json.dumps(made).encode()))
def test_any_bytes_are_a_request_or_not_understood(raw: bytes) -> None:
    try:
        request = parse_request(parse_body(raw), Visitor("v", "you", True), NOON)
    except (InvalidBody, InvalidActionError):
        return
    assert isinstance(request, Request)
