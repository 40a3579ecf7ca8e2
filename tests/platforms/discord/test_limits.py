"""What Discord slows down: a short wait is waited in place, a long one is told with what has to wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.blocks import Paragraph
from bot.dialogue.delivery import Delivery
from bot.dialogue.reply import Audience, Reply
from bot.dialogue.spans import spans
from bot.errors import NotSent
from tests.platforms.discord.stub import ANN, Fault, running
from tests.platforms.discord.test_connection import connected

MESSAGES = "/channels/{}/messages"


def _message(channel: str, *, direct: bool = False) -> Delivery:
    reply = Reply((Paragraph(spans("a tip")),), "a tip", audience=Audience.EVERYONE)
    return Delivery("discord", "1000", channel, direct, reply, f"tip:{channel}")


async def test_a_short_wait_is_waited_and_the_message_stands_once(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub) as discord:
        stub.faults.append(Fault("POST", MESSAGES.format(1001), 429, after=0.05))
        assert await discord.deliver(_message("1001"))
        assert len(stub.posted("1001")) == 1


@pytest.mark.parametrize(
    ("scope", "held"),
    [("user", "channel"), ("shared", "channel"), ("global", "platform"), ("network", "platform")],
)
async def test_a_long_wait_is_told_with_what_has_to_wait(tmp_path: Path, scope: str, held: str) -> None:
    async with running() as stub, connected(tmp_path, stub) as discord:
        stub.faults.append(Fault("POST", MESSAGES.format(1001), 429, after=41.5, scope=scope))
        with pytest.raises(NotSent) as told:
            await discord.deliver(_message("1001"))
        assert (told.value.reason, told.value.maybe) == ("ratelimited", False)
        assert (told.value.retry_after, told.value.scope) == (41.5, held)
        assert stub.posted("1001") == []


async def test_another_channel_goes_on_meanwhile(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub) as discord:
        stub.faults.append(Fault("POST", MESSAGES.format(1001), 429, after=41.5))
        with pytest.raises(NotSent):
            await discord.deliver(_message("1001"))
        assert await discord.deliver(_message("1002"))


async def test_sending_needs_no_gateway(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub) as discord:
        await stub.drop()
        assert discord.ready
        assert await discord.deliver(_message("1001"))


@pytest.mark.parametrize(
    ("fault", "reason", "maybe"),
    [
        (Fault("POST", "/users/@me/channels", 403, 50007), "50007", False),
        (Fault("GET", f"/users/{ANN}", 404, 10013), "10013", False),
        (Fault("GET", f"/users/{ANN}", 401), "401", False),
    ],
)
async def test_a_person_who_cannot_be_reached_is_told_by_discords_number(
    tmp_path: Path, fault: Fault, reason: str, maybe: bool
) -> None:
    async with running() as stub, connected(tmp_path, stub) as discord:
        stub.faults.append(fault)
        with pytest.raises(NotSent) as told:
            await discord.deliver(_message(ANN, direct=True))
        assert (told.value.reason, told.value.maybe) == (reason, maybe)
