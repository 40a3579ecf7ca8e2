"""A random tenth of what `make proof` runs whole."""

from __future__ import annotations

import secrets
from types import ModuleType

import pytest

from tests.proof import fuzz_lines as any_bytes
from tests.proof import (
    quiz_forged_actions,
    quiz_oracle,
    quiz_restarts,
    quiz_sequences,
    tips_crashes,
    tips_outage,
    tips_restarts,
    tips_state_machine,
    tips_time_zones,
)

FRACTION = 0.1


@pytest.mark.parametrize("proof", [quiz_oracle, quiz_sequences, quiz_forged_actions, quiz_restarts])
def test_quiz_proofs_pass(proof: ModuleType) -> None:
    seed = secrets.randbits(32)
    assert not [found for found in proof.prove(seed, FRACTION) if found.faults], f"seed {seed}"


def test_any_characters_typed_get_an_answer() -> None:
    seed = secrets.randbits(32)
    assert not [found for found in any_bytes.prove(seed, FRACTION) if found.failures], f"seed {seed}"


@pytest.mark.parametrize(
    "proof", [tips_crashes, tips_state_machine, tips_outage, tips_restarts, tips_time_zones]
)
def test_tips_are_posted_once_whatever_happens(proof: ModuleType) -> None:
    seed = secrets.randbits(32)
    assert not [found for found in proof.prove(seed, FRACTION) if found.faults], f"seed {seed}"
