"""Socket Mode: the same listeners behind a connection that comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.platforms.platform import keep
from bot.service import Service
from tests.platforms.slack import payloads
from tests.platforms.slack.conftest import Workspace, pressable, words, working
from tests.platforms.slack.stand_in import Json, StandIn, stand_in


@asynccontextmanager
async def connecting(service: Service, slack: StandIn) -> AsyncIterator[Workspace]:
    """A bot that keeps a socket to this Slack."""
    async with working(service, slack, app_token="any app token") as work:
        running = asyncio.create_task(keep(work.bot))
        yield work
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def envelope(kind: str, payload: Json) -> Json:
    return {
        "type": kind, "envelope_id": f"E{payloads.fresh()}", "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }  # fmt: skip


async def test_commands_clicks_events_and_forms_arrive_through_the_socket(service: Service) -> None:
    async with stand_in() as slack, connecting(service, slack):
        command = envelope(
            "slash_commands", payloads.command("compare big-tech academia", slack.response_url)
        )
        await slack.send(command)
        ack = await slack.ack(command["envelope_id"])
        assert ack["payload"]["response_type"] == "ephemeral"
        assert "Academia" in words(ack["payload"]["blocks"])

        how = pressable(ack["payload"]["blocks"])["Collaboration and roles"]
        click = envelope("interactive", payloads.click(how["action_id"], slack.response_url))
        await slack.send(click)
        assert "payload" not in await slack.ack(click["envelope_id"])
        assert (await slack.next("response_url"))["replace_original"] is True

        event = envelope("events_api", payloads.mention("help"))
        await slack.send(event)
        await slack.send(event)  # an envelope comes again when its ack was lost
        await slack.ack(event["envelope_id"])
        await slack.next("chat.postMessage")

        opening = envelope("slash_commands", payloads.command("ask", slack.response_url))
        await slack.send(opening)
        view = (await slack.next("views.open"))["view"]
        filled = envelope("interactive", payloads.submission(view, {"question": "should I do a phd?"}))
        await slack.send(filled)
        await slack.ack(filled["envelope_id"])
        await slack.next("response_url", 2)
        assert len(slack.made("chat.postMessage")) == 1


async def test_slack_may_ask_to_connect_anew(service: Service) -> None:
    async with stand_in() as slack, connecting(service, slack):
        await slack.send({"type": "disconnect", "reason": "refresh_requested"})
        await slack.until(lambda: len(slack.sockets) == 2)
        event = envelope("events_api", payloads.direct("help"))
        await slack.send(event)
        await slack.next("chat.postMessage")


async def test_a_slack_that_is_away_is_said_once_and_waited_for(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async with stand_in() as slack:
        slack.trouble["apps.connections.open"] = ["internal_error"]
        async with connecting(service, slack) as work:
            await slack.send(envelope("events_api", payloads.direct("help")))
            await slack.next("chat.postMessage")
            assert work.bot.connected
        said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert [line.partition(" (")[0] for line in said] == [
        "Slack cannot be reached by Socket Mode",
        "Slack is back",
    ]
