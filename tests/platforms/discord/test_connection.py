"""The real client over loopback: connecting, resuming, and calls that go wrong on the way."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.platforms.discord.platform import Access, Discord
from bot.platforms.platform import keep
from tests.platforms.discord.stub import ANN, BOT, EPHEMERAL, Fault, Stub, person, running
from tests.platforms.discord.world import Stage, build, labels, pressable, service_with, text


@asynccontextmanager
async def connected(
    data: Path, stub: Stub, stage: Stage | None = None, limit: float = 2.0
) -> AsyncIterator[Discord]:
    """The bot, connected to the stub. Only what a stage holds back is promised first, however slow we are."""
    patience = 30.0 if stage is None else 0.05
    stage = stage or Stage()
    access = Access("any token at all", stub.api, stub.gateway)
    platform = build(service_with(stage.commands, data), data, access, limit, patience=patience)
    task = asyncio.create_task(platform.run())
    before = len(stub.identified)
    try:
        await stub.until(lambda: len(stub.identified) > before and bool(stub.sockets))
        yield platform
    finally:
        task.cancel()  # in the order of `App.run`
        with suppress(asyncio.CancelledError):
            await task
        await platform.close()
        stage.held.set()


async def test_it_connects_with_nothing_privileged_and_says_when_it_is_there(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub) as discord:
        privileged = (1 << 1) | (1 << 8) | (1 << 15)
        assert stub.identified[0]["intents"] & privileged == 0
        asked = await stub.slash("ask", question="should I do a phd?")
        assert discord.connected
        assert discord.ready
        assert asked.response["type"] == 4
        assert asked.ephemeral
        assert "doctorate" in text(stub.shown(asked))
    assert not discord.connected


async def test_before_it_is_logged_in_it_sends_nothing_and_says_so(tmp_path: Path) -> None:
    async with running() as stub:
        access = Access("any token at all", stub.api, stub.gateway)
        platform = build(service_with(Stage().commands, tmp_path), tmp_path, access)
        assert not platform.ready


async def test_commands_are_told_when_they_changed_and_only_then(tmp_path: Path) -> None:
    async with running() as stub:
        async with connected(tmp_path, stub):
            pass
        async with connected(tmp_path, stub):
            assert len(stub.commands) == 1
        (tmp_path / "discord-commands.json").write_text('{"2000": "of an older bot"}')
        async with connected(tmp_path, stub):
            assert len(stub.commands) == 2


async def test_sync_tells_them_again_and_does_not_connect(tmp_path: Path) -> None:
    async with running() as stub:
        stage = Stage()
        platform = build(
            service_with(stage.commands, tmp_path), tmp_path, Access("t", stub.api, stub.gateway)
        )
        await platform.sync()
        await platform.sync()
        assert len(stub.commands) == 2
        assert stub.identified == []


async def test_commands_that_cannot_be_told_do_not_stop_the_bot(tmp_path: Path) -> None:
    async with running() as stub:
        stub.faults.append(Fault("PUT", "/applications/.*", 400, 50035))
        async with connected(tmp_path, stub):
            assert (await stub.slash("privacy")).response is not None


async def test_a_broken_connection_is_resumed_and_nothing_is_answered_twice(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub):
        await stub.slash("privacy")
        await stub.say(f"<@{BOT}> should I do a phd?", number="777")
        await stub.until(lambda: len(stub.posted("777")) == 1)
        await stub.drop()
        await stub.until(lambda: len(stub.resumed) == 1)
        asked = await stub.slash("browse")
        assert asked.response is not None
        assert len(stub.identified) == 1
        assert len(stub.posted("777")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "/channels/777/messages", 429, after=0.01),
        Fault("POST", "/channels/777/messages", 503),
        Fault("POST", "/channels/777/messages", lost=True),
    ],
    ids=["429", "503", "answer lost"],
)
async def test_a_post_that_goes_wrong_is_tried_again_and_stands_once(tmp_path: Path, fault: Fault) -> None:
    async with running() as stub, connected(tmp_path, stub):
        stub.faults.append(fault)
        await stub.say(f"<@{BOT}> should I do a phd?", number="777")
        await stub.until(lambda: sum(path == "/channels/777/messages" for _, path, _ in stub.calls) == 2)
        await stub.slash("privacy")
        assert len(stub.posted("777")) == 1
        nonces = [body["nonce"] for _, path, body in stub.calls if path == "/channels/777/messages"]
        assert len(set(nonces)) == 1
        assert 0 < len(nonces[0]) <= 25
        assert all(body["enforce_nonce"] for _, path, body in stub.calls if path == "/channels/777/messages")


async def test_a_first_response_whose_answer_was_lost_is_given_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as stub, connected(tmp_path, stub):
        stub.faults.append(Fault("POST", "/interactions/.*", lost=True))
        asked = await stub.slash("privacy")
        await stub.slash("browse")
        assert asked.followups == []
        assert "was not answered" not in caplog.text


async def test_a_thousand_presses_of_an_impatient_finger_are_one(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub):
        shown = stub.shown(await stub.slash("card", card="phd-or-not"))
        share = next(one for one in pressable(shown) if one.startswith("bot:card.share"))
        data = {"custom_id": share, "component_type": 2}
        presses = [await stub.interact(3, data, message=shown, wait=False) for _ in range(1_000)]
        await stub.until(lambda: all(one.response is not None for one in presses))
        kinds = Counter(one.response["type"] for one in presses if one.response is not None)
        assert kinds == {4: 1, 6: 999}


async def test_a_slow_command_is_deferred_privately_and_then_answered(tmp_path: Path) -> None:
    stage = Stage()
    async with running() as stub, connected(tmp_path, stub, stage):
        asked = await stub.slash("wait")
        assert asked.response["type"] == 5
        assert asked.ephemeral
        stage.held.set()
        await stub.until(lambda: bool(stub.shown(asked)["components"]))
        assert text(stub.shown(asked)) == "**waited**"


async def test_what_is_for_everyone_is_published_after_a_private_promise(tmp_path: Path) -> None:
    stage = Stage()
    async with running() as stub, connected(tmp_path, stub, stage):
        asked = await stub.slash("wait", name="shared")
        assert asked.ephemeral
        stage.held.set()
        await stub.until(lambda: bool(asked.followups))
        assert text(stub.shown(asked)) == "It is in this channel now."
        assert text(asked.followups[0]) == "Everyone reads this."
        assert not asked.followups[0]["flags"] & EPHEMERAL


@pytest.mark.parametrize(
    ("name", "words"), [("prose", "A heading"), ("private thread", "In a private thread.")]
)
async def test_a_slow_press_leaves_its_message_and_is_answered_beside_it(
    tmp_path: Path, name: str, words: str
) -> None:
    stage = Stage()
    async with running() as stub, connected(tmp_path, stub, stage):
        shown = stub.shown(await stub.slash("gallery", name="shared"))
        asked = await stub.click(shown, f"bot:wait.press:{name}")
        assert asked.response == {"type": 6}
        stage.held.set()
        await stub.until(lambda: bool(asked.followups))
        assert words in text(asked.followups[0])
        assert asked.followups[0]["flags"] & EPHEMERAL
        assert stub.shown(asked)["components"] == shown["components"]


async def test_presses_that_wait_for_one_another_are_all_acknowledged_in_time(tmp_path: Path) -> None:
    stage = Stage()
    async with running() as stub, connected(tmp_path, stub, stage):
        shown = stub.shown(await stub.slash("gallery", name="shared"))
        presses = [await stub.click(shown, f"bot:wait.press:{name}") for name in ("prose", "bars", "lists")]
        assert [asked.response for asked in presses] == [{"type": 6}] * 3
        stage.held.set()
        await stub.until(lambda: all(asked.followups for asked in presses))
        told = [path.split("/")[3] for method, path, _ in stub.calls if path.startswith("/webhooks/")]
        assert told == [asked.token for asked in presses], "in their order"


async def test_a_form_that_comes_too_late_is_one_press_away(tmp_path: Path) -> None:
    stage = Stage()
    async with running() as stub, connected(tmp_path, stub, stage):
        asked = await stub.slash("wait", name="form")
        stage.held.set()
        await stub.until(lambda: bool(stub.shown(asked)["components"]))
        assert labels(stub.shown(asked)) == ["Ask"]


async def test_a_command_that_hangs_gives_a_sentence_with_a_reference_and_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage()
    async with running() as stub, connected(tmp_path, stub, stage, limit=0.2):
        hanging = [await stub.slash("wait") for _ in range(10)]
        assert (await stub.slash("privacy")).response["type"] == 4
        for asked in hanging:
            await stub.until(lambda asked=asked: bool(stub.shown(asked)["components"]))
            assert asked.ephemeral
            assert "in the log under" in text(stub.shown(asked))


async def test_a_click_that_discord_py_would_drop_is_answered(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub):
        shown = stub.shown(await stub.slash("card", card="phd-or-not"))
        unmarked = {**shown, "flags": 0, "components": []}
        again = await stub.click(unmarked, "bot:privacy")
        assert "What is kept about you" in text(stub.shown(again))
        old = await stub.click(shown, "from-an-older-bot")
        assert "belongs to someone else" in text(stub.shown(old))


async def test_a_command_that_discord_still_shows_is_answered(tmp_path: Path) -> None:
    async with running() as stub, connected(tmp_path, stub):
        gone = await stub.slash("horoscope", sign="lion")
        assert gone.ephemeral
        assert "from before a change" in text(stub.shown(gone))
        mangled = await stub.interact(
            5, {"custom_id": "bot:ask", "components": [{"type": 18, "component": 7}]}
        )
        assert "from before a change" in text(stub.shown(mangled))


async def test_a_server_that_is_not_known_yet_is_no_private_place(tmp_path: Path) -> None:
    """While a server is unavailable discord.py has no guild for its messages, as for direct ones."""
    async with running() as stub, connected(tmp_path, stub):
        await stub.say("nobody named the bot", place="4001", server="4000")
        await stub.say(f"<@{BOT}> card feeling-replaceable", place="4001", server="4000")
        await stub.until(lambda: bool(stub.posted("4001")))
        (said,) = stub.posted("4001")
        assert text(said).startswith("That answer is for you alone.")


async def test_someone_brings_the_bot_where_it_is_no_member(tmp_path: Path) -> None:
    """Installed to a person: no server, no channel to write to, and answers all the same."""
    elsewhere: dict[str, Any] = {
        "guild_id": "4000", "guild": {"id": "4000", "locale": "en-GB", "features": []},
        "authorizing_integration_owners": {"1": ANN}, "channel": {"id": "4001", "type": 0, "name": "x",
        "position": 0, "guild_id": "4000", "nsfw": False, "permission_overwrites": []}, "channel_id": "4001",
    }  # fmt: skip
    group: dict[str, Any] = {
        "guild_id": None, "member": None, "user": person(ANN, "ann"), "context": 2, "channel_id": "4002",
        "channel": {"id": "4002", "type": 3, "recipients": [], "name": None, "icon": None},
    }  # fmt: skip
    async with running() as stub, connected(tmp_path, stub):
        for where in (elsewhere, group):
            asked = await stub.slash("ask", where=where, question="should I do a phd?")
            assert asked.ephemeral
            assert "doctorate" in text(stub.shown(asked))
            check = await stub.slash("gallery", where=where, name="private thread")
            await stub.until(lambda check=check: bool(stub.shown(check)["components"]))
            assert check.ephemeral
            assert text(stub.shown(check)) == "In a private thread."
        assert not [path for _, path, _ in stub.calls if path.endswith("/messages")]


async def test_a_server_that_answers_a_first_response_with_nothing_is_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as stub, connected(tmp_path, stub):
        stub.faults.append(Fault("POST", "/interactions/.*", 204))
        asked = await stub.interact(
            2,
            {
                "id": "7",
                "name": "career",
                "type": 1,
                "options": [{"name": "privacy", "type": 1, "options": []}],
            },
            wait=False,
        )
        await stub.slash("browse")
        assert asked.followups == []
        assert "was not answered" not in caplog.text


async def test_a_refused_token_is_said_with_the_mend_and_not_tried_again(tmp_path: Path) -> None:
    async with running() as stub:
        stub.refuse_token = True
        platform = build(
            service_with(Stage().commands, tmp_path), tmp_path, Access("t", stub.api, stub.gateway)
        )
        with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
            await platform.run()
        assert len(stub.calls) == 1


async def test_a_gateway_that_refuses_for_good_is_not_asked_again(tmp_path: Path) -> None:
    async with running() as stub:
        stub.close_code = 4014
        platform = build(
            service_with(Stage().commands, tmp_path), tmp_path, Access("t", stub.api, stub.gateway)
        )
        with pytest.raises(SettingsError, match="intents"):
            await platform.run()


async def test_discord_may_come_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with running() as stub:
        port = int(stub.api.split(":")[2].split("/")[0])
    access = Access("t", f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}/gateway")
    platform = build(service_with(Stage().commands, tmp_path), tmp_path, access)
    kept = asyncio.create_task(keep(platform))
    async with running(port) as stub:
        await stub.until(lambda: bool(stub.identified))
        await stub.slash("privacy")
        assert platform.connected
        await platform.close()
        kept.cancel()
        await asyncio.gather(kept, return_exceptions=True)


async def test_after_a_long_time_away_it_does_not_wait_longer_and_longer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hour passes on the loop's clock alone: no machine is so slow that it passes by itself."""
    loop = asyncio.get_running_loop()
    clock, hour = loop.time, 3_600.0
    async with running() as stub:
        access = Access("t", stub.api, stub.gateway)
        platform = build(service_with(Stage().commands, tmp_path), tmp_path, access, away=hour)
        kept = asyncio.create_task(keep(platform))
        await stub.until(lambda: bool(stub.sockets))
        stub.close_code = 1001
        await stub.drop(1001)
        await stub.until(lambda: stub.refused > 0)
        monkeypatch.setattr(loop, "time", lambda: clock() + hour)
        await stub.until(lambda: "Discord was away" in caplog.text)
        stub.close_code, before = None, len(stub.identified)
        await stub.until(lambda: len(stub.identified) > before)
        kept.cancel()
        await asyncio.gather(kept, return_exceptions=True)
        await platform.close()


async def test_stopping_lets_an_answer_on_its_way_arrive(tmp_path: Path) -> None:
    stage = Stage()
    async with running() as stub:
        async with connected(tmp_path, stub, stage):
            asked = await stub.slash("wait")
            threading.Timer(0.3, stage.held.set).start()
        assert text(stub.shown(asked)) == "**waited**"
