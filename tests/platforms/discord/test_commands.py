"""Slash commands on a simulated Discord: typed options, autocomplete, who sees what, who may."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.commands import COMMANDS
from bot.messaging.reply import Form
from bot.platforms.discord.platform import DiscordCredentials
from bot.platforms.discord.slash_options import build_choices
from bot.service import Service
from tests.platforms.discord.discord_harness import build_platform, list_button_labels, read_text, run_harness


async def test_a_question_is_answered_to_the_asker_alone_in_one_round_trip(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        result = await here.ann.slash(here.channel, "career ask", question="should I do a phd?")
        assert result.ephemeral
        assert not result.deferred
        assert "PhD" in read_text(result.response)
        assert "Share here" in list_button_labels(result.response)
        assert here.channel.last_message is None


async def test_every_command_can_be_typed(tmp_path: Path) -> None:
    typed: dict[str, dict[str, str]] = {
        "ask": {"question": "phd?"},
        "card": {"card": "phd-or-not"},
        "compare": {"options": "big tech, academia", "by": "data"},
    }
    async with run_harness(tmp_path) as here:
        known = set(here.ann.available_commands(here.channel))
        for command in COMMANDS:
            leaves = [f"career {command.name} {one.name}" for one in command.subcommands]
            assert known >= set(leaves or [f"career {command.name}"])
            if command.uses_store:
                continue
            result = await here.ann.slash(
                here.channel, f"career {command.name}", **typed.get(command.name, {})
            )
            assert result.modal or read_text(result.response), command.name


async def test_typed_options_arrive_under_their_names(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career gallery", name="bars")
        (request,) = here.commands.requests
        assert (request.action.encode(), dict(request.inputs)) == ("gallery", {"name": "bars"})
        assert (request.user.id, request.user.name) == (str(here.ann.id), "ann")
        assert (request.origin.workspace, request.origin.channel) == (
            str(here.guild.id),
            str(here.channel.id),
        )
        assert (request.origin.is_direct, request.user.is_admin) == (False, False)


async def test_suggestions_are_never_more_than_discord_takes(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        for command, option in (
            ("card", "card"),
            ("compare", "options"),
            ("compare", "by"),
            ("browse", "tag"),
        ):
            for typed in ("", "a", "phd", "zz" * 200, "@everyone"):
                found = await here.ann.autocomplete(here.channel, f"career {command}", option, typed)
                assert len(found) <= 25
                assert all(len(one["name"]) <= 100 and len(one["value"]) <= 100 for one in found)
        found = await here.ann.autocomplete(here.channel, "career card", "card", "is a phd wor")
        shown = await here.ann.slash(here.channel, "career card", card=found[0]["value"])
        assert "PhD" in read_text(shown.response)


async def test_what_is_typed_so_far_is_found_by_its_words(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        for command, option, typed, wanted in (
            ("card", "card", "phd", "phd-or-not"),  # stands in the id and the short name, not in the title
            ("card", "card", "is a phd wroth", "phd-or-not"),
            ("compare", "options", "big-tech, ac", "Big tech, Academia"),
        ):
            found = await here.ann.autocomplete(here.channel, f"career {command}", option, typed)
            assert wanted in [one["value"] for one in found], typed


def test_long_suggestions_end_visibly_and_long_values_go() -> None:
    made = build_choices([("x" * 150, "a"), ("kept", "b" * 101)] + [(str(n), str(n)) for n in range(40)])
    assert len(made) == 25
    assert made[0].name == "x" * 99 + "…"
    assert "kept" not in [one.name for one in made]


async def test_admin_commands_are_visible_to_all_and_refuse_members(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        refused = await here.ann.slash(here.channel, "career staff")
        assert refused.ephemeral
        assert "admin" in read_text(refused.response)
        assert here.commands.requests == []
        allowed = await here.admin.slash(here.channel, "career staff")
        assert "secret" in read_text(allowed.response)


async def test_admin_command_in_a_direct_message_is_refused(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.admin.send_dm("hello")
        refused = await here.admin.user.slash("career staff")
        assert "admin" in read_text(refused.response)


async def test_a_form_opens_at_once_and_its_answer_is_private(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        shown = await here.ann.slash(here.channel, "career gallery", name="every field")
        assert shown.modal is not None
        result = await here.ann.submit_modal(shown, {"name": "Ann", "story": "a\nb", "when": ["daily"]})
        assert result.ephemeral
        assert "name=Ann, story=a\nb, when=daily" in read_text(result.response)


async def test_the_group_is_for_servers_people_and_their_conversations(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        (told,) = [one.json for one in here.env.http_requests if one.method == "PUT"]
        assert isinstance(told, list)
        (group,) = told
        assert group["name"] == "career"
        assert sorted(group["contexts"]) == [0, 1, 2]
        assert sorted(group["integration_types"]) == [0, 1]
        assert [one["name"] for one in group["options"]] == [one.name for one in here.commands.commands]
        assert all(one.get("description") for one in group["options"])


@pytest.mark.parametrize("part", ["name", "description"])
async def test_registered_commands_fit_discord_limits(tmp_path: Path, service: Service, part: str) -> None:
    client = build_platform(service, tmp_path, DiscordCredentials("token")).build_client()
    (group,) = client.tree.get_commands()
    told = group.to_dict(client.tree)
    limit = {"name": 32, "description": 100}[part]

    def parts(one: dict[str, Any]) -> list[dict[str, Any]]:
        return [one, *(inner for option in one.get("options", []) for inner in parts(option))]

    def depth(one: dict[str, Any]) -> int:
        groups = [option for option in one.get("options", []) if option["type"] in (1, 2)]
        return 1 + max(map(depth, groups), default=0)

    assert depth(told) == 3, "command, group, subcommand, and nothing below"
    for one in parts(told):
        kinds = {option["type"] for option in one.get("options", [])}
        assert not kinds & {1, 2} or kinds <= {1, 2}, f"{one['name']} has subcommands and options"
        names = [option["name"] for option in one.get("options", [])]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[-_a-z0-9]{1,32}", name) for name in names)
    assert all(1 <= len(one[part]) <= limit for one in parts(told))
    assert not any("…" in one["description"] for one in parts(told)), "an about sentence is too long"
    assert all(len(one.get("options", [])) <= 25 for one in parts(told))
    assert sum(len(one["name"]) + len(one["description"]) for one in parts(told)) <= 8_000


async def test_the_connection_asks_for_nothing_privileged(tmp_path: Path, service: Service) -> None:
    client = build_platform(service, tmp_path, DiscordCredentials("token")).build_client()
    assert not client.intents.message_content
    assert not client.intents.members
    assert not client.intents.presences


async def test_a_command_that_breaks_gives_a_private_sentence_with_a_reference(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with run_harness(tmp_path) as here:
        result = await here.ann.slash(here.channel, "career fail")
        assert result.ephemeral
        (reference,) = {words[1] for words in map(str.split, caplog.messages) if words[0] == "reference"}
        assert reference.rstrip(":") in read_text(result.response)


async def test_no_message_can_ping(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        await here.ann.slash(here.channel, "career gallery", name="hostile")
        await here.ann.slash(here.channel, "career gallery", name="shared")
        await here.ann.send(here.channel, f"{here.mention} @everyone phd?")
        sent = [
            one.json for one in here.env.http_requests if one.method == "POST" and isinstance(one.json, dict)
        ]
        bodies = [one.get("data", one) for one in sent]
        bodies = [one for one in bodies if "components" in one]
        assert len(bodies) == 3
        assert all(one["allowed_mentions"] == {"parse": []} for one in bodies)
        assert all(one["flags"] & discord.MessageFlags(components_v2=True).value for one in bodies)


async def test_shared_replies_are_for_everyone(tmp_path: Path) -> None:
    async with run_harness(tmp_path) as here:
        result = await here.ann.slash(here.channel, "career gallery", name="shared")
        assert not result.ephemeral
        assert here.channel.last_message is not None
        assert not isinstance(result, Form)
