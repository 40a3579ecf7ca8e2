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

from bot.http_server import HttpServer
from bot.platforms.slack.events_endpoint import EventsEndpoint, _is_parseable
from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, run_harness
from tests.platforms.slack.fake_server import run_fake_slack

FORM = "application/x-www-form-urlencoded"
PRIVATE_WORD = "zyzzyva"


def format_old_timestamp(seconds: int) -> str:
    return str(int(datetime.now(UTC).timestamp()) - seconds)


async def test_slack_asks_whether_the_address_is_ours(harness: SlackHarness) -> None:
    asked = {"type": "url_verification", "challenge": "3eZbrw1aB"}
    assert await harness.post_payload(asked) == (200, {"challenge": "3eZbrw1aB"})


async def test_slack_checks_the_certificate_without_a_signature(harness: SlackHarness) -> None:
    async with harness.http.post(f"{harness.url}/slack/events", data="ssl_check=1&token=t") as answer:
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
    harness: SlackHarness, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    body, kind = payloads.encode_payload(
        payloads.build_slash_command(PRIVATE_WORD, harness.slack.response_url)
    )
    status, _ = await harness.post_bytes(body, kind, **headers)
    assert status == 401
    assert PRIVATE_WORD not in caplog.text


@pytest.mark.parametrize("seconds", [301, 86_400, -301, -86_400])
async def test_a_signature_from_another_time_is_refused(harness: SlackHarness, seconds: int) -> None:
    body, kind = payloads.encode_payload(payloads.build_slash_command("help", harness.slack.response_url))
    at = format_old_timestamp(seconds)
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": payloads.sign_body(body, at)}
    assert (await harness.post_bytes(body, kind, **headers))[0] == 401


async def test_a_signature_by_another_secret_is_refused(harness: SlackHarness) -> None:
    body, kind = payloads.encode_payload(payloads.build_slash_command("help", harness.slack.response_url))
    at = format_old_timestamp(0)
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": payloads.sign_body(body, at, "other")}
    assert (await harness.post_bytes(body, kind, **headers))[0] == 401


async def test_no_headers_at_all_is_refused(harness: SlackHarness) -> None:
    async with harness.http.post(f"{harness.url}/slack/events", data=b"{}") as answer:
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
    harness: SlackHarness, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    status, _ = await harness.post_bytes(body, kind)
    assert status in (200, 400, 404)
    assert len(caplog.text) < 20_000


async def test_two_mebibytes_are_refused_before_they_are_read(harness: SlackHarness) -> None:
    async with harness.http.post(f"{harness.url}/slack/events", data=BytesIO(b"x" * (2 << 20))) as answer:
        assert answer.status == 413


async def test_two_mebibytes_without_a_length_are_refused_too(harness: SlackHarness) -> None:
    async def chunks() -> object:
        for _ in range(32):
            yield b"x" * (1 << 16)

    async with harness.http.post(f"{harness.url}/slack/events", data=chunks()) as answer:
        assert answer.status == 413


TRUNCATED_REQUEST = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 100\r\n\r\nhalf"


async def test_a_body_that_does_not_end_is_given_up(harness: SlackHarness) -> None:
    door = EventsEndpoint(harness.bot.bolt_app, payloads.SECRET, lambda: datetime.now(UTC), body_timeout=0.05)
    server = HttpServer("127.0.0.1", 0)
    server.add_routes([web.post("/slack/events", door.handle)])
    address = urlsplit(await server.start())
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(TRUNCATED_REQUEST)
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await server.stop()


async def test_who_hangs_up_in_the_middle_leaves_no_error(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async with run_fake_slack() as slack, run_harness(service, slack) as work:
        address = urlsplit(work.url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(TRUNCATED_REQUEST)
        await writer.drain()
        assert await work.type_command("help")  # by now the half has arrived
        writer.close()
        await writer.wait_closed()
        assert await work.type_command("help")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_socket_mode_serves_no_events_endpoint(service: Service) -> None:
    async with run_fake_slack() as slack, run_harness(service, slack, app_token="any") as work:
        body, kind = payloads.encode_payload(payloads.build_slash_command("help", slack.response_url))
        assert (await work.post_bytes(body, kind))[0] == 404


JSON_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
JSON_VALUES = st.recursive(
    JSON_LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
PAYLOAD_TYPES = (
    "block_actions",
    "view_submission",
    "event_callback",
    "message_action",
    "view_closed",
    "shortcut",
)
PAYLOAD_KEYS = (
    "type",
    "user",
    "team",
    "actions",
    "container",
    "channel",
    "event",
    "view",
    "message",
    "trigger_id",
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PAYLOAD_TYPES), st.dictionaries(st.sampled_from(PAYLOAD_KEYS), JSON_VALUES))
def test_any_shape_of_payload_is_survived(service: Service, kind: str, parts: dict[str, object]) -> None:
    payload = {"team_id": "T1", **parts, "type": kind}

    async def sent() -> int:
        async with run_fake_slack() as slack, run_harness(service, slack) as work:
            status, _ = await work.post_bytes(json.dumps(payload).encode())
            await work.wait_until_idle()
            return status

    assert asyncio.run(sent()) < 500


def test_what_is_readable_is_what_slack_sends() -> None:
    assert _is_parseable('{"a": 1}', "application/json")
    assert _is_parseable("command=%2Fcareer&text=", FORM)
    assert not _is_parseable("", FORM)
