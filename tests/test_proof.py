"""A random tenth of what `make proof` runs whole."""

from __future__ import annotations

import secrets

from tests.proof import bytes as any_bytes

SHARE = 0.1


def test_any_characters_typed_get_an_answer() -> None:
    seed = secrets.randbits(32)
    assert not [found for found in any_bytes.prove(seed, SHARE) if found.faults], f"seed {seed}"
