"""Whatever a reply holds, Slack takes and shows; checked on the blocks, as `text` is for screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Facts, Heading, Menu, Note, Paragraph, Quote
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Form, Reply
from bot.messaging.samples import HOSTILE_TEXT, build_sample_forms, build_sample_replies
from bot.messaging.spans import Emphasis, Strong, Text, build_spans
from bot.platforms.slack.message import build_message
from bot.platforms.slack.modals import build_modal, parse_modal_inputs

Json = dict[str, Any]

GALLERY = build_sample_replies()
FORMS = build_sample_forms()
MAX_TEXT_CHARACTERS = 12_000  # characters of all blocks; Slack has refused messages from about 13,000


def iter_nodes(node: Any) -> Iterator[Json]:
    """Every object in a payload, outermost first."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from iter_nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from iter_nodes(value)


def read_text(payload: Json) -> str:
    """What a person can read in the blocks, and where links lead."""
    return "".join(
        str(node[key])
        for node in iter_nodes(payload["blocks"])
        for key in ("text", "url", "channel_id")
        if isinstance(node.get(key), str)
    )


@pytest.mark.parametrize("name", GALLERY)
def test_slacks_own_models_take_every_block(name: str) -> None:
    for block in build_message(GALLERY[name])["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        assert parsed.to_dict() == block


@pytest.mark.parametrize("name", GALLERY)
def test_the_limits_that_the_models_miss(name: str) -> None:
    payload = build_message(GALLERY[name], bot_dm_key="12345678")
    blocks = payload["blocks"]
    assert len(blocks) <= 50
    assert len(payload["text"]) <= 40_000
    assert len(read_text(payload)) <= MAX_TEXT_CHARACTERS
    tables = [block for block in blocks if block["type"] == "table"]
    assert len(tables) <= 1
    for table in tables:
        widths = {len(row) for row in table["rows"]}
        assert len(widths) == 1
        assert max(widths) <= 20
        assert len(table["rows"]) <= 100
        assert len(read_text({"blocks": table["rows"]})) <= 10_000
    ids = [node["action_id"] for node in iter_nodes(blocks) if "action_id" in node]
    assert len(ids) == len(set(ids))
    assert all(len(one) <= 255 for one in ids)
    rows = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(rows) == len(set(rows))
    for node in iter_nodes(blocks):
        _check_limits(node)


def _check_limits(node: Json) -> None:
    match node.get("type"):
        case "text" | "plain_text" | "mrkdwn" | "raw_text":
            assert node["text"], "Slack refuses empty texts"
        case "header":
            assert len(node["text"]["text"]) <= 150
        case "actions":
            assert 1 <= len(node["elements"]) <= 25
        case "context":
            assert 1 <= len(node["elements"]) <= 10
            assert all(len(element["text"]) <= 3_000 for element in node["elements"])
        case "button":
            assert len(node["text"]["text"]) <= 75
        case "static_select":
            assert 1 <= len(node["options"]) <= 100
            assert all(len(option["value"]) <= 150 for option in node["options"])
        case "rich_text_section" | "rich_text_quote" | "rich_text_list":
            assert node["elements"], "Slack refuses an empty list of elements"


@pytest.mark.parametrize("name", GALLERY)
def test_the_blocks_say_every_word(name: str) -> None:
    seen = re.sub(r"\s", "", read_text(build_message(GALLERY[name]))).casefold()
    for word in re.findall(r"[^\s\[\]:()#]+", render_plain(GALLERY[name])):
        assert word.casefold() in seen or word in ("•", "───"), word


@pytest.mark.parametrize("name", GALLERY)
def test_the_text_says_everything_too(name: str) -> None:
    text = build_message(GALLERY[name])["text"]
    named = re.sub(r"<(#\w+)>", r"\1", text)
    assert "<" not in named
    assert named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == render_plain(
        GALLERY[name]
    )


@given(st.text(max_size=40).map(lambda text: f"{text}{HOSTILE_TEXT}").filter(lambda text: text.isprintable()))
def test_what_a_person_typed_stays_text_wherever_it_stands(typed: str) -> None:
    """Nothing from a person is a link, a mention or mrkdwn that could become one."""
    reply = Reply(
        (
            Heading(typed[-150:]), Paragraph(build_spans(typed, Strong(typed), Emphasis(typed))),
            Facts(((typed, build_spans(typed)),)), Quote(build_spans(typed)), Note((Text(typed),)),
            Buttons((Button(HOSTILE_TEXT[:34], Action("x")),)),
        ),
        "A summary",
    )  # fmt: skip
    payload = build_message(reply)
    for node in iter_nodes(payload["blocks"]):
        assert node.get("type") not in ("link", "user", "channel", "usergroup", "broadcast", "emoji")
        if node.get("type") == "mrkdwn":
            assert node["verbatim"]
            assert not re.search(r"[<>*_~`]", node["text"])
        if node.get("type") == "plain_text":
            assert node["emoji"] is False
    assert not re.search(r"<[!@#h]", payload["text"])
    assert payload["mrkdwn"] is False


@pytest.mark.parametrize("name", FORMS)
def test_slacks_own_model_takes_every_form(name: str) -> None:
    form = FORMS[name]
    view = build_modal(form, "{}", "Send", "Cancel")
    assert View(**view).to_dict()["callback_id"] == "bot:" + form.submit_action.encode()
    parsed = [Block.parse(block) for block in view["blocks"]]
    assert [block.to_dict() for block in parsed if block] == view["blocks"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_comes_back_with_what_was_filled_in(name: str) -> None:
    form: Form = FORMS[name]
    view = build_modal(form, "{}", "Send", "Cancel")
    values = {}
    for block in view["blocks"]:
        options = block["element"].get("options")
        state = {"selected_option": options[0]} if options else {"value": "typed"}
        values[block["block_id"]] = {block["element"]["action_id"]: state}
    action, inputs = parse_modal_inputs({**view, "state": {"values": values}})
    assert action == form.submit_action
    assert set(inputs) == {field.name for field in form.fields}
    assert all(inputs.values())


def test_menus_of_two_messages_have_different_ids() -> None:
    menus = [block for block in GALLERY["menu"].blocks if isinstance(block, Menu)]
    reply = Reply((*menus, Paragraph(build_spans("and")), Buttons((Button("x", Action("x")),))), "A summary")
    ids = [node["action_id"] for node in iter_nodes(build_message(reply)["blocks"]) if "action_id" in node]
    assert ids == ["pick:0", "bot:x"]
