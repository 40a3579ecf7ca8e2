"""The real client over loopback: connecting, resuming, and calls that go wrong on the way."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.platforms.discord.platform import DiscordCredentials, DiscordPlatform
from tests.platforms.discord.discord_harness import (
    ProbeCommands,
    build_platform,
    build_service,
    list_button_ids,
    list_button_labels,
    read_text,
)
from tests.platforms.discord.fake_server import (
    ANN,
    BOT,
    EPHEMERAL,
    FakeDiscord,
    FakeInteraction,
    InjectedFault,
    build_user,
    run_fake_discord,
)
from tests.platforms.supervised_platform import supervise_until_cancelled


def _response_type(interaction: FakeInteraction) -> int:
    assert interaction.response is not None
    return int(interaction.response["type"])


def _has_components(discord: FakeDiscord, interaction: FakeInteraction) -> bool:
    return bool(discord.result_message(interaction)["components"])


@asynccontextmanager
async def run_connected_bot(
    data_dir: Path, discord: FakeDiscord, commands: ProbeCommands | None = None, limit: float = 2.0
) -> AsyncIterator[DiscordPlatform]:
    """The bot, connected to the stub. Only what a stage holds back is promised first, however slow we are."""
    patience = 30.0 if commands is None else 0.05
    commands = commands or ProbeCommands()
    access = DiscordCredentials("any token at all", discord.api_url, discord.gateway_url)
    platform = build_platform(
        build_service(commands.commands, data_dir), data_dir, access, limit, patience=patience
    )
    task = asyncio.create_task(platform.run())
    before = len(discord.identify_payloads)
    try:
        await discord.wait_until(lambda: len(discord.identify_payloads) > before and bool(discord.sockets))
        yield platform
    finally:
        task.cancel()  # in the order of `App.run`
        with suppress(asyncio.CancelledError):
            await task
        await platform.close()
        commands.release.set()


async def test_it_connects_with_nothing_privileged_and_says_when_it_is_there(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub) as discord:
        privileged = (1 << 1) | (1 << 8) | (1 << 15)
        assert stub.identify_payloads[0]["intents"] & privileged == 0
        asked = await stub.send_slash_command("ask", question="should I do a phd?")
        assert discord.is_connected
        assert discord.can_send
        assert _response_type(asked) == 4
        assert asked.is_ephemeral
        assert "PhD" in read_text(stub.result_message(asked))
    assert not discord.is_connected


async def test_before_it_is_logged_in_it_sends_nothing_and_says_so(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        access = DiscordCredentials("any token at all", stub.api_url, stub.gateway_url)
        platform = build_platform(build_service(ProbeCommands().commands, tmp_path), tmp_path, access)
        assert not platform.can_send


async def test_commands_are_synced_only_when_changed(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        async with run_connected_bot(tmp_path, stub):
            pass
        async with run_connected_bot(tmp_path, stub):
            assert len(stub.commands) == 1
        (tmp_path / "discord-commands.json").write_text('{"2000": "of an older bot"}')
        async with run_connected_bot(tmp_path, stub):
            assert len(stub.commands) == 2


async def test_sync_pushes_commands_without_connecting(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        stage = ProbeCommands()
        platform = build_platform(
            build_service(stage.commands, tmp_path),
            tmp_path,
            DiscordCredentials("t", stub.api_url, stub.gateway_url),
        )
        await platform.sync_commands()
        await platform.sync_commands()
        assert len(stub.commands) == 2
        assert stub.identify_payloads == []


async def test_failed_command_sync_does_not_stop_the_bot(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        stub.faults.append(InjectedFault("PUT", "/applications/.*", 400, 50035))
        async with run_connected_bot(tmp_path, stub):
            assert (await stub.send_slash_command("privacy")).response is not None


async def test_a_broken_connection_is_resumed_and_nothing_is_answered_twice(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        await stub.send_slash_command("privacy")
        await stub.send_mention(f"<@{BOT}> should I do a phd?", message_id="777")
        await stub.wait_until(lambda: len(stub.list_bot_messages("777")) == 1)
        await stub.close_connection()
        await stub.wait_until(lambda: len(stub.resume_payloads) == 1)
        asked = await stub.send_slash_command("browse")
        assert asked.response is not None
        assert len(stub.identify_payloads) == 1
        assert len(stub.list_bot_messages("777")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        InjectedFault("POST", "/channels/777/messages", 429, retry_after=0.01),
        InjectedFault("POST", "/channels/777/messages", 503),
        InjectedFault("POST", "/channels/777/messages", drops_response=True),
    ],
    ids=["429", "503", "answer lost"],
)
async def test_failed_post_is_retried_and_posted_once(tmp_path: Path, fault: InjectedFault) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        stub.faults.append(fault)
        await stub.send_mention(f"<@{BOT}> should I do a phd?", message_id="777")
        await stub.wait_until(lambda: sum(path == "/channels/777/messages" for _, path, _ in stub.calls) == 2)
        await stub.send_slash_command("privacy")
        assert len(stub.list_bot_messages("777")) == 1
        nonces = [body["nonce"] for _, path, body in stub.calls if path == "/channels/777/messages"]
        assert len(set(nonces)) == 1
        assert 0 < len(nonces[0]) <= 25
        assert all(body["enforce_nonce"] for _, path, body in stub.calls if path == "/channels/777/messages")


async def test_a_first_response_whose_answer_was_lost_is_given_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        stub.faults.append(InjectedFault("POST", "/interactions/.*", drops_response=True))
        asked = await stub.send_slash_command("privacy")
        await stub.send_slash_command("browse")
        assert asked.followups == []
        assert "was not answered" not in caplog.text


async def test_a_thousand_repeated_clicks_count_once(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        shown = stub.result_message(await stub.send_slash_command("card", card="phd-or-not"))
        share = next(one for one in list_button_ids(shown) if one.startswith("bot:card.share"))
        data = {"custom_id": share, "component_type": 2}
        presses = [await stub.send_interaction(3, data, message=shown, wait=False) for _ in range(1_000)]
        await stub.wait_until(lambda: all(one.response is not None for one in presses))
        kinds = Counter(_response_type(one) for one in presses if one.response is not None)
        assert kinds == {4: 1, 6: 999}


async def test_a_slow_command_is_deferred_privately_and_then_answered(tmp_path: Path) -> None:
    stage = ProbeCommands()
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub, stage):
        asked = await stub.send_slash_command("wait")
        assert _response_type(asked) == 5
        assert asked.is_ephemeral
        stage.release.set()
        await stub.wait_until(lambda: bool(stub.result_message(asked)["components"]))
        assert read_text(stub.result_message(asked)) == "**waited**"


async def test_what_is_for_everyone_is_published_after_a_private_promise(tmp_path: Path) -> None:
    stage = ProbeCommands()
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub, stage):
        asked = await stub.send_slash_command("wait", name="shared")
        assert asked.is_ephemeral
        stage.release.set()
        await stub.wait_until(lambda: bool(asked.followups))
        assert read_text(stub.result_message(asked)) == "It is in this channel now."
        assert read_text(asked.followups[0]) == "Everyone reads this."
        assert not asked.followups[0]["flags"] & EPHEMERAL


@pytest.mark.parametrize(
    ("name", "words"), [("prose", "A heading"), ("private thread", "In a private thread.")]
)
async def test_slow_press_is_answered_in_a_new_message(tmp_path: Path, name: str, words: str) -> None:
    stage = ProbeCommands()
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub, stage):
        shown = stub.result_message(await stub.send_slash_command("gallery", name="shared"))
        asked = await stub.click_button(shown, f"bot:wait.press:{name}")
        assert asked.response == {"type": 6}
        stage.release.set()
        await stub.wait_until(lambda: bool(asked.followups))
        assert words in read_text(asked.followups[0])
        assert asked.followups[0]["flags"] & EPHEMERAL
        assert stub.result_message(asked)["components"] == shown["components"]


async def test_presses_that_wait_for_one_another_are_all_acknowledged_in_time(tmp_path: Path) -> None:
    stage = ProbeCommands()
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub, stage):
        shown = stub.result_message(await stub.send_slash_command("gallery", name="shared"))
        presses = [
            await stub.click_button(shown, f"bot:wait.press:{name}") for name in ("prose", "bars", "lists")
        ]
        assert [asked.response for asked in presses] == [{"type": 6}] * 3
        stage.release.set()
        await stub.wait_until(lambda: all(asked.followups for asked in presses))
        told = [path.split("/")[3] for method, path, _ in stub.calls if path.startswith("/webhooks/")]
        assert told == [asked.token for asked in presses], "in their order"


async def test_late_form_is_offered_by_a_button(tmp_path: Path) -> None:
    stage = ProbeCommands()
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub, stage):
        asked = await stub.send_slash_command("wait", name="form")
        stage.release.set()
        await stub.wait_until(lambda: bool(stub.result_message(asked)["components"]))
        assert list_button_labels(stub.result_message(asked)) == ["Ask"]


async def test_a_command_that_hangs_gives_a_sentence_with_a_reference_and_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = ProbeCommands()
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub, stage, limit=0.2):
        hanging = [await stub.send_slash_command("wait") for _ in range(10)]
        assert _response_type(await stub.send_slash_command("privacy")) == 4
        for asked in hanging:
            await stub.wait_until(partial(_has_components, stub, asked))
            assert asked.is_ephemeral
            assert "this reference:" in read_text(stub.result_message(asked))


async def test_a_click_that_discord_py_would_drop_is_answered(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        shown = stub.result_message(await stub.send_slash_command("card", card="phd-or-not"))
        unmarked = {**shown, "flags": 0, "components": []}
        again = await stub.click_button(unmarked, "bot:privacy")
        assert "What I store about you" in read_text(stub.result_message(again))
        old = await stub.click_button(shown, "from-an-older-bot")
        assert "belongs to someone else" in read_text(stub.result_message(old))


async def test_a_command_that_discord_still_shows_is_answered(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        gone = await stub.send_slash_command("horoscope", sign="lion")
        assert gone.is_ephemeral
        assert "from before a change" in read_text(stub.result_message(gone))
        mangled = await stub.send_interaction(
            5, {"custom_id": "bot:ask", "components": [{"type": 18, "component": 7}]}
        )
        assert "from before a change" in read_text(stub.result_message(mangled))


async def test_a_server_that_is_not_known_yet_is_no_private_place(tmp_path: Path) -> None:
    """While a server is unavailable discord.py has no guild for its messages, as for direct ones."""
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        await stub.send_mention("nobody named the bot", channel_id="4001", guild_id="4000")
        await stub.send_mention(f"<@{BOT}> card feeling-replaceable", channel_id="4001", guild_id="4000")
        await stub.wait_until(lambda: bool(stub.list_bot_messages("4001")))
        (said,) = stub.list_bot_messages("4001")
        assert read_text(said).startswith("Only you should see that answer.")


async def test_user_installed_command_outside_the_bots_servers(tmp_path: Path) -> None:
    """Installed to a person: no server, no channel to write to, and answers all the same."""
    elsewhere: dict[str, Any] = {
        "guild_id": "4000", "guild": {"id": "4000", "locale": "en-GB", "features": []},
        "authorizing_integration_owners": {"1": ANN}, "channel": {"id": "4001", "type": 0, "name": "x",
        "position": 0, "guild_id": "4000", "nsfw": False, "permission_overwrites": []}, "channel_id": "4001",
    }  # fmt: skip
    group: dict[str, Any] = {
        "guild_id": None, "member": None, "user": build_user(ANN, "ann"), "context": 2, "channel_id": "4002",
        "channel": {"id": "4002", "type": 3, "recipients": [], "name": None, "icon": None},
    }  # fmt: skip
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        for where in (elsewhere, group):
            asked = await stub.send_slash_command("ask", overrides=where, question="should I do a phd?")
            assert asked.is_ephemeral
            assert "PhD" in read_text(stub.result_message(asked))
            check = await stub.send_slash_command("gallery", overrides=where, name="private thread")
            await stub.wait_until(partial(_has_components, stub, check))
            assert check.is_ephemeral
            assert read_text(stub.result_message(check)) == "In a private thread."
        assert not [path for _, path, _ in stub.calls if path.endswith("/messages")]


async def test_a_server_that_answers_a_first_response_with_nothing_is_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with run_fake_discord() as stub, run_connected_bot(tmp_path, stub):
        stub.faults.append(InjectedFault("POST", "/interactions/.*", 204))
        asked = await stub.send_interaction(
            2,
            {
                "id": "7",
                "name": "career",
                "type": 1,
                "options": [{"name": "privacy", "type": 1, "options": []}],
            },
            wait=False,
        )
        await stub.send_slash_command("browse")
        assert asked.followups == []
        assert "was not answered" not in caplog.text


async def test_refused_token_is_reported_with_a_fix_and_not_retried(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        stub.rejects_token = True
        platform = build_platform(
            build_service(ProbeCommands().commands, tmp_path),
            tmp_path,
            DiscordCredentials("t", stub.api_url, stub.gateway_url),
        )
        with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
            await platform.run()
        assert len(stub.calls) == 1


async def test_permanent_gateway_refusal_is_not_retried(tmp_path: Path) -> None:
    async with run_fake_discord() as stub:
        stub.close_code = 4014
        platform = build_platform(
            build_service(ProbeCommands().commands, tmp_path),
            tmp_path,
            DiscordCredentials("t", stub.api_url, stub.gateway_url),
        )
        with pytest.raises(SettingsError, match="intents"):
            await platform.run()


async def test_discord_may_come_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with run_fake_discord() as stub:
        port = int(stub.api_url.split(":")[2].split("/")[0])
    access = DiscordCredentials("t", f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}/gateway")
    platform = build_platform(build_service(ProbeCommands().commands, tmp_path), tmp_path, access)
    kept = asyncio.create_task(supervise_until_cancelled(platform))
    async with run_fake_discord(port) as stub:
        await stub.wait_until(lambda: bool(stub.identify_payloads))
        await stub.send_slash_command("privacy")
        assert platform.is_connected
        await platform.close()
        kept.cancel()
        await asyncio.gather(kept, return_exceptions=True)


async def test_after_a_long_time_away_it_does_not_wait_longer_and_longer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hour passes on the loop's clock alone: no machine is so slow that it passes by itself."""
    loop = asyncio.get_running_loop()
    clock, hour = loop.time, 3_600.0
    async with run_fake_discord() as stub:
        access = DiscordCredentials("t", stub.api_url, stub.gateway_url)
        platform = build_platform(
            build_service(ProbeCommands().commands, tmp_path), tmp_path, access, away=hour
        )
        kept = asyncio.create_task(supervise_until_cancelled(platform))
        await stub.wait_until(lambda: bool(stub.sockets))
        stub.close_code = 1001
        await stub.close_connection(1001)
        await stub.wait_until(lambda: stub.refused_count > 0)
        monkeypatch.setattr(loop, "time", lambda: clock() + hour)
        await stub.wait_until(lambda: "Discord was away" in caplog.text)
        stub.close_code, before = None, len(stub.identify_payloads)
        await stub.wait_until(lambda: len(stub.identify_payloads) > before)
        kept.cancel()
        await asyncio.gather(kept, return_exceptions=True)
        await platform.close()


async def test_stopping_lets_an_answer_on_its_way_arrive(tmp_path: Path) -> None:
    stage = ProbeCommands()
    async with run_fake_discord() as stub:
        async with run_connected_bot(tmp_path, stub, stage):
            asked = await stub.send_slash_command("wait")
            threading.Timer(0.3, stage.release.set).start()
        assert read_text(stub.result_message(asked)) == "**waited**"
