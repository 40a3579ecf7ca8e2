"""Tips, set up in words or by a form: shown first, confirmed, listed, paused, skipped, ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.outbox import DeliveryKind, DeliveryPaused, DeliverySent, PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.subscription import Subscription
from bot.messaging.action import Action
from bot.messaging.blocks import Bullets, Paragraph
from bot.messaging.channel_access import UNFIXABLE_PROBLEMS, AccessProblem, ChannelAccess, ChannelRef
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Audience, Reply, ReplyOutcome
from bot.messaging.request import TYPED_LINE, Origin, Request, User
from bot.messaging.spans import ChannelMention, Span
from bot.service import Service
from tests.chat import NOON, Chat

ADA = User("UADA", "Ada", timezone="Europe/Berlin", is_admin=True)
BOB = User("UBOB", "Bob", timezone="America/New_York", is_admin=False)
HERE = Origin("slack", "T1", "C1")
TENANT = Tenant("slack", "T1")


@pytest.fixture
def ada_chat(service: Service) -> Chat:
    return Chat(service, user=ADA, origin=HERE)


@pytest.fixture
def bob_chat(service: Service) -> Chat:
    return Chat(service, user=BOB, origin=HERE)


def _load_subscription(chat: Chat, channel: str) -> Subscription | None:
    return chat.service.context.open_store().subscriptions.find(TENANT, channel)


def test_on_shows_the_first_tip_and_three_dates_and_keeps_nothing_before_confirm(ada_chat: Chat) -> None:
    text = ada_chat.send_line("/career tips on tuesday 09:00 Europe/Berlin").text
    assert "A tip for today" in text
    for date in ("Tue 01 Dec 2026, 09:00 (Europe/Berlin)", "Tue 08 Dec 2026", "Tue 15 Dec 2026"):
        assert date in text
    assert ada_chat.reply.audience is Audience.ASKER
    assert _load_subscription(ada_chat, "C1") is None
    assert "The first tip comes here on Tue 01 Dec 2026, 09:00" in ada_chat.press("Confirm").text
    assert ada_chat.reply.replace_original, "what is confirmed is not to be confirmed again"
    kept = _load_subscription(ada_chat, "C1")
    assert kept is not None
    assert kept.next_due_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_the_zone_is_the_askers_when_none_is_said_else_the_workspaces_else_asked(ada_chat: Chat) -> None:
    assert "Europe/Berlin" in ada_chat.send_line("tips on daily 9:00").text
    zoneless = replace(ada_chat, user=replace(ADA, timezone=None))
    assert "your time zone" in zoneless.send_line("tips on daily 9:00").text
    ada_chat.press("Confirm")
    assert "(Europe/Berlin)" in zoneless.send_line("tips on daily 10:00").text


def test_the_zone_of_another_members_own_tips_is_nobodys_business(service: Service) -> None:
    """Whoever writes to the bot on Discord is of the same workspace there: that of no server."""
    direct = Origin("discord", "direct", "5", is_direct=True)
    Chat(service, replace(BOB, id="10"), direct).send_line("tips on daily 09:00 Asia/Kolkata").press(
        "Confirm"
    )
    ann = Chat(service, User("20", "Ann"), direct)
    assert "Kolkata" not in str(ann.send_line("tips on").answer)
    assert "your time zone" in ann.send_line("tips on daily 09:00").text
    ann.send_line("tips on daily 09:00 Europe/Paris").press("Confirm")
    assert "(Europe/Paris)" in ann.send_line("tips on daily 10:00").text


def test_a_channel_is_for_admins_and_oneself_for_everyone(bob_chat: Chat) -> None:
    assert (
        "set up tips for yourself: type /career tips list" in bob_chat.send_line("tips on daily 09:00").text
    )
    assert bob_chat.reply.outcome is ReplyOutcome.REFUSED
    assert (
        bob_chat.send_action(Action("tips.confirm", ("daily", "0900", "UTC", "C1", ""))).reply.outcome
        is ReplyOutcome.REFUSED
    )
    assert "your own messages" in bob_chat.send_line("tips on daily 09:00 me").text
    bob_chat.press("Confirm")
    kept = _load_subscription(bob_chat, "UBOB")
    assert kept is not None
    assert kept.is_direct
    direct = replace(bob_chat, origin=Origin("slack", "T1", "D7", is_direct=True))
    assert "your own messages" in direct.send_line("tips on weekdays 07:30").text


def test_a_channel_that_is_named_by_its_id_is_meant(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on mon,thu 09:00 <#C2|random> risk").press("Confirm")
    kept = _load_subscription(ada_chat, "C2")
    assert kept is not None
    assert (kept.schedule.days, kept.tags) == ("mon,thu", ("risk",))


@pytest.mark.parametrize(
    ("line", "expected_message"),
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
def test_invalid_line_is_refused_with_a_valid_example(
    ada_chat: Chat, line: str, expected_message: str
) -> None:
    ada_chat.send_line("tips on daily 09:00 me").press("Confirm")
    assert expected_message in ada_chat.send_line(line).text
    assert ada_chat.reply.outcome is ReplyOutcome.REFUSED


@pytest.mark.parametrize(
    "line", ["tips for a young engineer", "tips on negotiating pay", "tips off my back please"]
)
def test_a_question_about_tips_is_a_question(ada_chat: Chat, line: str) -> None:
    ada_chat.send_line(line)
    assert "Begin with /career tips" not in ada_chat.text


def test_the_form_does_what_the_words_do(ada_chat: Chat) -> None:
    ada_chat.send_line("tips").press("Tips for this channel")
    assert ada_chat.form.fields[2].initial == "Europe/Berlin"
    ada_chat.submit(when="last friday", time="16.30").press("Confirm")
    kept = _load_subscription(ada_chat, "C1")
    assert kept is not None
    assert (kept.schedule.days, f"{kept.schedule.local_time:%H:%M}") == ("last fri", "16:30")


def test_pause_resume_and_skip_move_the_next_date(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on tuesday 09:00").press("Confirm")
    assert "Tue 08 Dec 2026" in ada_chat.send_line("tips skip").text
    assert "Tue 29 Dec 2026" in ada_chat.send_line("tips pause until 2026-12-24").text
    assert "Tue 29 Dec 2026" in ada_chat.send_line("tips list").text
    assert "Tue 01 Dec 2026" in ada_chat.send_line("tips resume").text
    ada_chat.send_line("tips pause")
    assert "Paused until someone resumes it" in ada_chat.send_line("tips list").text
    assert "No more tips" in ada_chat.send_line("tips off").text
    assert "No tips are set up" in ada_chat.send_line("tips list").text


@pytest.mark.parametrize("back", ["tips resume", "tips on tuesday 09:00", "tips pause until 2026-11-30"])
def test_skipped_date_set_again_delivers_its_tip(ada_chat: Chat, back: str) -> None:
    ada_chat.send_line("tips on tuesday 09:00").press("Confirm")
    ada_chat.send_line("tips skip")
    assert "Tue 01 Dec 2026" in ada_chat.send_line(back).text
    if "Confirm" in ada_chat.text:
        ada_chat.press("Confirm")
    due = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert [one.due_since for one in ada_chat.service.claim_due(frozenset({"slack"}), due)] == [due]


def test_the_list_shows_members_their_own_and_admins_all_of_their_workspace(
    ada_chat: Chat, bob_chat: Chat
) -> None:
    ada_chat.send_line("tips on tuesday 09:00 <#C2|random>").press("Confirm")
    bob_chat.send_line("tips on daily 08:00 me").press("Confirm")
    assert "C2" not in bob_chat.send_line("tips list").text
    assert "Every day at 08:00 (America/New_York), to your own messages" in bob_chat.text
    assert "C2" in ada_chat.send_line("tips list").text
    elsewhere = replace(ada_chat, origin=replace(HERE, workspace="T2"))
    assert "No tips are set up" in elsewhere.send_line("tips list").text


def test_a_channel_is_named_so_that_each_platform_shows_its_name(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on tuesday 09:00 <#C2|random>").press("Confirm")
    assert ChannelMention("C2") in _list_spans(ada_chat.reply)
    assert ChannelMention("C2") in _list_spans(ada_chat.send_line("tips list").reply)
    due = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    (delivery,) = ada_chat.service.claim_due(frozenset({"slack"}), due)
    assert ada_chat.service.begin_sending([delivery], due)
    ada_chat.service.record_results([(delivery, DeliveryPaused(PauseReason.GONE))], due)
    (word,) = ada_chat.service.claim_due(frozenset({"slack"}), due)
    assert ChannelMention("C2") in _list_spans(word.reply)
    assert ChannelMention("C2") in _list_spans(ada_chat.send_line("tips list").reply)


def _list_spans(reply: Reply) -> list[Span]:
    """Every span of the reply's sentences."""
    runs = [block.spans for block in reply.blocks if isinstance(block, Paragraph)]
    runs += [run for block in reply.blocks if isinstance(block, Bullets) for run in block.items]
    return [span for run in runs for span in run]


