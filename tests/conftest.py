"""Fixtures that every test shares."""

from __future__ import annotations

import pytest

from bot.service import Service
from tests.chat import Chat, service_of


@pytest.fixture(scope="session")
def service() -> Service:
    """The bot over the real content; it keeps nothing between tests but the memory of its last answers."""
    return service_of()


@pytest.fixture
def chat(service: Service) -> Chat:
    """A person who just came."""
    return Chat(service)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--no-skips`: a skipped test fails the run, since a proof that did not run proves nothing."""
    parser.addoption("--no-skips", action="store_true", help="fail when a test was skipped")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]  # pytest's own hook type
    """Turn a skip into a failure under `--no-skips`."""
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which --no-skips refuses: {report.longrepr}"
    return report
