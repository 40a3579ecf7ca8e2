"""What people have to know of their tips: written with it, said once, to somebody who can be reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.store.community import Community
from bot.store.outbox import LEASE, REPEATED
from bot.store.store import Store
from bot.store.tips import Done, Few, Had, Pick, Subscription, Word

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SLACK, DISCORD = Community("slack", "T1"), Community("discord", "9")
BOTH, REPEATS = frozenset({"slack", "discord"}), frozenset({"discord"})


def _daily(subscription: Subscription, had: Had, slot: datetime) -> Pick:
    return Pick(f"tip {len(had.used)}", subscription.round, slot + timedelta(days=1))


def _subscribe(
    store: Store, channel: str, owner: str, where: Community = SLACK, *, at: datetime = NINE
) -> None:
    direct = channel == owner
    row = Subscription(where, channel, direct, owner, "daily", "09:00", "Europe/Berlin", date(2026, 1, 1))
    store.subscriptions.put(replace(row, next_due_at=NINE), at)


def _rests(store: Store, channel: str, why: str = "gone") -> None:
    """The channel's tip is refused for good."""
    claimed, _ = store.deliveries.claim(NINE, BOTH, REPEATS, _daily)
    for one in claimed:
        assert store.deliveries.begin([one.claim], NINE)
        state = (
            Done(one.claim, "paused", reason=why) if one.channel == channel else Done(one.claim, "sent", "1")
        )
        store.deliveries.settle([state], NINE, REPEATS)


def _words(store: Store, now: datetime = NINE) -> list[Word]:
    return store.deliveries.claim(now, BOTH, REPEATS, _daily)[1]


def _say(store: Store, word: Word, state: str, now: datetime = NINE, reason: str = "") -> None:
    assert store.words.begin([word.claim], now) == {word.claim}
    store.words.settle([Done(word.claim, state, "1", reason)], now, REPEATS)


def test_a_word_is_said_once_in_the_zone_of_its_tips(store: Store) -> None:
    _subscribe(store, "C1", "UADA")
    _rests(store, "C1")
    (word,) = _words(store)
    assert (word.person, word.matter.kind, word.matter.why, word.zone) == (
        "UADA",
        "paused",
        "gone",
        "Europe/Berlin",
    )
    _say(store, word, "sent")
    assert _words(store, NINE + timedelta(hours=20)) == []


def test_of_two_processes_one_says_it(store: Store) -> None:
    _subscribe(store, "C1", "UADA")
    _rests(store, "C1")
    (first,) = _words(store)
    assert _words(store) == []
    (second,) = _words(store, NINE + LEASE)  # the first one died before it began
    assert store.words.begin([first.claim, second.claim], NINE + LEASE) == {second.claim}


def test_who_cannot_be_reached_is_followed_by_each_admin_once_and_then_by_nobody(store: Store) -> None:
    for hours, person in enumerate(("UOLD", "UNEW", "UADA")):
        _subscribe(store, f"C-{person}", person, at=NINE - timedelta(hours=3 - hours))
        store.subscriptions.set_due(SLACK, f"C-{person}", None, paused="asked", until=None)
    _subscribe(store, "C1", "UADA", at=NINE - timedelta(days=9))
    _rests(store, "C1")
    asked = []
    while words := _words(store):
        (word,) = words
        asked.append(word.person)
        _say(store, word, "paused", reason="closed")
    assert asked == ["UADA", "UNEW", "UOLD"]


def test_a_members_own_tips_concern_nobody_else(store: Store) -> None:
    _subscribe(store, "C9", "UADA")
    _subscribe(store, "UBOB", "UBOB")
    _rests(store, "UBOB", "refused")
    (word,) = _words(store)
    assert word.person == "UBOB"
    _say(store, word, "paused", reason="closed")
    assert _words(store) == []
    _subscribe(store, "UBOB", "UBOB")
    store.deliveries.skip(SLACK, "UBOB", NINE, NINE)
    assert _words(store) == []


def test_closed_messages_are_not_told_by_message(store: Store) -> None:
    _subscribe(store, "UBOB", "UBOB")
    _rests(store, "UBOB", "closed")
    assert _words(store) == []
    kept = store.subscriptions.get(SLACK, "UBOB")
    assert kept is not None
    assert kept.paused == "closed"


