"""What makes no sense in words.yaml, though it reads."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.models import Vocabulary
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem


def find_contradictions(vocabulary: Vocabulary, document: YamlDocument) -> Iterator[ContentProblem]:
    """Every word that is told to mean two things."""
    groups: dict[str, int] = {}
    for index, group in enumerate(vocabulary.synonyms):
        for place, phrase in enumerate(group):
            if (first := groups.setdefault(phrase.casefold(), index)) != index:
                other = vocabulary.synonyms[first][0]
                yield document.build_problem(
                    ("synonyms", index, place), f"{phrase!r} means {other!r} already"
                )
            elif phrase.casefold() in map(str.casefold, group[:place]):
                yield document.build_problem(
                    ("synonyms", index, place), f"{phrase!r} appears twice in this line"
                )
    for index, line in enumerate(vocabulary.stopwords):
        for word in line.casefold().split():
            if word in groups:
                other = vocabulary.synonyms[groups[word]][0]
                yield document.build_problem(
                    ("stopwords", index), f"{word!r} is ignored, yet means {other!r}"
                )
    yield from _check_corrections(vocabulary, document, groups)


def _check_corrections(
    vocabulary: Vocabulary, document: YamlDocument, group_by_phrase: dict[str, int]
) -> Iterator[ContentProblem]:
    wrongs = {wrong.casefold() for wrong in vocabulary.corrections}
    for wrong, right in vocabulary.corrections.items():
        here = ("corrections", wrong)
        if len(wrong.split()) != 1:
            yield document.build_problem(here, "must be one word: only single words are corrected")
        elif wrong.casefold() == right.casefold():
            yield document.build_problem(here, "is spelled the same on both sides")
        elif right.casefold() in wrongs:
            yield document.build_problem(here, f"leads to {right!r}, which is listed as wrong itself")
        elif wrong.casefold() in group_by_phrase:
            yield document.build_problem(here, "is a wrong spelling here and a right one under `synonyms`")
