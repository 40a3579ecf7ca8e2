"""Whatever the bot can say stands on the page, word for word, with every press."""

from __future__ import annotations

import re

import pytest

from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Reply, iter_controls
from bot.messaging.samples import build_sample_forms, build_sample_replies
from bot.platforms.web.forms import render_form
from bot.platforms.web.response import render_message
from bot.service import Service
from tests.chat import Chat
from tests.platforms.web.parsed_html import ParsedHtml


def split_words(text: str) -> set[str]:
    """The words, without the marks around them."""
    return set(re.findall(r"[\w%]+", text.casefold()))


def check_reply(reply: Reply, service: Service) -> None:
    heard = ParsedHtml(render_message(reply, service.context, {}))
    assert not heard.open_tags
    missing = split_words(render_plain(reply)) - split_words(heard.text)
    assert not missing, f"the page does not say {missing}"
    assert heard.actions == [press.action.encode() for press in iter_controls(reply.blocks)]


@pytest.mark.parametrize("name", build_sample_replies())
def test_every_shape_says_everything(service: Service, name: str) -> None:
    check_reply(build_sample_replies()[name], service)


@pytest.mark.parametrize("name", build_sample_forms())
def test_every_form_shows_each_field_with_its_label(service: Service, name: str) -> None:
    form = build_sample_forms()[name]
    html = render_form(form, service.context)
    heard = ParsedHtml(html)
    assert not heard.open_tags
    for field in form.fields:
        assert split_words(field.label) | split_words(field.hint) <= split_words(heard.text)
        assert f'name="{field.name}"' in html


@pytest.mark.parametrize(
    "line", ["help", "should I do a phd?", "compare big tech, academia", "privacy", "browse risk", "quiz"]
)
def test_what_the_bot_says_is_all_there(service: Service, line: str) -> None:
    check_reply(Chat(service).send_line(line).reply, service)
