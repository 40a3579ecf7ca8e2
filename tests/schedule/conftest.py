"""A bot on a database that nobody else has, with a platform that counts."""

from __future__ import annotations

import pytest

from bot.service import Service
from tests.schedule.world import Channels, Clock, World


@pytest.fixture
def world(service: Service) -> World:
    return World(service, Channels(), Clock())
