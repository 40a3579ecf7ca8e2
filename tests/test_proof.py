"""A random tenth of what `make proof` runs whole."""

from __future__ import annotations

import importlib
import secrets
from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHES
from tests.proof.__main__ import PROOFS

FRACTION = 0.1
TENTHS = [
    name for name in PROOFS if name != "gateway_failover"
]  # takeovers are few, and tested by themselves


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROOFS if name != "gateway_failover"])
def test_a_random_tenth_of_each_proof_has_no_failures(name: str) -> None:
    """A failure prints the seed that repeats it."""
    seed = secrets.randbits(32)
    results = list(importlib.import_module(f"tests.proof.{name}").prove(seed, FRACTION))
    assert results, "it proved nothing"
    assert not [result for result in results if result.failures], f"seed {seed}"


@pytest.mark.parametrize(
    ("package", "names", "entry"), [("proof", PROOFS, "prove"), ("bench", BENCHES, "measure")]
)
def test_the_list_that_make_runs_names_every_module_of_its_folder(
    package: str, names: tuple[str, ...], entry: str
) -> None:
    folder = Path(__file__).parent / package
    assert {path.stem for path in folder.glob("*.py") if f"\ndef {entry}(" in path.read_text()} == set(names)
