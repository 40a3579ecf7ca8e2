"""Socket Mode: the same listeners behind a connection that comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import SlackHarness, find_controls, read_text, run_harness
from tests.platforms.slack.fake_server import FakeSlack, Json, run_fake_slack
from tests.platforms.supervised_platform import supervise_until_cancelled


@asynccontextmanager
async def run_socket_mode(service: Service, slack: FakeSlack) -> AsyncIterator[SlackHarness]:
    """A bot that keeps a socket to this Slack."""
    async with run_harness(service, slack, app_token="any app token") as work:
        running = asyncio.create_task(supervise_until_cancelled(work.bot))
        yield work
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def build_envelope(kind: str, payload: Json) -> Json:
    return {
        "type": kind, "envelope_id": f"E{payloads.create_id()}", "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }  # fmt: skip


async def test_commands_clicks_events_and_forms_arrive_through_the_socket(service: Service) -> None:
    async with run_fake_slack() as slack, run_socket_mode(service, slack):
        command = build_envelope(
            "slash_commands", payloads.build_slash_command("compare big-tech academia", slack.response_url)
        )
        await slack.send_envelope(command)
        ack = await slack.wait_for_ack(command["envelope_id"])
        assert ack["payload"]["response_type"] == "ephemeral"
        assert "Academia" in read_text(ack["payload"]["blocks"])

        how = find_controls(ack["payload"]["blocks"])["Collaboration and roles"]
        click = build_envelope("interactive", payloads.build_click(how["action_id"], slack.response_url))
        await slack.send_envelope(click)
        assert "payload" not in await slack.wait_for_ack(click["envelope_id"])
        assert (await slack.wait_for_call("response_url"))["replace_original"] is True

        event = build_envelope("events_api", payloads.build_mention("help"))
        await slack.send_envelope(event)
        await slack.send_envelope(event)  # an envelope comes again when its ack was lost
        await slack.wait_for_ack(event["envelope_id"])
        await slack.wait_for_call("chat.postMessage")

        opening = build_envelope("slash_commands", payloads.build_slash_command("ask", slack.response_url))
        await slack.send_envelope(opening)
        view = (await slack.wait_for_call("views.open"))["view"]
        filled = build_envelope(
            "interactive", payloads.build_submission(view, {"question": "should I do a phd?"})
        )
        await slack.send_envelope(filled)
        await slack.wait_for_ack(filled["envelope_id"])
        await slack.wait_for_call("response_url", 2)
        assert len(slack.list_payloads("chat.postMessage")) == 1


async def test_slack_may_request_a_reconnect(service: Service) -> None:
    async with run_fake_slack() as slack, run_socket_mode(service, slack):
        await slack.send_envelope({"type": "disconnect", "reason": "refresh_requested"})
        await slack.wait_until(lambda: len(slack.sockets) == 2)
        event = build_envelope("events_api", payloads.build_direct_message("help"))
        await slack.send_envelope(event)
        await slack.wait_for_call("chat.postMessage")


async def test_a_slack_that_is_away_is_said_once_and_waited_for(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async with run_fake_slack() as slack:
        slack.faults["apps.connections.open"] = ["internal_error"]
        async with run_socket_mode(service, slack) as work:
            await slack.send_envelope(build_envelope("events_api", payloads.build_direct_message("help")))
            await slack.wait_for_call("chat.postMessage")
            assert work.bot.is_connected
        said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert [line.partition(" (")[0] for line in said] == [
        "Slack cannot be reached by Socket Mode",
        "Slack is back",
    ]
