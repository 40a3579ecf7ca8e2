"""Which tip comes next: none twice before all came, no tag twice in four posts while another has stock."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tips.choice import APART, Posted, choose, pool
from bot.service import Edition

POOLS = st.dictionaries(
    st.integers(0, 60).map(lambda n: f"tip-{n}"), st.sampled_from("abcdef"), min_size=1, max_size=30
)


@given(tips=POOLS, rounds=st.integers(1, 3), channel=st.text(max_size=4))
def test_a_round_uses_every_tip_once_and_keeps_tags_apart(
    tips: dict[str, str], rounds: int, channel: str
) -> None:
    posted, order = Posted(0, frozenset(), ()), []
    for _ in range(rounds * len(tips)):
        left = {tip: tag for tip, tag in tips.items() if tip not in posted.used} or tips
        lately = {tips[tip] for tip in posted.recent[:APART]}
        chosen = choose(tips, posted, channel)
        assert chosen is not None
        if len(left) > 1 and set(left.values()) - lately and len(posted.used) < len(tips):
            assert tips[chosen.tip] not in lately
        posted = posted.after(chosen)
        order.append(chosen.tip)
    for number in range(rounds):
        assert set(order[number * len(tips) : (number + 1) * len(tips)]) == set(tips)
    if len(tips) > 1:
        assert all(one != other for one, other in itertools.pairwise(order))


@given(tips=POOLS, more=POOLS)
def test_a_tip_that_is_added_or_taken_away_in_a_round_breaks_nothing(
    tips: dict[str, str], more: dict[str, str]
) -> None:
    posted = Posted(0, frozenset(), ())
    for number in range(len(tips) + len(more)):
        now = tips if number < len(tips) // 2 else more
        chosen = choose(now, posted, "C1")
        assert chosen is not None
        assert chosen.tip in now
        posted = posted.after(chosen)


def test_channels_have_orders_of_their_own(edition: Edition) -> None:
    tips = pool(edition.library, (), date(2026, 12, 1))
    first = {choose(tips, Posted(0, frozenset(), ()), f"C{number}") for number in range(20)}
    assert len(first) > 5


def test_stale_cards_give_no_tips_and_tags_narrow(edition: Edition) -> None:
    library = edition.library
    today = date(2026, 12, 1)
    assert len(pool(library, (), today)) >= 60
    risky = pool(library, ("risk",), today)
    assert risky
    assert all("risk" in library.cards[library.tips[tip].card].tags for tip in risky)
    assert pool(library, (), today + timedelta(days=800)) == {}
    assert choose({}, Posted(0, frozenset(), ()), "C1") is None