@pytest.mark.parametrize("barrier", sorted(set(AccessProblem) - UNFIXABLE_PROBLEMS))
def test_access_problem_and_fix_replace_confirm(ada_chat: Chat, barrier: AccessProblem) -> None:
    ada_chat.channel_access = ChannelAccess(barrier, ("send_messages",))
    text = ada_chat.send_line("tips on mon,thu 09:00 <#C2|random> risk").text
    assert "A tip for today" in text
    assert "Thu 26 Nov 2026, 09:00 (Europe/Berlin)" in text
    assert ada_chat.labels == ["Check again"]
    assert ada_chat.press("Check again").reply.replace_original
    ada_chat.channel_access = None
    ada_chat.press("Check again").press("Confirm")
    kept = _load_subscription(ada_chat, "C2")
    assert kept is not None
    assert (kept.schedule.days, kept.tags) == ("mon,thu", ("risk",))


@pytest.mark.parametrize("barrier", sorted(UNFIXABLE_PROBLEMS))
def test_channel_without_a_fix_is_refused(ada_chat: Chat, barrier: AccessProblem) -> None:
    ada_chat.channel_access = ChannelAccess(barrier)
    assert ada_chat.send_line("tips on daily 09:00 <#C2|random>").reply.outcome is ReplyOutcome.REFUSED
    assert "Confirm" not in ada_chat.labels


