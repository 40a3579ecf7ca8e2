"""What Discord slows down: a short wait is waited in place, a long one is told with what has to wait."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import DeliveryError
from bot.messaging.blocks import Paragraph
from bot.messaging.delivery import Delivery, DeliveryKind
from bot.messaging.reply import Audience, Reply
from bot.messaging.spans import build_spans
from tests.platforms.discord.fake_server import ANN, InjectedFault, run_fake_discord
from tests.platforms.discord.test_connection import run_connected_bot

MESSAGES = "/channels/{}/messages"


def _build_delivery(channel: str, *, direct: bool = False) -> Delivery:
    reply = Reply((Paragraph(build_spans("a tip")),), "a tip", audience=Audience.EVERYONE)
    return Delivery(
        DeliveryKind.TIP,
        "discord",
        "1000",
        channel,
        direct,
        reply,
        f"tip:{channel}",
        datetime(2026, 11, 24, tzinfo=UTC),
    )


async def test_short_rate_limit_is_waited_and_posts_once(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub) as discord:
        stub.faults.append(InjectedFault("POST", MESSAGES.format(1001), 429, retry_after=0.05))
        assert await discord.deliver(_build_delivery("1001"))
        assert len(stub.list_bot_messages("1001")) == 1


@pytest.mark.parametrize(
    ("scope", "limited_scope"),
    [("user", "channel"), ("shared", "channel"), ("global", "platform"), ("network", "platform")],
)
async def test_long_rate_limit_is_raised_with_its_scope(
    tmp_path: Path, scope: str, limited_scope: str
) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub) as discord:
        stub.faults.append(InjectedFault("POST", MESSAGES.format(1001), 429, retry_after=41.5, scope=scope))
        with pytest.raises(DeliveryError) as told:
            await discord.deliver(_build_delivery("1001"))
        assert (told.value.reason, told.value.possibly_delivered) == ("ratelimited", False)
        assert (told.value.retry_after, told.value.scope) == (41.5, limited_scope)
        assert stub.list_bot_messages("1001") == []


async def test_another_channel_goes_on_meanwhile(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub) as discord:
        stub.faults.append(InjectedFault("POST", MESSAGES.format(1001), 429, retry_after=41.5))
        with pytest.raises(DeliveryError):
            await discord.deliver(_build_delivery("1001"))
        assert await discord.deliver(_build_delivery("1002"))


async def test_sending_needs_no_gateway(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub) as discord:
        await stub.close_connection()
        assert discord.can_send
        assert await discord.deliver(_build_delivery("1001"))


@pytest.mark.parametrize(
    ("fault", "reason", "possibly_delivered"),
    [
        (InjectedFault("POST", "/users/@me/channels", 403, 50007), "50007", False),
        (InjectedFault("GET", f"/users/{ANN}", 404, 10013), "10013", False),
        (InjectedFault("GET", f"/users/{ANN}", 401), "401", False),
    ],
)
async def test_unreachable_person_is_recognized_by_error_code(
    tmp_path: Path, fault: InjectedFault, reason: str, possibly_delivered: bool
) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub) as discord:
        stub.faults.append(fault)
        with pytest.raises(DeliveryError) as told:
            await discord.deliver(_build_delivery(ANN, direct=True))
        assert (told.value.reason, told.value.possibly_delivered) == (reason, possibly_delivered)
