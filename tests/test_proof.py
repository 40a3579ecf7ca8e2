"""A random tenth of what `make proof` runs whole."""

from __future__ import annotations

import secrets
from types import ModuleType

import pytest

from tests.proof import bytes as any_bytes
from tests.proof import (
    quiz_ids,
    quiz_processes,
    quiz_results,
    quiz_runs,
    tips_killed,
    tips_machine,
    tips_outage,
    tips_restarts,
    tips_zones,
)

SHARE = 0.1


@pytest.mark.parametrize("proof", [quiz_results, quiz_runs, quiz_ids, quiz_processes])
def test_assessments_hold(proof: ModuleType) -> None:
    seed = secrets.randbits(32)
    assert not [found for found in proof.prove(seed, SHARE) if found.faults], f"seed {seed}"


def test_any_characters_typed_get_an_answer() -> None:
    seed = secrets.randbits(32)
    assert not [found for found in any_bytes.prove(seed, SHARE) if found.faults], f"seed {seed}"


@pytest.mark.parametrize("proof", [tips_killed, tips_machine, tips_outage, tips_restarts, tips_zones])
def test_tips_are_posted_once_whatever_happens(proof: ModuleType) -> None:
    seed = secrets.randbits(32)
    assert not [found for found in proof.prove(seed, SHARE) if found.faults], f"seed {seed}"
