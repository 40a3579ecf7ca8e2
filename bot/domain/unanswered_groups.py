"""What people asked in vain, as groups of words that came together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """Stems that were brought together, the commonest first.

    Attributes:
        people: how many different people brought the commonest.
    """

    stems: tuple[str, ...]
    person_count: int


def group_terms(terms: Iterable[tuple[tuple[str, ...], int]]) -> tuple[UnansweredGroup, ...]:
    """Groups from readable terms, most people first.

    Args:
        terms: one stem, or two that came together, and how many people brought them.
    """
    people: dict[str, int] = {}
    parts: list[set[str]] = []
    for stems, number in terms:
        if len(stems) == 1:
            people[stems[0]] = max(number, people.get(stems[0], 0))
        together = set(stems).union(*(part for part in parts if part & set(stems)))
        parts = [part for part in parts if not part & together] + [together]
    groups = (sorted(part, key=lambda stem: (-people.get(stem, 0), stem)) for part in parts)
    found = (UnansweredGroup(tuple(stems), people.get(stems[0], 0)) for stems in groups)
    return tuple(sorted(found, key=lambda group: (-group.person_count, group.stems)))
