"""Tips, set up in words or by a form: shown first, confirmed, listed, paused, skipped, ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.access import HOPELESS, Access, Barrier, Outlet
from bot.dialogue.action import Action
from bot.dialogue.blocks import Bullets, Paragraph
from bot.dialogue.delivery import Paused, Sent
from bot.dialogue.plain import plain
from bot.dialogue.reply import Audience, Outcome, Reply
from bot.dialogue.request import LINE, Origin, Request, User
from bot.dialogue.spans import Channel, Span
from bot.service import Service
from bot.store.community import Community
from bot.store.tips import Subscription
from tests.chat import NOON, Chat

ADA = User("UADA", "Ada", zone="Europe/Berlin", admin=True)
BOB = User("UBOB", "Bob", zone="America/New_York", admin=False)
HERE = Origin("slack", "T1", "C1")
COMMUNITY = Community("slack", "T1")


@pytest.fixture
def ada(service: Service) -> Chat:
    return Chat(service, user=ADA, origin=HERE)


@pytest.fixture
def bob(service: Service) -> Chat:
    return Chat(service, user=BOB, origin=HERE)


def _kept(chat: Chat, channel: str) -> Subscription | None:
    return chat.service.context.store.subscriptions.get(COMMUNITY, channel)


def test_on_shows_the_first_tip_and_three_dates_and_keeps_nothing_before_confirm(ada: Chat) -> None:
    text = ada.say("/career tips on tuesday 09:00 Europe/Berlin").text
    assert "A tip for today" in text
    for date in ("Tue 01 Dec 2026, 09:00 (Europe/Berlin)", "Tue 08 Dec 2026", "Tue 15 Dec 2026"):
        assert date in text
    assert ada.reply.audience is Audience.ASKER
    assert _kept(ada, "C1") is None
    assert "The first tip comes here on Tue 01 Dec 2026, 09:00" in ada.press("Confirm").text
    assert ada.reply.replace, "what is confirmed is not to be confirmed again"
    kept = _kept(ada, "C1")
    assert kept is not None
    assert kept.next_due_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_the_zone_is_the_askers_when_none_is_said_else_the_workspaces_else_asked(ada: Chat) -> None:
    assert "Europe/Berlin" in ada.say("tips on daily 9:00").text
    zoneless = replace(ada, user=replace(ADA, zone=None))
    assert "your time zone" in zoneless.say("tips on daily 9:00").text
    ada.press("Confirm")
    assert "(Europe/Berlin)" in zoneless.say("tips on daily 10:00").text


def test_the_zone_of_another_members_own_tips_is_nobodys_business(service: Service) -> None:
    """Whoever writes to the bot on Discord is of the same workspace there: that of no server."""
    direct = Origin("discord", "direct", "5", direct=True)
    Chat(service, replace(BOB, id="10"), direct).say("tips on daily 09:00 Asia/Kolkata").press("Confirm")
    ann = Chat(service, User("20", "Ann"), direct)
    assert "Kolkata" not in str(ann.say("tips on").answer)
    assert "your time zone" in ann.say("tips on daily 09:00").text
    ann.say("tips on daily 09:00 Europe/Paris").press("Confirm")
    assert "(Europe/Paris)" in ann.say("tips on daily 10:00").text


def test_a_channel_is_for_admins_and_oneself_for_everyone(bob: Chat) -> None:
    assert "yours to set: say /career tips list" in bob.say("tips on daily 09:00").text
    assert bob.reply.outcome is Outcome.REFUSED
    assert bob.do(Action("tips.confirm", ("daily", "0900", "UTC", "C1", ""))).reply.outcome is Outcome.REFUSED
    assert "your own messages" in bob.say("tips on daily 09:00 me").text
    bob.press("Confirm")
    kept = _kept(bob, "UBOB")
    assert kept is not None
    assert kept.direct
    direct = replace(bob, origin=Origin("slack", "T1", "D7", direct=True))
    assert "your own messages" in direct.say("tips on weekdays 07:30").text


def test_a_channel_that_is_named_by_its_id_is_meant(ada: Chat) -> None:
    ada.say("tips on mon,thu 09:00 <#C2|random> risk").press("Confirm")
    kept = _kept(ada, "C2")
    assert kept is not None
    assert (kept.days, kept.tags) == ("mon,thu", ("risk",))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tips on tuesday 09:00 Europe/Nowhere", "time zone"),
        ("tips on tuesday 09:00 nonsense", "topics are"),
        ("tips on tuesday 09:00 #general", "which channel #general is. Type # and pick it"),
        ("tips pause until someday me", "2026-12-24"),
        ("tips pause until 2020-01-01 me", "2026-12-24"),
        ("tips off", "No tips are set up"),
        ("tips skip", "No tips are set up"),
    ],
)
def test_what_makes_no_sense_is_said_with_what_would(ada: Chat, line: str, said: str) -> None:
    ada.say("tips on daily 09:00 me").press("Confirm")
    assert said in ada.say(line).text
    assert ada.reply.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "line", ["tips for a young engineer", "tips on negotiating pay", "tips off my back please"]
)
def test_a_question_about_tips_is_a_question(ada: Chat, line: str) -> None:
    ada.say(line)
    assert "Begin with /career tips" not in ada.text


def test_the_form_does_what_the_words_do(ada: Chat) -> None:
    ada.say("tips").press("Tips for this channel")
    assert ada.form.fields[2].initial == "Europe/Berlin"
    ada.submit(when="last friday", time="16.30").press("Confirm")
    kept = _kept(ada, "C1")
    assert kept is not None
    assert (kept.days, kept.at) == ("last fri", "16:30")


def test_pause_resume_and_skip_move_the_next_date(ada: Chat) -> None:
    ada.say("tips on tuesday 09:00").press("Confirm")
    assert "Tue 08 Dec 2026" in ada.say("tips skip").text
    assert "Tue 29 Dec 2026" in ada.say("tips pause until 2026-12-24").text
    assert "Tue 29 Dec 2026" in ada.say("tips list").text
    assert "Tue 01 Dec 2026" in ada.say("tips resume").text
    ada.say("tips pause")
    assert "Paused until somebody resumes it" in ada.say("tips list").text
    assert "No more tips" in ada.say("tips off").text
    assert "No tips are set up" in ada.say("tips list").text


@pytest.mark.parametrize("back", ["tips resume", "tips on tuesday 09:00", "tips pause until 2026-11-30"])
def test_a_date_that_is_said_again_after_it_was_left_out_brings_its_tip(ada: Chat, back: str) -> None:
    ada.say("tips on tuesday 09:00").press("Confirm")
    ada.say("tips skip")
    assert "Tue 01 Dec 2026" in ada.say(back).text
    if "Confirm" in ada.text:
        ada.press("Confirm")
    due = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert [one.slot for one in ada.service.claim(frozenset({"slack"}), due)] == [due]


def test_the_list_shows_members_their_own_and_admins_all_of_their_workspace(ada: Chat, bob: Chat) -> None:
    ada.say("tips on tuesday 09:00 <#C2|random>").press("Confirm")
    bob.say("tips on daily 08:00 me").press("Confirm")
    assert "C2" not in bob.say("tips list").text
    assert "Every day at 08:00 (America/New_York), to your own messages" in bob.text
    assert "C2" in ada.say("tips list").text
    elsewhere = replace(ada, origin=replace(HERE, workspace="T2"))
    assert "No tips are set up" in elsewhere.say("tips list").text


def test_a_channel_is_named_so_that_each_platform_shows_its_name(ada: Chat) -> None:
    ada.say("tips on tuesday 09:00 <#C2|random>").press("Confirm")
    assert Channel("C2") in _spans(ada.reply)
    assert Channel("C2") in _spans(ada.say("tips list").reply)
    due = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    (delivery,) = ada.service.claim(frozenset({"slack"}), due)
    assert ada.service.begin([delivery], due)
    ada.service.settle([(delivery, Paused("gone"))], due)
    (word,) = ada.service.claim(frozenset({"slack"}), due)
    assert Channel("C2") in _spans(word.reply)
    assert Channel("C2") in _spans(ada.say("tips list").reply)


def _spans(reply: Reply) -> list[Span]:
    """Every span of the reply's sentences."""
    runs = [block.spans for block in reply.blocks if isinstance(block, Paragraph)]
    runs += [run for block in reply.blocks if isinstance(block, Bullets) for run in block.items]
    return [span for run in runs for span in run]


