"""Which tip comes next: none twice before all came, no tag twice in four posts while another has stock."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tips.rotation import TAG_SPACING, PostHistory, TipPool, choose_tip
from bot.service import ContentSnapshot

POOLS = st.dictionaries(
    st.integers(0, 60).map(lambda n: f"tip-{n}"), st.sampled_from("abcdef"), min_size=1, max_size=30
)


@given(tips=POOLS, rounds=st.integers(1, 3), channel=st.text(max_size=4))
def test_a_round_uses_every_tip_once_and_keeps_tags_apart(
    tips: dict[str, str], rounds: int, channel: str
) -> None:
    posted, order = PostHistory(0, frozenset(), ()), []
    for _ in range(rounds * len(tips)):
        left = {tip: tag for tip, tag in tips.items() if tip not in posted.used_tips} or tips
        lately = {tips[tip] for tip in posted.recent_tips[:TAG_SPACING]}
        chosen = choose_tip(tips, posted, channel)
        assert chosen is not None
        if len(left) > 1 and set(left.values()) - lately and len(posted.used_tips) < len(tips):
            assert tips[chosen.tip] not in lately
        posted = posted.with_choice(chosen)
        order.append(chosen.tip)
    for number in range(rounds):
        assert set(order[number * len(tips) : (number + 1) * len(tips)]) == set(tips)
    if len(tips) > 1:
        assert all(one != other for one, other in itertools.pairwise(order))


@given(tips=POOLS, more=POOLS)
def test_a_tip_that_is_added_or_taken_away_in_a_round_breaks_nothing(
    tips: dict[str, str], more: dict[str, str]
) -> None:
    posted = PostHistory(0, frozenset(), ())
    for number in range(len(tips) + len(more)):
        now = tips if number < len(tips) // 2 else more
        chosen = choose_tip(now, posted, "C1")
        assert chosen is not None
        assert chosen.tip in now
        posted = posted.with_choice(chosen)


def test_channels_have_orders_of_their_own(snapshot: ContentSnapshot) -> None:
    tips = TipPool.of(snapshot.library).match((), date(2026, 12, 1))
    first = {choose_tip(tips, PostHistory(0, frozenset(), ()), f"C{number}") for number in range(20)}
    assert len(first) > 5


def test_stale_cards_give_no_tips_and_tags_narrow(snapshot: ContentSnapshot) -> None:
    library = snapshot.library
    today = date(2026, 12, 1)
    assert len(TipPool.of(library).match((), today)) >= 60
    risky = TipPool.of(library).match(("risk",), today)
    assert risky
    assert all("risk" in library.cards[library.tips[tip].card].tags for tip in risky)
    assert TipPool.of(library).match((), today + timedelta(days=800)) == {}
    assert choose_tip({}, PostHistory(0, frozenset(), ()), "C1") is None
