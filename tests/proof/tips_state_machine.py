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

from bot.domain.outbox import (
    DeliveryPaused,
    DeliveryResult,
    DeliveryRetry,
    DeliverySent,
    DeliveryUnknown,
    PauseReason,
)
from bot.domain.tenant import Tenant
from bot.messaging.action import Action
from bot.messaging.delivery import Delivery, DeliveryKind
from bot.messaging.request import Origin, User
from bot.service import ContentSnapshot, Service
from bot.store.database import Database, build_database_url
from bot.store.tables import TIP_DELIVERIES
from bot.timing import CLAIM_LEASE, MAX_LATENESS
from tests.chat import Chat, build_service_from, load_snapshot
from tests.proof.proof_result import ProofResult

EXAMPLE_COUNT = 160
STEP_COUNT = 60
BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PLATFORMS, IDEMPOTENT_PLATFORMS = frozenset({"slack", "discord"}), frozenset({"discord"})
ADA = User("UADA", "Ada", timezone="UTC", is_admin=True)

DeliveryKey = tuple[str, str, datetime]  # platform, channel, when
ADMIN_ACTIONS = st.sampled_from(["on", "off", "pause", "resume", "skip", "decide"])
PLATFORM_NAMES, CHANNELS = st.sampled_from(["slack", "discord"]), st.sampled_from(["C1", "C2"])


@dataclass
class ProcessState:
    """One process: what it claimed, and what it handed to the platform and did not settle yet."""

    claimed: list[Delivery] = field(default_factory=list)
    in_flight: list[Delivery] = field(default_factory=list)


