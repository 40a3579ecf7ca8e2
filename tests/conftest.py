"""Fixtures that every test shares."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

from bot.service import ContentSnapshot, Service
from tests.chat import Chat, build_service_from, load_snapshot
from tests.postgres import PostgresServer

# Nothing in the suite is judged by the clock: a busy machine is no fault. Timings are the bench's.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(scope="session")
def snapshot() -> ContentSnapshot:
    """The real content, read once."""
    return load_snapshot()


@pytest.fixture
def service(snapshot: ContentSnapshot, tmp_path: Path) -> Iterator[Service]:
    """The bot over the real content, with a database that nobody else has."""
    service = build_service_from(snapshot, tmp_path / "data")
    yield service
    service.context.storage.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A real PostgreSQL for the whole run.

    Not under pytest's folder: each run of pytest closes that to others, and as root the server is another.
    """
    with TemporaryDirectory(prefix="career-bot-postgresql-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer.start(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.db'}"
    server: PostgresServer = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def chat(service: Service) -> Chat:
    """A person who just came."""
    return Chat(service)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--no-skips`: a skipped test fails the run, since a proof that did not run proves nothing."""
    parser.addoption("--no-skips", action="store_true", help="fail when a test was skipped")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return one worker for each core that this process may use; xdist's own count ignores half of them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]  # pytest's own hook type
    """Turn a skip into a failure under `--no-skips`."""
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which --no-skips refuses: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line for each reason to skip, where `-rs` prints one for each test."""
    skipped = terminalreporter.getreports("skipped")
    reasons = Counter(report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}")
