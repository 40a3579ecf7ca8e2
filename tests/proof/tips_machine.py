"""Whatever people say and whatever dies: a tip is posted once, or its row says why not. Thousands of steps.

People set up, pause, resume, skip and end tips by the bot's own words; two processes claim, send and settle;
each may die at any step, all may be started again, and the clock jumps.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Row, select

from bot.dialogue.action import Action
from bot.dialogue.delivery import Delivery, Paused, RetryAt, Sent, Settled, Unknown
from bot.dialogue.request import Origin, User
from bot.service import Edition, Service
from bot.store.community import Community
from bot.store.course import LATE
from bot.store.database import Database, address
from bot.store.outbox import LEASE
from bot.store.tables import TIP_DELIVERIES
from tests.chat import Chat, edition_of, service_over
from tests.proof.finding import Finding

HISTORIES = 160
STEPS = 60
BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PLATFORMS, REPEATS = frozenset({"slack", "discord"}), frozenset({"discord"})
ADA = User("UADA", "Ada", zone="UTC", admin=True)

Slot = tuple[str, str, datetime]  # platform, channel, when
DOES = st.sampled_from(["on", "off", "pause", "resume", "skip", "decide"])
WHERE, CHANNEL = st.sampled_from(["slack", "discord"]), st.sampled_from(["C1", "C2"])


@dataclass
class Sender:
    """One process: what it claimed, and what it handed to the platform and did not settle yet."""

    claimed: list[Delivery] = field(default_factory=list)
    sending: list[Delivery] = field(default_factory=list)


class Histories(RuleBasedStateMachine):
    """One history of two communities with two channels each."""

    edition: ClassVar[Edition]
    template: ClassVar[Path]
    steps: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        shutil.copy(self.template, self.folder / "career-bot.db")
        self.service = service_over(self.edition, self.folder)
        self.looks = Database(address(self.folder, None))
        self.now = BEGIN
        self.due: dict[tuple[str, str], datetime | None] = {}  # as a person would reckon it
        self.posted: Counter[Slot] = Counter()
        self.told: Counter[str] = Counter()
        self.senders = [Sender(), Sender()]

    def teardown(self) -> None:
        self.service.context.home.close()
        self.looks.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.subscribe("slack", "C1", 1)
        self.subscribe("discord", "C1", 2)

    @rule(platform=WHERE, channel=CHANNEL, does=DOES, number=st.integers(1, 3))
    def somebody(self, platform: str, channel: str, does: str, number: int) -> None:
        """An admin says or presses something."""
        match does:
            case "on":
                self.subscribe(platform, channel, number)
            case "off":
                self._say(platform, f"tips off <#{channel}>")
                self.due.pop((platform, channel), None)
            case "pause":
                self.pause(platform, channel, number - 1)
            case "resume":
                self.resume(platform, channel)
            case "skip":
                self.skip(platform, channel)
            case _:
                self.decide(platform, channel)

    def subscribe(self, platform: str, channel: str, minutes: int) -> None:
        """The first slot comes so soon."""
        at = self.now + minutes * MINUTE
        self._say(platform, f"tips on daily {at:%H:%M} UTC <#{channel}>").press("Confirm")
        self.due[platform, channel] = at

    def pause(self, platform: str, channel: str, days: int) -> None:
        """Until a day, or until somebody resumes it."""
        until = (self.now + days * DAY).date()
        kept = self.service.context.store.subscriptions.get(Community(platform, "T1"), channel)
        self._say(platform, f"tips pause {f'until {until}' if days else ''} <#{channel}>")
        if kept is not None:
            midnight = datetime(until.year, until.month, until.day, tzinfo=UTC)
            self.due[platform, channel] = self._first(kept.at, max(midnight, self.now)) if days else None

    def resume(self, platform: str, channel: str) -> None:
        """From the next slot on, whatever it rested for."""
        kept = self.service.context.store.subscriptions.get(Community(platform, "T1"), channel)
        self._say(platform, f"tips resume <#{channel}>")
        if kept is not None:
            self.due[platform, channel] = self._first(kept.at, self.now)

    def skip(self, platform: str, channel: str) -> None:
        """Leave the next one out, with a row that says so."""
        self._say(platform, f"tips skip <#{channel}>")
        if (due := self.due.get((platform, channel))) is not None:
            assert self._states()[platform, channel, due][1] == "asked"
            self.due[platform, channel] = due + DAY

    def decide(self, platform: str, channel: str) -> None:
        """The owner looks whether a doubtful one stands there, and says so."""
        for slot, (state, _) in self._states().items():
            if state == "unknown" and slot[:2] == (platform, channel) and slot[:2] in self.due:
                verb = "there" if self.posted[slot] else "again"
                mark = str(int(slot[2].timestamp()))
                self._chat(platform).do(Action(f"tips.{verb}", ("T1", channel, mark)))
                return

    @rule(minutes=st.sampled_from([1, 2, 3, 10, 61, 200, 1439, 1440, 4000]))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(who=st.integers(0, 1))
    def tick(self, who: int) -> None:
        before = self._states()
        self.senders[who].claimed += self.service.claim(PLATFORMS, self.now)
        after = self._states()
        for place in self.due:
            while (due := self.due[place]) is not None and due <= self.now:
                slot = (*place, due)
                assert slot in after, f"lost in silence: {slot}"
                if slot not in before:
                    missed = ("skipped", "missed") if self.now - due > LATE else ("claimed", "")
                    assert after[slot] == missed, (slot, after[slot])
                self.due[place] = due + DAY

    @rule(who=st.integers(0, 1), wakes=st.booleans())
    def a_lease_is_over(self, who: int, wakes: bool) -> None:
        """What the other one claimed and did not send goes to whoever looks; then the other one may wake."""
        self.now += LEASE
        self.tick(who)
        while wakes and any(sender.claimed for sender in self.senders):
            self.send(who, lost=False)

    @precondition(lambda self: any(self.due.values()))
    @rule(who=st.integers(0, 1), lost=st.lists(st.booleans(), max_size=2))
    def its_time_comes(self, who: int, lost: list[bool]) -> None:
        """The next slot of all; somebody looks, and hands as many to the platform."""
        self.now = max(self.now, min(due for due in self.due.values() if due is not None))
        self.tick(who)
        for one in lost:
            if any(sender.claimed for sender in self.senders):
                self.send(who, one)

    @precondition(lambda self: any(sender.claimed for sender in self.senders))
    @rule(who=st.integers(0, 1), lost=st.booleans())
    def send(self, who: int, lost: bool) -> None:
        sender = self.senders[who] if self.senders[who].claimed else self.senders[1 - who]
        delivery = sender.claimed.pop(0)
        if not self.service.begin([delivery], self.now):
            return
        knows = delivery.platform in REPEATS  # the key, and takes it once
        if delivery.slot is None:
            word = f"{delivery.platform} {delivery.key}"
            self.told[word] = 1 if knows else self.told[word] + 1
        else:
            self.posted[_slot(delivery)] = 1 if knows else self.posted[_slot(delivery)] + 1
        self.steps["sent"] += delivery.slot is not None
        if not lost:
            sender.sending.append(delivery)

    @precondition(lambda self: any(sender.sending for sender in self.senders))
    @rule(who=st.integers(0, 1), how=st.sampled_from(["sent", "unknown", "retry", "paused"]))
    def settle(self, who: int, how: str) -> None:
        sender = self.senders[who] if self.senders[who].sending else self.senders[1 - who]
        delivery = sender.sending.pop(0)
        refused = delivery.slot is not None and how in ("retry", "paused") and self._is_ours(delivery)
        if refused:
            self.posted[_slot(delivery)] -= 1  # the platform surely did not take it
        if refused and how == "retry":
            self._settle(delivery, RetryAt(self.now + timedelta(seconds=30), "busy"))
        elif refused:
            self._settle(delivery, Paused("gone"))
            if (delivery.platform, delivery.channel) in self.due:
                self.due[delivery.platform, delivery.channel] = None
        else:
            self._settle(delivery, Unknown("lost") if how == "unknown" else Sent("m"))

    @rule(who=st.integers(0, 1))
    def crash(self, who: int) -> None:
        self.senders[who] = Sender()

    @rule()
    def restart(self) -> None:
        self.senders = [Sender(), Sender()]
        self.service.context.home.close()
        self.service = service_over(self.edition, self.folder)

    @rule()
    def everything_comes_to_an_end(self) -> None:
        """All die, and one that lives takes care of what they left: nothing hangs for ever."""
        self.restart()
        for _ in range(4):
            self.now += LEASE + MINUTE
            self.tick(0)
            while self.senders[0].claimed:
                self.send(0, lost=False)
            while self.senders[0].sending:
                self.settle(0, "sent")
        for slot, (state, reason) in self._states().items():
            assert state in ("sent", "unknown", "skipped"), (slot, state)
            assert state != "skipped" or reason, slot

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        self.steps["steps"] += 1
        assert all(times <= 1 for times in self.posted.values()), self.posted

    @invariant()
    def what_is_sent_stands_there_and_what_stands_there_is_no_secret(self) -> None:
        states = self._states()
        for slot, (state, _) in states.items():
            assert state != "sent" or self.posted[slot] == 1, (slot, state)
        for slot, times in self.posted.items():
            known = ("sent", "sending", "unknown", "claimed") if slot[0] in REPEATS else _STANDING
            assert not times or states[slot][0] in known, (slot, states[slot])

    @invariant()
    def each_place_is_due_when_a_person_would_say(self) -> None:
        for (platform, channel), due in self.due.items():
            kept = self.service.context.store.subscriptions.get(Community(platform, "T1"), channel)
            assert kept is not None
            assert kept.next_due_at == due, (platform, channel)

    @invariant()
    def one_is_told_once(self) -> None:
        assert all(times <= 1 for times in self.told.values()), self.told

    def _settle(self, delivery: Delivery, settled: Settled) -> None:
        self.service.settle([(delivery, settled)], self.now)

    def _say(self, platform: str, line: str) -> Chat:
        self.steps["words"] += 1
        return self._chat(platform).say(line)

    def _chat(self, platform: str) -> Chat:
        return Chat(self.service, ADA, Origin(platform, "T1", "C9"), lambda: self.now)

    def _is_ours(self, delivery: Delivery) -> bool:
        mine = [row for row in self._rows() if row.claim == delivery.claim]
        return bool(mine) and mine[0].state == "sending"

    def _states(self) -> dict[Slot, tuple[str, str]]:
        return {(row.platform, row.channel, row.slot): (row.state, row.reason) for row in self._rows()}

    def _rows(self) -> Sequence[Row[Any]]:
        with self.looks.read() as connection:
            return connection.execute(select(TIP_DELIVERIES)).all()

    def _first(self, at: str, after: datetime) -> datetime:
        """The first daily slot: a pause until a day brings the slot at its midnight too."""
        hour, minute = map(int, at.split(":"))
        slot = after.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return slot if slot > after or (slot == after != self.now) else slot + DAY


_STANDING = ("sent", "sending", "unknown")


def _slot(delivery: Delivery) -> Slot:
    assert delivery.slot is not None
    return delivery.platform, delivery.channel, delivery.slot


def prove(number: int, share: float) -> Iterator[Finding]:
    """Run the histories; one that fails is printed step by step."""
    histories, folder = max(5, round(HISTORIES * share)), Path(mkdtemp())
    Histories.edition = edition_of()
    Histories.steps.clear()
    Histories.template = folder / "career-bot.db"
    first: Service = service_over(Histories.edition, folder)
    assert first.context.store
    first.context.home.close()
    length = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate,),  # to make a history of real rows shorter takes minutes
        suppress_health_check=list(HealthCheck),
    )
    failure = ""
    try:
        run_state_machine_as_test(seed(number)(Histories), settings=length)
    except Exception as error:
        failure = f"{type(error).__name__} {error}".partition("\n")[0]
    finally:
        shutil.rmtree(folder)
    steps = Histories.steps
    note = f"{steps['steps']:,} steps, {steps['words']:,} words of people, {steps['sent']:,} tips sent"
    yield Finding("histories of tips", histories, int(bool(failure)), f"{note} {failure}".rstrip())