def test_who_was_forgotten_meanwhile_is_followed_by_who_ran_tips_here(store: Store) -> None:
    _subscribe(store, "C2", "UBOB", at=NINE - timedelta(days=1))
    _subscribe(store, "C1", "UADA")
    _rests(store, "C1")
    store.people.forget(SLACK, "UADA")
    (word,) = _words(store)
    assert word.person == "UBOB"
    assert "tip_words" in store.people.rows(SLACK, "UBOB")
    assert store.people.rows(SLACK, "UADA") == {}


def test_a_lost_answer_is_repeated_by_its_key_on_discord_alone_and_not_for_ever(store: Store) -> None:
    for where in (SLACK, DISCORD):
        _subscribe(store, "1", "7", where)
    for one in store.deliveries.claim(NINE, BOTH, REPEATS, _daily)[0]:
        store.deliveries.begin([one.claim], NINE)
        store.deliveries.settle([Done(one.claim, "paused", reason="gone")], NINE, REPEATS)
    for word in _words(store):
        _say(store, word, "unknown", reason="lost")
    again: list[tuple[str, timedelta]] = []
    for seconds in range(0, 1_200, 5):
        now = NINE + timedelta(seconds=seconds)
        for word in _words(store, now):
            again.append((word.community.platform, now - NINE))
            _say(store, word, "unknown", now, reason="lost")
    assert {platform for platform, _ in again} == {"discord"}
    assert all(after < REPEATED for _, after in again)


def test_a_tip_whose_answer_was_lost_on_discord_is_repeated_by_its_key_then_in_doubt(store: Store) -> None:
    _subscribe(store, "1", "7", DISCORD)
    tries = 0
    for seconds in range(0, 1_200, 5):
        now = NINE + timedelta(seconds=seconds)
        for one in store.deliveries.claim(now, BOTH, REPEATS, _daily)[0]:
            tries += 1
            store.deliveries.begin([one.claim], now)
            store.deliveries.settle([Done(one.claim, "unknown", reason="lost")], now, REPEATS)
    assert 5 < tries <= REPEATED / timedelta(seconds=10)
    last = store.deliveries.last(DISCORD, "1")
    assert last is not None
    assert last[:2] == (NINE, "unknown")


@pytest.mark.parametrize("seconds", [0, 300])
def test_a_repeat_that_comes_too_late_is_in_doubt_and_its_owner_is_told(store: Store, seconds: int) -> None:
    _subscribe(store, "1", "7", DISCORD)
    (one,) = store.deliveries.claim(NINE, BOTH, REPEATS, _daily)[0]
    store.deliveries.begin([one.claim], NINE)
    store.deliveries.settle([Done(one.claim, "unknown", reason="lost")], NINE, REPEATS)
    now = NINE + timedelta(seconds=20)
    if seconds:  # and then Discord asks for more patience than it remembers keys
        (one,) = store.deliveries.claim(now, BOTH, REPEATS, _daily)[0]
        store.deliveries.begin([one.claim], now)
        again = now + timedelta(seconds=seconds)
        store.deliveries.settle([Done(one.claim, "failed", reason="ratelimited", again=again)], now, REPEATS)
    later = NINE + timedelta(minutes=10)
    claimed, words = store.deliveries.claim(later, BOTH, REPEATS, _daily)
    assert claimed == []
    assert [(word.person, word.matter.kind) for word in words] == [("7", "unknown")]


def test_a_doubt_is_told_even_when_its_next_try_is_refused(store: Store) -> None:
    _subscribe(store, "1", "7", DISCORD)
    (one,) = store.deliveries.claim(NINE, BOTH, REPEATS, _daily)[0]
    store.deliveries.begin([one.claim], NINE)
    store.deliveries.settle([Done(one.claim, "unknown", reason="lost")], NINE, REPEATS)
    now = NINE + timedelta(seconds=20)
    (one,) = store.deliveries.claim(now, BOTH, REPEATS, _daily)[0]
    store.deliveries.begin([one.claim], now)
    store.deliveries.settle([Done(one.claim, "paused", reason="forbidden")], now, REPEATS)
    assert sorted(word.matter.kind for word in _words(store, now)) == ["paused", "unknown"]


