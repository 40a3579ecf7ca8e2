"""What the page is sent: a reply as a message with the place it belongs to, or a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any, assert_never

from bot.commands.command import Context
from bot.messaging.reply import DirectMessage, Form, PrivateThread, PublicThread, Reply, SameConversation
from bot.platforms.web.blocks import render_blocks
from bot.platforms.web.forms import render_form
from bot.platforms.web.html import Html, render_element

PreviewRenderers = Mapping[str, Callable[[Reply], object]]
"""A platform's name, and what it would be sent for a reply."""


def build_response(answer: Reply | Form, context: Context, previews: PreviewRenderers) -> dict[str, Any]:
    """JSON for the page's script.

    A reply is `{"kind": "reply", "html", "replace", "place": "here" | "thread" | "direct"}`, in a thread with
    `"thread": {id, name, audience, seen}`; a form `{"kind": "form", "html"}`.
    """
    if isinstance(answer, Form):
        return {"kind": "form", "html": render_form(answer, context)}
    told: dict[str, Any] = {
        "kind": "reply",
        "html": render_message(answer, context, previews),
        "replace": answer.replace_original,
    }
    match answer.placement:
        case SameConversation():
            return told | {"place": "here"}
        case DirectMessage():
            return told | {"place": "direct"}
        case PublicThread(name) | PrivateThread(name):
            thread = {
                "id": token_hex(4),
                "name": name,
                "audience": answer.audience.value,
                "seen": _format_audience(answer, context),
            }
            return told | {"place": "thread", "thread": thread}
        case _:
            assert_never(answer.place)


def render_message(reply: Reply, context: Context, previews: PreviewRenderers) -> Html:
    """The whole message: who says it, who sees it, its blocks, and how the platforms would be sent it."""
    byline = render_element(
        "header",
        render_element("span", context.strings.get_text("page.bot"), class_="who"),
        render_element("span", _format_audience(reply, context), class_="seen"),
    )
    said = render_element("div", *render_blocks(reply.blocks), class_="said", data_view="page")
    payloads = (
        render_element(
            "pre", _format_json(render(reply)), hidden=True, tabindex=0, data_view=name, aria_label=name
        )
        for name, render in previews.items()
    )
    return render_element(
        "article",
        byline,
        said,
        *payloads,
        class_="message",
        tabindex=-1,
        data_audience=reply.audience.value,
        data_outcome=reply.outcome.value,
    )


def _format_audience(reply: Reply, context: Context) -> str:
    return context.strings.get_text(f"page.seen.{reply.audience.value}")


def _format_json(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, indent=2, default=str)
