"""What a mention's answer shows to whom: the question was public, the asker's own matters are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.messaging.action import Action
from bot.messaging.reply import Audience, Reply, ReplyOutcome
from bot.messaging.request import TYPED_LINE, Origin, Request, User
from bot.service import Service
from bot.settings import Settings

MENTION = Origin("discord", "1", "2", is_mention=True)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def service() -> Service:
    return App.build(Settings.from_env({})).service


def _get_reply(service: Service, line: str, origin: Origin) -> Reply:
    answer = service.respond(
        Request(User("7", "Ada"), origin, Action(TYPED_LINE), NOW, "key", {"line": line})
    )
    assert isinstance(answer, Reply)
    return answer


@pytest.mark.parametrize("line", ["should I do a phd?", "card phd-or-not", "compare big-tech academia", ""])
def test_a_mention_is_answered_for_everyone_who_could_read_it(service: Service, line: str) -> None:
    assert _get_reply(service, line, MENTION).audience is Audience.EVERYONE
    assert _get_reply(service, line, Origin("discord", "1", "2")).audience is Audience.ASKER


@pytest.mark.parametrize("line", ["card feeling-replaceable", "privacy"])
def test_what_is_about_the_asker_stays_private_in_public_places(service: Service, line: str) -> None:
    assert _get_reply(service, line, MENTION).audience is Audience.ASKER


def test_a_refusal_stays_private(service: Service) -> None:
    answer = service.respond(
        Request(User("7", "Ada"), MENTION, Action("card"), NOW, "key", {"card": "no such card"})
    )
    assert isinstance(answer, Reply)
    assert (answer.audience, answer.outcome) == (Audience.ASKER, ReplyOutcome.REFUSED)
