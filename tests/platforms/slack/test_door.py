"""Hostile input at `/slack/events`: turned away at once, nothing of it logged, never a 500."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.platforms.slack.door import Door, _readable
from bot.server import Server
from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace, working
from tests.platforms.slack.stand_in import stand_in

FORM = "application/x-www-form-urlencoded"
SECRETLY = "zyzzyva"


def old(seconds: int) -> str:
    return str(int(datetime.now(UTC).timestamp()) - seconds)


async def test_slack_asks_whether_the_address_is_ours(work: Workspace) -> None:
    asked = {"type": "url_verification", "challenge": "3eZbrw1aB"}
    assert await work.post(asked) == (200, {"challenge": "3eZbrw1aB"})


async def test_slack_checks_the_certificate_without_a_signature(work: Workspace) -> None:
    async with work.http.post(f"{work.url}/slack/events", data="ssl_check=1&token=t") as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=ü" + "0" * 63},
        {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "١٢٣"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
async def test_what_slack_did_not_sign_is_refused(
    work: Workspace, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    body, kind = payloads.on_wire(payloads.command(SECRETLY, work.slack.response_url))
    status, _ = await work.raw(body, kind, **headers)
    assert status == 401
    assert SECRETLY not in caplog.text


@pytest.mark.parametrize("seconds", [301, 86_400, -301, -86_400])
async def test_a_signature_from_another_time_is_refused(work: Workspace, seconds: int) -> None:
    body, kind = payloads.on_wire(payloads.command("help", work.slack.response_url))
    at = old(seconds)
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": payloads.signature(body, at)}
    assert (await work.raw(body, kind, **headers))[0] == 401


async def test_a_signature_by_another_secret_is_refused(work: Workspace) -> None:
    body, kind = payloads.on_wire(payloads.command("help", work.slack.response_url))
    at = old(0)
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": payloads.signature(body, at, "other")}
    assert (await work.raw(body, kind, **headers))[0] == 401


async def test_no_headers_at_all_is_refused(work: Workspace) -> None:
    async with work.http.post(f"{work.url}/slack/events", data=b"{}") as answer:
        assert answer.status == 401
        assert answer.headers["X-Slack-No-Retry"] == "1"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"[" * 200_000, "application/json"),
        (b'{"a":' * 100_000, "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"", "application/json"),
        (b"", FORM),
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"payload=null", FORM),
        (b"payload=" + b"[" * 200_000, FORM),
        (b"&".join(b"a=b" for _ in range(200)), FORM),
        (b"\xff=\xfe", FORM),
        (b'{"type":5,"event":5,"user":5}', "application/json"),
        (b'{"type":"event_callback","event":"text"}', "application/json"),
        (b'{"type":"event_callback","event":{"type":null},"authorizations":"x"}', "application/json"),
        (b"payload=" + urlencode({"": '{"type":"block_actions","actions":[]}'})[1:].encode(), FORM),
        (b"payload=" + urlencode({"": '{"type":"block_actions","actions":[{}]}'})[1:].encode(), FORM),
        (b"payload=" + urlencode({"": '{"type":"view_submission","view":7}'})[1:].encode(), FORM),
        (b"command=%2Fcareer", FORM),
    ],
)
async def test_signed_nonsense_is_no_server_error(
    work: Workspace, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    status, _ = await work.raw(body, kind)
    assert status in (200, 400, 404)
    assert len(caplog.text) < 20_000


async def test_two_mebibytes_are_refused_before_they_are_read(work: Workspace) -> None:
    async with work.http.post(f"{work.url}/slack/events", data=BytesIO(b"x" * (2 << 20))) as answer:
        assert answer.status == 413


async def test_two_mebibytes_without_a_length_are_refused_too(work: Workspace) -> None:
    async def chunks() -> object:
        for _ in range(32):
            yield b"x" * (1 << 16)

    async with work.http.post(f"{work.url}/slack/events", data=chunks()) as answer:
        assert answer.status == 413


HALF = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 100\r\n\r\nhalf"


async def test_a_body_that_does_not_end_is_given_up(work: Workspace) -> None:
    door = Door(work.bot.app, payloads.SECRET, lambda: datetime.now(UTC), patience=0.05)
    server = Server("127.0.0.1", 0)
    server.mount([web.post("/slack/events", door.enter)])
    address = urlsplit(await server.start())
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(HALF)
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await server.stop()


async def test_who_hangs_up_in_the_middle_leaves_no_error(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async with stand_in() as slack, working(service, slack) as work:
        address = urlsplit(work.url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(HALF)
        await writer.drain()
        assert await work.say("help")  # by now the half has arrived
        writer.close()
        await writer.wait_closed()
        assert await work.say("help")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_with_socket_mode_there_is_no_door(service: Service) -> None:
    async with stand_in() as slack, working(service, slack, app_token="any") as work:
        body, kind = payloads.on_wire(payloads.command("help", slack.response_url))
        assert (await work.raw(body, kind))[0] == 404


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
shapes = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
KINDS = ("block_actions", "view_submission", "event_callback", "message_action", "view_closed", "shortcut")
PARTS = ("type", "user", "team", "actions", "container", "channel", "event", "view", "message", "trigger_id")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(PARTS), shapes))
def test_any_shape_of_payload_is_survived(service: Service, kind: str, parts: dict[str, object]) -> None:
    payload = {"team_id": "T1", **parts, "type": kind}

    async def sent() -> int:
        async with stand_in() as slack, working(service, slack) as work:
            status, _ = await work.raw(json.dumps(payload).encode())
            await work.settled()
            return status

    assert asyncio.run(sent()) < 500


def test_what_is_readable_is_what_slack_sends() -> None:
    assert _readable('{"a": 1}', "application/json")
    assert _readable("command=%2Fcareer&text=", FORM)
    assert not _readable("", FORM)