def test_a_member_who_ended_their_own_tips_is_no_admins_business(store: Store) -> None:
    _subscribe(store, "C9", "UADA")
    store.subscriptions.set_due(SLACK, "C9", None, paused="asked", until=None)
    for end in ("died", "lost"):
        _subscribe(store, "UBOB", "UBOB")
        now = NINE + timedelta(days=1) if end == "lost" else NINE
        (one,) = store.deliveries.claim(now, BOTH, REPEATS, _daily)[0]
        store.deliveries.begin([one.claim], now)
        store.subscriptions.remove(SLACK, "UBOB")
        if end == "lost":
            store.deliveries.settle([Done(one.claim, "unknown", reason="lost")], now, REPEATS)
        assert _words(store, now + LEASE) == []
        assert store.overview.in_doubt(NINE, 5) == ([], 0)


def test_of_tips_that_were_ended_nothing_more_is_said(store: Store) -> None:
    for channel, owner in (("C1", "UADA"), ("UBOB", "UBOB")):
        _subscribe(store, channel, owner)
        _rests(store, channel)
        store.subscriptions.remove(SLACK, channel)
    assert _words(store) == []


def test_few_are_left_is_said_once_a_round_and_once_where_there_never_are_more(store: Store) -> None:
    left = iter([Few(3, "0"), Few(2, "0"), None, Few(3, "1"), Few(2, ""), Few(2, ""), Few(1, "")])

    def thinning(subscription: Subscription, had: Had, slot: datetime) -> Pick:
        return replace(_daily(subscription, had, slot), few=next(left))

    _subscribe(store, "C1", "UADA")
    told = []
    for day in range(7):
        now = NINE + timedelta(days=day)
        claimed, words = store.deliveries.claim(now, BOTH, REPEATS, thinning)
        store.deliveries.settle([Done(one.claim, "sent", "1") for one in claimed], now, REPEATS)
        for word in words:
            told.append((word.person, day, word.matter.number))
            _say(store, word, "sent", now)
    assert told == [("UADA", 0, 3), ("UADA", 3, 3), ("UADA", 4, 2)]


def test_a_word_that_nobody_takes_for_a_day_is_given_up(store: Store) -> None:
    _subscribe(store, "C1", "UADA")
    _rests(store, "C1")
    now, tries = NINE, 0
    while words := _words(store, now):
        again = now + timedelta(hours=1)
        store.words.begin([words[0].claim], now)
        store.words.settle([Done(words[0].claim, "failed", reason="unreachable", again=again)], now, REPEATS)
        now, tries = again, tries + 1
    assert tries == 25
    assert store.deliveries.next_due(BOTH) is None


def test_while_the_bot_itself_is_refused_nobody_else_is_tried_and_the_word_waits(store: Store) -> None:
    _subscribe(store, "C2", "UBOB", at=NINE - timedelta(days=1))
    store.subscriptions.set_due(SLACK, "C2", None, paused="asked", until=None)
    _subscribe(store, "C1", "UADA")
    _rests(store, "C1", "refused")
    now, asked = NINE, set[str]()
    while words := _words(store, now):
        asked.add(words[0].person)
        _say(store, words[0], "paused", now, reason="refused")
        now += timedelta(minutes=10)
        if now - NINE == timedelta(hours=2):
            break
    assert asked == {"UADA"}
    (word,) = _words(store, now)  # the token is mended
    assert (word.person, word.matter.why) == ("UADA", "refused")


def test_more_slots_than_a_claim_is_for_leave_the_words_for_the_next_one(store: Store) -> None:
    def hourly(subscription: Subscription, had: Had, slot: datetime) -> Pick:
        return Pick(f"tip {len(had.used)}", 0, slot + timedelta(hours=1), Few(1, f"{slot}"))

    _subscribe(store, "C1", "UADA")
    now = NINE + timedelta(hours=2)
    claimed, words = store.deliveries.claim(now, BOTH, REPEATS, hourly, 1)
    assert (len(claimed), words) == (3, [])
    assert len(_words(store, now)) == 3