def test_access_is_checked_again_on_confirm(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on daily 09:00")
    ada_chat.channel_access = ChannelAccess(AccessProblem.ARCHIVED)
    assert "it's archived" in ada_chat.press("Confirm").text
    assert _load_subscription(ada_chat, "C1") is None


def test_paused_tips_stay_paused_without_post_permission(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on daily 09:00").press("Confirm").send_line("tips pause")
    ada_chat.channel_access = ChannelAccess(AccessProblem.NOT_MEMBER)
    assert "/invite @career-bot" in ada_chat.send_line("tips resume").text
    ada_chat.channel_access = ChannelAccess()
    assert "again, next on" in ada_chat.press("Check again").text


def test_ones_own_tips_need_no_channel(bob_chat: Chat) -> None:
    bob_chat.channel_access = ChannelAccess(AccessProblem.NOT_MEMBER)
    assert "The first tip comes" in bob_chat.send_line("tips on daily 09:00 me").press("Confirm").text


@pytest.fixture
def find_target_channel(service: Service) -> Callable[..., ChannelRef | None]:
    """The channel that a line, or a press, lets tips into."""

    def found(line: str, user: User = ADA) -> ChannelRef | None:
        request = Request(user, HERE, Action(TYPED_LINE), NOON, "k", {TYPED_LINE: line})
        if line.startswith("tips."):
            request = replace(request, action=Action.decode(line), inputs={})
        understood, command = service.parse_request(request)
        assert command is not None
        return command.find_posting_channel(understood)

    return found


def test_target_channel_is_known_before_confirmation(
    find_target_channel: Callable[..., ChannelRef | None],
) -> None:
    assert find_target_channel("tips on daily 09:00") == ChannelRef("T1", "C1")
    assert find_target_channel("tips on daily 09:00 <#C2|random>") == ChannelRef("T1", "C2")
    assert find_target_channel("tips resume") == ChannelRef("T1", "C1")
    assert find_target_channel("tips.look:daily:0900:UTC:C2:") == ChannelRef("T1", "C2")
    assert find_target_channel("tips.return:T2:C3") == ChannelRef("T2", "C3")
    for nowhere in ("tips", "tips list", "tips off", "tips pause", "tips on", "tips on daily 09:00 me"):
        assert find_target_channel(nowhere) is None
    assert find_target_channel("tips on daily 09:00 #general") is None
    assert find_target_channel("tips on daily 09:00", BOB) is None
    assert find_target_channel("tips.return:T1:UADA") is None


def test_tips_cannot_be_confirmed_where_nothing_is_posted(ada_chat: Chat) -> None:
    terminal = replace(ada_chat, origin=Origin("terminal", "local", "terminal", is_direct=True))
    assert "Slack and Discord only" in terminal.send_line("tips on daily 09:00").press("Confirm").text


def test_owner_settles_uncertain_delivery_from_any_notification(ada_chat: Chat, bob_chat: Chat) -> None:
    ada_chat.send_line("tips on daily 09:00 UTC").press("Confirm")
    due = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    (delivery,) = ada_chat.service.claim_due(frozenset({"slack"}), due)
    assert ada_chat.service.begin_sending([delivery], due)
    dead = due + timedelta(minutes=2)
    (word,) = ada_chat.service.claim_due(frozenset({"slack"}), dead)
    assert (word.channel, word.is_direct, word.kind) == ("UADA", True, DeliveryKind.NOTIFICATION)
    assert "Wed 25 Nov 2026, 09:00 (UTC)" in render_plain(word.reply)
    assert ada_chat.service.begin_sending([word], dead)
    ada_chat.service.record_results([(word, DeliverySent("1"))], dead)
    again, there = (press.action for press in word.reply.blocks[1].buttons)  # type: ignore[union-attr]
    assert bob_chat.send_action(again).reply.outcome is ReplyOutcome.REFUSED
    direct = replace(ada_chat, origin=Origin("slack", "T1", "D1", is_direct=True))
    assert "within half a minute" in direct.send_action(again).text
    assert "settled that already" in direct.send_action(there).text
    (once_more,) = ada_chat.service.claim_due(frozenset({"slack"}), dead + timedelta(hours=9))
    assert once_more.idempotency_key == delivery.idempotency_key


def test_in_messages_of_no_server_nothing_leads_to_a_list_that_would_be_empty(ada_chat: Chat) -> None:
    boss = replace(ada_chat, origin=Origin("discord", "401", "301"))
    boss.send_line("tips on daily 09:00").press("Confirm")
    boss.send_line("tips on daily 09:00 me").press("Confirm")
    messages = replace(boss, origin=Origin("discord", "direct", "701", is_direct=True))
    for line in ("tips list", "tips off", "tips pause"):
        assert "Manage a server's tips in that server" in messages.send_line(line).text
    due = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    tips = ada_chat.service.begin_sending(ada_chat.service.claim_due(frozenset({"discord"}), due), due)
    ada_chat.service.record_results(
        [(tip, DeliveryPaused(PauseReason.FORBIDDEN)) for tip in tips if not tip.is_direct], due
    )
    (word,) = ada_chat.service.claim_due(frozenset({"discord"}), due)
    assert [press.label for press in word.reply.blocks[1].buttons] == ["Resume"]  # type: ignore[union-attr]


def test_of_paused_tips_there_is_no_next_one_to_skip(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on daily 09:00").press("Confirm")
    ada_chat.send_line("tips pause")
    assert "are paused, so there's no next one" in ada_chat.send_line("tips skip").text
    assert ada_chat.reply.outcome is ReplyOutcome.REFUSED


def test_forget_me_ends_my_own_tips_and_leaves_the_channels(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on daily 09:00").press("Confirm")
    ada_chat.send_line("tips on daily 09:00 me").press("Confirm")
    ada_chat.send_line("forget-me").press("Delete everything")
    assert _load_subscription(ada_chat, "UADA") is None
    kept = _load_subscription(ada_chat, "C1")
    assert kept is not None
    assert kept.owner is None


def test_crafted_presses_are_refused(ada_chat: Chat) -> None:
    for args in ((), ("daily",), ("daily", "2500", "UTC", "C1", ""), ("daily", "0900", "Mars/X", "C1", "")):
        assert ada_chat.send_action(Action("tips.confirm", args)).reply.outcome is ReplyOutcome.REFUSED
    for name in ("tips.again", "tips.there", "tips.return"):
        crafted: tuple[tuple[str, ...], ...] = ((), ("T1", "C1", "x"), ("T1", "C9"), ("T9", "C1", "9" * 11))
        for wrong in crafted:
            assert ada_chat.send_action(Action(name, wrong)).reply.outcome is ReplyOutcome.REFUSED
    assert ada_chat.now() == NOON


def test_admin_is_notified_when_the_owner_is_deleted(ada_chat: Chat) -> None:
    ada_chat.send_line("tips on daily 09:00 UTC").press("Confirm")
    eve = replace(ada_chat, user=User("UEVE", "Eve", timezone="UTC", is_admin=True))
    eve.send_line("tips skip")
    ada_chat.send_line("forget-me").press("Delete everything")
    due = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    (delivery,) = ada_chat.service.claim_due(frozenset({"slack"}), due)
    assert ada_chat.service.begin_sending([delivery], due)
    ada_chat.service.record_results([(delivery, DeliveryPaused(PauseReason.GONE))], due)
    assert [word.channel for word in ada_chat.service.claim_due(frozenset({"slack"}), due)] == ["UEVE"]


@pytest.mark.parametrize("line", ["off", "pause", "pause until 2026-12-24", "resume", "skip"])
def test_an_admin_does_not_reach_a_members_own_tips_by_naming_the_member(service: Service, line: str) -> None:
    """On Discord a member's number has the shape of a channel's."""
    here = Origin("discord", "9", "10")
    bob = Chat(service, replace(BOB, id="77"), here)
    bob.send_line("tips on daily 09:00 UTC me").press("Confirm")
    store = service.context.open_store()
    before = store.subscriptions.find(Tenant("discord", "9"), "77")
    ada = Chat(service, replace(ADA, id="78"), here)
    assert "No tips are set up there" in ada.send_line(f"tips {line} <#77>").text
    assert store.subscriptions.find(Tenant("discord", "9"), "77") == before
    assert ada.send_action(Action("tips.place", ("77",))).reply.outcome is ReplyOutcome.REFUSED
    for name in ("tips.return", "tips.again", "tips.there"):
        args = ("9", "77") if name == "tips.return" else ("9", "77", "1")
        assert ada.send_action(Action(name, args)).reply.outcome is ReplyOutcome.REFUSED
    confirm = Action("tips.confirm", ("daily", "0900", "UTC", "77", ""))
    assert ada.send_action(confirm).reply.outcome is ReplyOutcome.REFUSED
    assert store.subscriptions.find(Tenant("discord", "9"), "77") == before
