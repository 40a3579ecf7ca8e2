"""A bot on a database that nobody else has, with a platform that counts."""

from __future__ import annotations

import pytest

from bot.service import Service
from tests.delivery.delivery_harness import DeliveryHarness, FakeClock, FakePlatform


@pytest.fixture
def harness(service: Service) -> DeliveryHarness:
    return DeliveryHarness(service, FakePlatform(), FakeClock())