class TipsStateMachine(RuleBasedStateMachine):
    """One history of two communities with two channels each."""

    snapshot: ClassVar[ContentSnapshot]
    template: ClassVar[Path]
    step_counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        shutil.copy(self.template, self.folder / "career-bot.db")
        self.service = build_service_from(self.snapshot, self.folder)
        self.database = Database(build_database_url(self.folder, None))
        self.now = BEGIN
        self.expected_due: dict[tuple[str, str], datetime | None] = {}  # as a person would reckon it
        self.post_counts: Counter[DeliveryKey] = Counter()
        self.notification_counts: Counter[str] = Counter()
        self.processes = [ProcessState(), ProcessState()]

    def teardown(self) -> None:
        self.service.context.storage.close()
        self.database.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.subscribe("slack", "C1", 1)
        self.subscribe("discord", "C1", 2)

    @rule(platform=PLATFORM_NAMES, channel=CHANNELS, does=ADMIN_ACTIONS, number=st.integers(1, 3))
    def act_as_admin(self, platform: str, channel: str, does: str, number: int) -> None:
        """An admin says or presses something."""
        match does:
            case "on":
                self.subscribe(platform, channel, number)
            case "off":
                self._send_line(platform, f"tips off <#{channel}>")
                self.expected_due.pop((platform, channel), None)
            case "pause":
                self.pause(platform, channel, number - 1)
            case "resume":
                self.resume(platform, channel)
            case "skip":
                self.skip(platform, channel)
            case _:
                self.confirm_delivery(platform, channel)

    def subscribe(self, platform: str, channel: str, minutes: int) -> None:
        """The first slot comes so soon."""
        at = self.now + minutes * MINUTE
        self._send_line(platform, f"tips on daily {at:%H:%M} UTC <#{channel}>").press("Confirm")
        self.expected_due[platform, channel] = at

    def pause(self, platform: str, channel: str, days: int) -> None:
        """Until a day, or until someone resumes it."""
        until = (self.now + days * DAY).date()
        kept = self.service.context.open_store().subscriptions.find(Tenant(platform, "T1"), channel)
        self._send_line(platform, f"tips pause {f'until {until}' if days else ''} <#{channel}>")
        if kept is not None:
            midnight = datetime(until.year, until.month, until.day, tzinfo=UTC)
            self.expected_due[platform, channel] = (
                self._find_first_slot(f"{kept.schedule.local_time:%H:%M}", max(midnight, self.now))
                if days
                else None
            )

    def resume(self, platform: str, channel: str) -> None:
        """From the next slot on, whatever it rested for."""
        kept = self.service.context.open_store().subscriptions.find(Tenant(platform, "T1"), channel)
        self._send_line(platform, f"tips resume <#{channel}>")
        if kept is not None:
            self.expected_due[platform, channel] = self._find_first_slot(
                f"{kept.schedule.local_time:%H:%M}", self.now
            )

    def skip(self, platform: str, channel: str) -> None:
        """Leave the next one out, with a row that says so."""
        self._send_line(platform, f"tips skip <#{channel}>")
        if (due := self.expected_due.get((platform, channel))) is not None:
            assert self._load_states()[platform, channel, due][1] == "asked"
            self.expected_due[platform, channel] = due + DAY

    def confirm_delivery(self, platform: str, channel: str) -> None:
        """The owner looks whether a doubtful one stands there, and says so."""
        for slot, (state, _) in self._load_states().items():
            if state == "unknown" and slot[:2] == (platform, channel) and slot[:2] in self.expected_due:
                verb = "there" if self.post_counts[slot] else "again"
                mark = str(int(slot[2].timestamp()))
                self._open_chat(platform).send_action(Action(f"tips.{verb}", ("T1", channel, mark)))
                return

    @rule(minutes=st.sampled_from([1, 2, 3, 10, 61, 200, 1439, 1440, 4000]))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(who=st.integers(0, 1))
    def tick(self, who: int) -> None:
        before = self._load_states()
        self.processes[who].claimed += self.service.claim_due(PLATFORMS, self.now)
        after = self._load_states()
        for place in self.expected_due:
            while (due := self.expected_due[place]) is not None and due <= self.now:
                slot = (*place, due)
                assert slot in after, f"lost in silence: {slot}"
                if slot not in before:
                    missed = ("skipped", "missed") if self.now - due > MAX_LATENESS else ("claimed", "")
                    assert after[slot] == missed, (slot, after[slot])
                self.expected_due[place] = due + DAY

    @rule(who=st.integers(0, 1), wakes=st.booleans())
    def expire_lease(self, who: int, wakes: bool) -> None:
        """What the other one claimed and did not send goes to whoever looks; then the other one may wake."""
        self.now += CLAIM_LEASE
        self.tick(who)
        while wakes and any(sender.claimed for sender in self.processes):
            self.send(who, lost=False)

    @precondition(lambda self: any(self.expected_due.values()))
    @rule(who=st.integers(0, 1), lost=st.lists(st.booleans(), max_size=2))
    def advance_to_next_due(self, who: int, lost: list[bool]) -> None:
        """The next slot of all; somebody looks, and hands as many to the platform."""
        self.now = max(self.now, min(due for due in self.expected_due.values() if due is not None))
        self.tick(who)
        for one in lost:
            if any(sender.claimed for sender in self.processes):
                self.send(who, one)

    @precondition(lambda self: any(sender.claimed for sender in self.processes))
    @rule(who=st.integers(0, 1), lost=st.booleans())
    def send(self, who: int, lost: bool) -> None:
        sender = self.processes[who] if self.processes[who].claimed else self.processes[1 - who]
        delivery = sender.claimed.pop(0)
        if not self.service.begin_sending([delivery], self.now):
            return
        knows = delivery.platform in IDEMPOTENT_PLATFORMS  # the key, and takes it once
        if delivery.kind is DeliveryKind.NOTIFICATION:
            word = f"{delivery.platform} {delivery.idempotency_key}"
            self.notification_counts[word] = 1 if knows else self.notification_counts[word] + 1
        else:
            self.post_counts[_build_delivery_key(delivery)] = (
                1 if knows else self.post_counts[_build_delivery_key(delivery)] + 1
            )
        self.step_counts["sent"] += delivery.kind is DeliveryKind.TIP
        if not lost:
            sender.in_flight.append(delivery)

    @precondition(lambda self: any(sender.in_flight for sender in self.processes))
    @rule(who=st.integers(0, 1), how=st.sampled_from(["sent", "unknown", "retry", "paused"]))
    def settle(self, who: int, how: str) -> None:
        sender = self.processes[who] if self.processes[who].in_flight else self.processes[1 - who]
        delivery = sender.in_flight.pop(0)
        refused = (
            delivery.kind is DeliveryKind.TIP and how in ("retry", "paused") and self._has_claim(delivery)
        )
        if refused:
            self.post_counts[_build_delivery_key(delivery)] -= 1  # the platform surely did not take it
        if refused and how == "retry":
            self._settle(delivery, DeliveryRetry("busy", self.now + timedelta(seconds=30)))
        elif refused:
            self._settle(delivery, DeliveryPaused(PauseReason.GONE))
            if (delivery.platform, delivery.channel) in self.expected_due:
                self.expected_due[delivery.platform, delivery.channel] = None
        else:
            self._settle(delivery, DeliveryUnknown("lost") if how == "unknown" else DeliverySent("m"))

    @rule(who=st.integers(0, 1))
    def crash(self, who: int) -> None:
        self.processes[who] = ProcessState()

    @rule()
    def restart(self) -> None:
        self.processes = [ProcessState(), ProcessState()]
        self.service.context.storage.close()
        self.service = build_service_from(self.snapshot, self.folder)

    @rule()
    def drain_after_crash(self) -> None:
        """All die, and one that lives takes care of what they left: nothing hangs for ever."""
        self.restart()
        for _ in range(4):
            self.now += CLAIM_LEASE + MINUTE
            self.tick(0)
            while self.processes[0].claimed:
                self.send(0, lost=False)
            while self.processes[0].in_flight:
                self.settle(0, "sent")
        for slot, (state, reason) in self._load_states().items():
            assert state in ("sent", "unknown", "skipped"), (slot, state)
            assert state != "skipped" or reason, slot

    @invariant()
    def check_no_duplicate_posts(self) -> None:
        self.step_counts["steps"] += 1
        assert all(times <= 1 for times in self.post_counts.values()), self.post_counts

    @invariant()
    def check_rows_match_posts(self) -> None:
        states = self._load_states()
        for slot, (state, _) in states.items():
            assert state != "sent" or self.post_counts[slot] == 1, (slot, state)
        for slot, times in self.post_counts.items():
            known = (
                ("sent", "sending", "unknown", "claimed")
                if slot[0] in IDEMPOTENT_PLATFORMS
                else _MAYBE_POSTED_STATES
            )
            assert not times or states[slot][0] in known, (slot, states[slot])

    @invariant()
    def check_due_times(self) -> None:
        for (platform, channel), due in self.expected_due.items():
            kept = self.service.context.open_store().subscriptions.find(Tenant(platform, "T1"), channel)
            assert kept is not None
            assert kept.next_due_at == due, (platform, channel)

    @invariant()
    def check_no_duplicate_notifications(self) -> None:
        assert all(times <= 1 for times in self.notification_counts.values()), self.notification_counts

    def _settle(self, delivery: Delivery, settled: DeliveryResult) -> None:
        self.service.record_results([(delivery, settled)], self.now)

    def _send_line(self, platform: str, line: str) -> Chat:
        self.step_counts["words"] += 1
        return self._open_chat(platform).send_line(line)

    def _open_chat(self, platform: str) -> Chat:
        return Chat(self.service, ADA, Origin(platform, "T1", "C9"), lambda: self.now)

    def _has_claim(self, delivery: Delivery) -> bool:
        mine = [row for row in self._load_rows() if row.claim_token == delivery.claim_token]
        return bool(mine) and mine[0].state == "sending"

    def _load_states(self) -> dict[DeliveryKey, tuple[str, str]]:
        return {
            (row.platform, row.channel, row.scheduled_at): (row.state, row.reason)
            for row in self._load_rows()
        }

    def _load_rows(self) -> Sequence[Row[Any]]:
        with self.database.read() as connection:
            return connection.execute(select(TIP_DELIVERIES)).all()

    def _find_first_slot(self, local_time: str, after: datetime) -> datetime:
        """The first daily slot: a pause until a day brings the slot at its midnight too."""
        hour, minute = map(int, local_time.split(":"))
        slot = after.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return slot if slot > after or (slot == after != self.now) else slot + DAY


