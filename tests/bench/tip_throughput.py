"""Tips: ten thousand that are due in one minute, and what a claim costs beside all that is not due."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import insert, text, update

from bot.service import Service
from bot.store.database import Database, build_database_url
from bot.store.key_ring import build_key_ring
from bot.store.store import Store
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS
from tests.bench.timing import BenchResult, time_calls
from tests.chat import build_service_from, load_snapshot
from tests.postgres import PostgresServer

BURST_SIZE = 10_000
SIZES = (1_000, 10_000, 100_000)
DUE_PER_CLAIM = 50  # subscriptions that one claim finds
CLAIM_COUNT = 100
NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SLACK = frozenset({"slack"})
KEY_RING = build_key_ring(("a secret of the tests",))


def measure() -> list[BenchResult]:
    """SQLite with one process, PostgreSQL with several; beside bare inserts, each with its commit."""
    rows: list[BenchResult] = []
    with TemporaryDirectory(prefix="career-bot-bench-", ignore_cleanup_errors=True) as folder:
        numbers = count()
        kinds: dict[str, Callable[[], str]] = {"SQLite": lambda: f"sqlite:///{folder}/{next(numbers)}.db"}
        with _run_postgres(Path(folder)) as server:
            kinds["PostgreSQL"] = server.new_database
            for name, new in kinds.items():
                rows += _measure_bursts(name, new, (1,) if name == "SQLite" else (1, 2, 4))
                for size in SIZES:
                    rows += _measure_claims(name, new(), size)
    return rows


@contextmanager
def _run_postgres(folder: Path) -> Iterator[PostgresServer]:
    server = PostgresServer.start(folder / "postgresql")
    try:
        yield server
    finally:
        server.stop()


def _measure_bursts(
    name: str, create_database: Callable[[], str], processes: tuple[int, ...]
) -> list[BenchResult]:
    """Tips a second."""
    rows: list[BenchResult] = []
    bare = _measure_bare_inserts(create_database())
    alone = 0.0
    for number in processes:
        took = _measure_burst(create_database(), number)
        peer = (bare, "bare INSERT and COMMIT") if number == 1 else (alone, "one process")
        alone = alone or took
        what = f"tips, {BURST_SIZE:,} due in one minute, {name}, {number} process{'es' * (number > 1)}"
        rows.append(BenchResult(what, took, "/s", took / peer[0], peer[1]))
    return rows


def _measure_bare_inserts(url: str) -> float:
    """Transactions of one insert that one connection makes in a second: what the database can do."""
    database = Database(build_database_url(Path(), url))
    with closing(database):
        with database.write() as connection:
            connection.execute(text("CREATE TABLE bare (number INTEGER PRIMARY KEY, word TEXT)"))
        begin = perf_counter()
        for number in range(1_000):
            with database.write() as connection:
                connection.execute(text("INSERT INTO bare VALUES (:number, 'a word')"), {"number": number})
        return 1_000 / (perf_counter() - begin)


def _measure_burst(url: str, processes: int) -> float:
    """Tips a second, from the moment that all processes look to the end of the last one."""
    _insert_subscriptions(url, BURST_SIZE, due=BURST_SIZE)
    command = [sys.executable, "-m", "tests.bench.tip_throughput_worker", url, NINE.isoformat()]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    begin = perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0] for process in running]
    taken = perf_counter() - begin
    sent = sum(int(line.split()[0]) for line in told)
    assert sent == BURST_SIZE, f"{sent} of {BURST_SIZE} were sent"
    return BURST_SIZE / taken


def _measure_claims(name: str, url: str, size: int) -> list[BenchResult]:
    """One claim of fifty that have just become due, among so many that have not and as many old tips."""
    _insert_subscriptions(url, size, due=0)
    service = build_service_from(load_snapshot(), Path(), url)
    taken = [
        _time_claim(service, NINE + timedelta(milliseconds=10 * number)) for number in range(CLAIM_COUNT)
    ]
    cuts = quantiles(taken, n=100)
    before = NINE - timedelta(days=1)
    idle, _ = time_calls(lambda: (service.claim_due(SLACK, before), service.find_next_due(SLACK)), 200)
    service.context.storage.close()
    among = f"{name}, among {size:,}"
    return [
        BenchResult(f"tips, claim of {DUE_PER_CLAIM}, {among}, median", cuts[49], "ms"),
        BenchResult(f"tips, claim of {DUE_PER_CLAIM}, {among}, 99 %", cuts[98], "ms"),
        BenchResult(f"tips, idle tick, {among}, median", idle, "ms"),
    ]


def _time_claim(service: Service, now: datetime) -> float:
    """Milliseconds of one claim, in a process that has looked before."""
    with service.context.open_store()._database.write() as connection:
        these = TIP_SUBSCRIPTIONS.c.channel.in_([f"C{number}" for number in range(DUE_PER_CLAIM)])
        connection.execute(update(TIP_SUBSCRIPTIONS).where(these).values(next_due_at=now))
    begin = perf_counter()
    claimed = service.claim_due(SLACK, now, DUE_PER_CLAIM)
    taken = 1_000 * (perf_counter() - begin)
    assert len(claimed) == DUE_PER_CLAIM, f"{len(claimed)} were claimed"
    return taken


def _insert_subscriptions(url: str, size: int, *, due: int) -> None:
    """So many subscriptions, so many of them due at nine, the others later; each had a tip before."""
    Store.open(Path(), url, KEY_RING).close()
    database = Database(build_database_url(Path(), url))
    with closing(database), database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        for first in range(0, size, 10_000):
            numbers = range(first, min(size, first + 10_000))
            connection.execute(
                insert(TIP_SUBSCRIPTIONS), [_build_subscription_row(one, one < due) for one in numbers]
            )
            connection.execute(insert(TIP_DELIVERIES), [_build_delivery_row(one) for one in numbers])
        connection.execute(text("ANALYZE"))


def _build_channel_key(number: int) -> dict[str, Any]:
    return {"platform": "slack", "workspace": f"T{number % 100}", "channel": f"C{number}"}


def _build_subscription_row(number: int, is_due: bool) -> dict[str, Any]:
    schedule = {
        "days": "daily",
        "local_time": "09:00",
        "zone": "Europe/Berlin",
        "anchor_date": date(2026, 1, 1),
    }
    state = {"tags": "", "pause_reason": "", "paused_until": None, "cycle": 0}
    next_due_at = NINE if is_due else NINE + timedelta(minutes=1 + number)
    return {
        **_build_channel_key(number),
        "is_direct": False,
        "owner": "U1",
        **schedule,
        **state,
        "next_due_at": next_due_at,
    }


def _build_delivery_row(number: int) -> dict[str, Any]:
    state = {
        "state": "sent",
        "claim_token": "",
        "due_at": None,
        "send_started_at": NINE,
        "reason": "",
        "platform_message_id": "1",
    }
    tip = {"scheduled_at": NINE - timedelta(days=1), "tip": "some-tip", "cycle": 0, "updated_at": NINE}
    return {**_build_channel_key(number), **tip, **state}
