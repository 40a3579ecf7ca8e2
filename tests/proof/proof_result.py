"""What a proof reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProofResult:
    """One line of the table: what was tried how often, and how often it failed.

    Attributes:
        note: what else was seen: a measured width, the first fault.
    """

    label: str
    trials: int
    failures: int
    note: str = ""
