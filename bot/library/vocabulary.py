"""What makes no sense in words.yaml, though it reads."""

from __future__ import annotations

from collections.abc import Iterator

from bot.errors import ContentProblem
from bot.library.models import Vocabulary
from bot.library.nodes import Document


def contradictions(vocabulary: Vocabulary, document: Document) -> Iterator[ContentProblem]:
    """Every word that is told to mean two things."""
    groups: dict[str, int] = {}
    for index, group in enumerate(vocabulary.same):
        for place, phrase in enumerate(group):
            if (first := groups.setdefault(phrase.casefold(), index)) != index:
                other = vocabulary.same[first][0]
                yield document.problem(("same", index, place), f"{phrase!r} means {other!r} already")
            elif phrase.casefold() in map(str.casefold, group[:place]):
                yield document.problem(("same", index, place), f"{phrase!r} stands twice in this line")
    for index, line in enumerate(vocabulary.ignored):
        for word in line.casefold().split():
            if word in groups:
                other = vocabulary.same[groups[word]][0]
                yield document.problem(("ignored", index), f"{word!r} is ignored, yet means {other!r}")
    yield from _spellings(vocabulary, document, groups)


def _spellings(
    vocabulary: Vocabulary, document: Document, groups: dict[str, int]
) -> Iterator[ContentProblem]:
    wrongs = {wrong.casefold() for wrong in vocabulary.spelled}
    for wrong, right in vocabulary.spelled.items():
        here = ("spelled", wrong)
        if len(wrong.split()) != 1:
            yield document.problem(here, "is one word: only single words are mended")
        elif wrong.casefold() == right.casefold():
            yield document.problem(here, "is spelled the same on both sides")
        elif right.casefold() in wrongs:
            yield document.problem(here, f"leads to {right!r}, which is listed as wrong itself")
        elif wrong.casefold() in groups:
            yield document.problem(here, "is a wrong spelling here and a right one under `same`")