@pytest.mark.parametrize("barrier", sorted(set(Barrier) - HOPELESS))
def test_what_keeps_tips_out_stands_with_its_mend_in_place_of_confirm(ada: Chat, barrier: Barrier) -> None:
    ada.access = Access(barrier, ("send_messages",))
    text = ada.say("tips on mon,thu 09:00 <#C2|random> risk").text
    assert "A tip for today" in text
    assert "Thu 26 Nov 2026, 09:00 (Europe/Berlin)" in text
    assert ada.labels == ["Look again"]
    assert ada.press("Look again").reply.replace
    ada.access = None
    ada.press("Look again").press("Confirm")
    kept = _kept(ada, "C2")
    assert kept is not None
    assert (kept.days, kept.tags) == ("mon,thu", ("risk",))


@pytest.mark.parametrize("barrier", sorted(HOPELESS))
def test_a_channel_that_no_mend_opens_is_refused(ada: Chat, barrier: Barrier) -> None:
    ada.access = Access(barrier)
    assert ada.say("tips on daily 09:00 <#C2|random>").reply.outcome is Outcome.REFUSED
    assert "Confirm" not in ada.labels


def test_what_was_possible_when_it_was_shown_is_looked_at_again_on_confirm(ada: Chat) -> None:
    ada.say("tips on daily 09:00")
    ada.access = Access(Barrier.ARCHIVED)
    assert "it is archived" in ada.press("Confirm").text
    assert _kept(ada, "C1") is None


