"""What a proof reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the table: what was tried how often, and how often it failed.

    Attributes:
        note: what else was seen: a measured width, the first fault.
    """

    what: str
    tried: int
    faults: int
    note: str = ""
