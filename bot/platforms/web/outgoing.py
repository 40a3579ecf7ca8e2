"""What the page is sent: a reply as a message with the place it belongs to, or a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any, assert_never

from bot.commands.command import Context
from bot.dialogue.reply import Direct, Form, Here, PrivateThread, Reply, Thread
from bot.platforms.web.blocks import blocks_html
from bot.platforms.web.forms import form_html
from bot.platforms.web.html import Html, element

Previews = Mapping[str, Callable[[Reply], object]]
"""A platform's name, and what it would be sent for a reply."""


def outgoing(answer: Reply | Form, context: Context, previews: Previews) -> dict[str, Any]:
    """JSON for the page's script.

    A reply is `{"kind": "reply", "html", "replace", "place": "here" | "thread" | "direct"}`, in a thread with
    `"thread": {id, name, audience, seen}`; a form `{"kind": "form", "html"}`.
    """
    if isinstance(answer, Form):
        return {"kind": "form", "html": form_html(answer, context)}
    told: dict[str, Any] = {
        "kind": "reply",
        "html": message_html(answer, context, previews),
        "replace": answer.replace,
    }
    match answer.place:
        case Here():
            return told | {"place": "here"}
        case Direct():
            return told | {"place": "direct"}
        case Thread(name) | PrivateThread(name):
            thread = {
                "id": token_hex(4),
                "name": name,
                "audience": answer.audience.value,
                "seen": _seen(answer, context),
            }
            return told | {"place": "thread", "thread": thread}
        case _:
            assert_never(answer.place)


def message_html(reply: Reply, context: Context, previews: Previews) -> Html:
    """The whole message: who says it, who sees it, its blocks, and how the platforms would be sent it."""
    byline = element(
        "header",
        element("span", context.texts.words("page.bot"), class_="who"),
        element("span", _seen(reply, context), class_="seen"),
    )
    said = element("div", *blocks_html(reply.blocks), class_="said", data_view="page")
    payloads = (
        element("pre", _pretty(render(reply)), hidden=True, tabindex=0, data_view=name, aria_label=name)
        for name, render in previews.items()
    )
    return element(
        "article",
        byline,
        said,
        *payloads,
        class_="message",
        tabindex=-1,
        data_audience=reply.audience.value,
        data_outcome=reply.outcome.value,
    )


def _seen(reply: Reply, context: Context) -> str:
    return context.texts.words(f"page.seen.{reply.audience.value}")


def _pretty(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, indent=2, default=str)