def test_tips_that_rest_stay_resting_where_the_bot_may_not_post(ada: Chat) -> None:
    ada.say("tips on daily 09:00").press("Confirm").say("tips pause")
    ada.access = Access(Barrier.OUTSIDE)
    assert "/invite @career-bot" in ada.say("tips resume").text
    ada.access = Access()
    assert "again, next on" in ada.press("Look again").text


def test_ones_own_tips_need_no_channel(bob: Chat) -> None:
    bob.access = Access(Barrier.OUTSIDE)
    assert "The first tip comes" in bob.say("tips on daily 09:00 me").press("Confirm").text


@pytest.fixture
def posts(service: Service) -> Callable[..., Outlet | None]:
    """The channel that a line, or a press, lets tips into."""

    def found(line: str, user: User = ADA) -> Outlet | None:
        request = Request(user, HERE, Action(LINE), NOON, "k", {LINE: line})
        if line.startswith("tips."):
            request = replace(request, action=Action.decode(line), inputs={})
        understood, command = service.understand(request)
        assert command is not None
        return command.posts(understood)

    return found


def test_the_channel_that_a_yes_lets_tips_into_is_known_before_anything_is_asked(
    posts: Callable[..., Outlet | None],
) -> None:
    assert posts("tips on daily 09:00") == Outlet("T1", "C1")
    assert posts("tips on daily 09:00 <#C2|random>") == Outlet("T1", "C2")
    assert posts("tips resume") == Outlet("T1", "C1")
    assert posts("tips.look:daily:0900:UTC:C2:") == Outlet("T1", "C2")
    assert posts("tips.return:T2:C3") == Outlet("T2", "C3")
    for nowhere in ("tips", "tips list", "tips off", "tips pause", "tips on", "tips on daily 09:00 me"):
        assert posts(nowhere) is None
    assert posts("tips on daily 09:00 #general") is None
    assert posts("tips on daily 09:00", BOB) is None
    assert posts("tips.return:T1:UADA") is None


def test_tips_cannot_be_confirmed_where_nothing_is_posted(ada: Chat) -> None:
    terminal = replace(ada, origin=Origin("terminal", "local", "terminal", direct=True))
    assert "Slack and Discord only" in terminal.say("tips on daily 09:00").press("Confirm").text


def test_a_tip_in_doubt_is_settled_by_its_owner_from_wherever_the_word_came(ada: Chat, bob: Chat) -> None:
    ada.say("tips on daily 09:00 UTC").press("Confirm")
    due = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    (delivery,) = ada.service.claim(frozenset({"slack"}), due)
    assert ada.service.begin([delivery], due)
    dead = due + timedelta(minutes=2)
    (word,) = ada.service.claim(frozenset({"slack"}), dead)
    assert (word.channel, word.direct, word.slot) == ("UADA", True, None)
    assert "Wed 25 Nov 2026, 09:00 (UTC)" in plain(word.reply)
    assert ada.service.begin([word], dead)
    ada.service.settle([(word, Sent("1"))], dead)
    again, there = (press.action for press in word.reply.blocks[1].buttons)  # type: ignore[union-attr]
    assert bob.do(again).reply.outcome is Outcome.REFUSED
    direct = replace(ada, origin=Origin("slack", "T1", "D1", direct=True))
    assert "within half a minute" in direct.do(again).text
    assert "settled already" in direct.do(there).text
    (once_more,) = ada.service.claim(frozenset({"slack"}), dead + timedelta(hours=9))
    assert once_more.key == delivery.key


