"""Whatever the bot can say stands on the page, word for word, with every press."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.gallery import forms, gallery
from bot.dialogue.plain import plain
from bot.dialogue.reply import Reply, presses
from bot.platforms.web.forms import form_html
from bot.platforms.web.outgoing import message_html
from bot.service import Service
from tests.chat import Chat
from tests.platforms.web.heard import Heard


def words(text: str) -> set[str]:
    """The words, without the marks around them."""
    return set(re.findall(r"[\w%]+", text.casefold()))


def holds(reply: Reply, service: Service) -> None:
    heard = Heard(message_html(reply, service.context, {}))
    assert not heard.open
    missing = words(plain(reply)) - words(heard.words)
    assert not missing, f"the page does not say {missing}"
    assert heard.pressed == [press.action.encode() for press in presses(reply.blocks)]


@pytest.mark.parametrize("name", gallery())
def test_every_shape_says_everything(service: Service, name: str) -> None:
    holds(gallery()[name], service)


@pytest.mark.parametrize("name", forms())
def test_every_form_shows_each_field_with_its_label(service: Service, name: str) -> None:
    form = forms()[name]
    html = form_html(form, service.context)
    heard = Heard(html)
    assert not heard.open
    for field in form.fields:
        assert words(field.label) | words(field.hint) <= words(heard.words)
        assert f'name="{field.name}"' in html


@pytest.mark.parametrize(
    "line", ["help", "should I do a phd?", "compare big tech, academia", "privacy", "browse risk", "quiz"]
)
def test_what_the_bot_says_is_all_there(service: Service, line: str) -> None:
    holds(Chat(service).say(line).reply, service)