_MAYBE_POSTED_STATES = ("sent", "sending", "unknown")


def _build_delivery_key(delivery: Delivery) -> DeliveryKey:
    assert delivery.kind is DeliveryKind.TIP
    return delivery.platform, delivery.channel, delivery.due_since


def prove(number: int, share: float) -> Iterator[ProofResult]:
    """Run the histories; one that fails is printed step by step."""
    histories, folder = max(5, round(EXAMPLE_COUNT * share)), Path(mkdtemp())
    TipsStateMachine.snapshot = load_snapshot()
    TipsStateMachine.step_counts.clear()
    TipsStateMachine.template = folder / "career-bot.db"
    first: Service = build_service_from(TipsStateMachine.snapshot, folder)
    assert first.context.open_store()
    first.context.storage.close()
    length = settings(
        max_examples=histories,
        stateful_step_count=STEP_COUNT,
        deadline=None,
        database=None,
        phases=(Phase.generate,),  # to make a history of real rows shorter takes minutes
        suppress_health_check=list(HealthCheck),
    )
    failure = ""
    try:
        run_state_machine_as_test(seed(number)(TipsStateMachine), settings=length)
    except Exception as error:
        failure = f"{type(error).__name__} {error}".partition("\n")[0]
    finally:
        shutil.rmtree(folder)
    steps = TipsStateMachine.step_counts
    note = f"{steps['steps']:,} steps, {steps['words']:,} words of people, {steps['sent']:,} tips sent"
    yield ProofResult("histories of tips", histories, int(bool(failure)), f"{note} {failure}".rstrip())