def test_in_messages_of_no_server_nothing_leads_to_a_list_that_would_be_empty(ada: Chat) -> None:
    boss = replace(ada, origin=Origin("discord", "401", "301"))
    boss.say("tips on daily 09:00").press("Confirm")
    boss.say("tips on daily 09:00 me").press("Confirm")
    messages = replace(boss, origin=Origin("discord", "direct", "701", direct=True))
    for line in ("tips list", "tips off", "tips pause"):
        assert "set up in a server is managed there" in messages.say(line).text
    due = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    tips = ada.service.begin(ada.service.claim(frozenset({"discord"}), due), due)
    ada.service.settle([(tip, Paused("forbidden")) for tip in tips if not tip.direct], due)
    (word,) = ada.service.claim(frozenset({"discord"}), due)
    assert [press.label for press in word.reply.blocks[1].buttons] == ["Resume"]  # type: ignore[union-attr]


def test_of_paused_tips_there_is_no_next_one_to_skip(ada: Chat) -> None:
    ada.say("tips on daily 09:00").press("Confirm")
    ada.say("tips pause")
    assert "are paused, so there is no next one" in ada.say("tips skip").text
    assert ada.reply.outcome is Outcome.REFUSED


def test_forget_me_ends_my_own_tips_and_leaves_the_channels(ada: Chat) -> None:
    ada.say("tips on daily 09:00").press("Confirm")
    ada.say("tips on daily 09:00 me").press("Confirm")
    ada.say("forget-me").press("Erase all of it")
    assert _kept(ada, "UADA") is None
    kept = _kept(ada, "C1")
    assert kept is not None
    assert kept.owner is None


def test_crafted_presses_are_refused(ada: Chat) -> None:
    for args in ((), ("daily",), ("daily", "2500", "UTC", "C1", ""), ("daily", "0900", "Mars/X", "C1", "")):
        assert ada.do(Action("tips.confirm", args)).reply.outcome is Outcome.REFUSED
    for name in ("tips.again", "tips.there", "tips.return"):
        crafted: tuple[tuple[str, ...], ...] = ((), ("T1", "C1", "x"), ("T1", "C9"), ("T9", "C1", "9" * 11))
        for wrong in crafted:
            assert ada.do(Action(name, wrong)).reply.outcome is Outcome.REFUSED
    assert ada.now() == NOON


def test_an_admin_who_ran_tips_is_told_when_their_owner_is_gone(ada: Chat) -> None:
    ada.say("tips on daily 09:00 UTC").press("Confirm")
    eve = replace(ada, user=User("UEVE", "Eve", zone="UTC", admin=True))
    eve.say("tips skip")
    ada.say("forget-me").press("Erase all of it")
    due = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    (delivery,) = ada.service.claim(frozenset({"slack"}), due)
    assert ada.service.begin([delivery], due)
    ada.service.settle([(delivery, Paused("gone"))], due)
    assert [word.channel for word in ada.service.claim(frozenset({"slack"}), due)] == ["UEVE"]


@pytest.mark.parametrize("line", ["off", "pause", "pause until 2026-12-24", "resume", "skip"])
def test_an_admin_does_not_reach_a_members_own_tips_by_naming_the_member(service: Service, line: str) -> None:
    """On Discord a member's number has the shape of a channel's."""
    here = Origin("discord", "9", "10")
    bob = Chat(service, replace(BOB, id="77"), here)
    bob.say("tips on daily 09:00 UTC me").press("Confirm")
    store = service.context.store
    before = store.subscriptions.get(Community("discord", "9"), "77")
    ada = Chat(service, replace(ADA, id="78"), here)
    assert "No tips are set up there" in ada.say(f"tips {line} <#77>").text
    assert store.subscriptions.get(Community("discord", "9"), "77") == before
    assert ada.do(Action("tips.place", ("77",))).reply.outcome is Outcome.REFUSED
    for name in ("tips.return", "tips.again", "tips.there"):
        args = ("9", "77") if name == "tips.return" else ("9", "77", "1")
        assert ada.do(Action(name, args)).reply.outcome is Outcome.REFUSED
    confirm = Action("tips.confirm", ("daily", "0900", "UTC", "77", ""))
    assert ada.do(confirm).reply.outcome is Outcome.REFUSED
    assert store.subscriptions.get(Community("discord", "9"), "77") == before
