"""What makes no sense in words.yaml, though it reads."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.models import Vocabulary
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem


def find_contradictions(vocabulary: Vocabulary, document: YamlDocument) -> Iterator[ContentProblem]:
    """Every word that is told to mean two things."""
    groups: dict[str, int] = {}
    for index, group in enumerate(vocabulary.same):
        for place, phrase in enumerate(group):
            if (first := groups.setdefault(phrase.casefold(), index)) != index:
                other = vocabulary.same[first][0]
                yield document.build_problem(("same", index, place), f"{phrase!r} means {other!r} already")
            elif phrase.casefold() in map(str.casefold, group[:place]):
                yield document.build_problem(("same", index, place), f"{phrase!r} stands twice in this line")
    for index, line in enumerate(vocabulary.ignored):
        for word in line.casefold().split():
            if word in groups:
                other = vocabulary.same[groups[word]][0]
                yield document.build_problem(("ignored", index), f"{word!r} is ignored, yet means {other!r}")
    yield from _check_corrections(vocabulary, document, groups)


def _check_corrections(
    vocabulary: Vocabulary, document: YamlDocument, group_by_phrase: dict[str, int]
) -> Iterator[ContentProblem]:
    wrongs = {wrong.casefold() for wrong in vocabulary.spelled}
    for wrong, right in vocabulary.spelled.items():
        here = ("spelled", wrong)
        if len(wrong.split()) != 1:
            yield document.build_problem(here, "is one word: only single words are mended")
        elif wrong.casefold() == right.casefold():
            yield document.build_problem(here, "is spelled the same on both sides")
        elif right.casefold() in wrongs:
            yield document.build_problem(here, f"leads to {right!r}, which is listed as wrong itself")
        elif wrong.casefold() in group_by_phrase:
            yield document.build_problem(here, "is a wrong spelling here and a right one under `same`")
