"""What an author should mend: first what does not read, then what reads and is still wrong or doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.attribution_lint import OUR_OWN, find_unattributed_sentences
from bot.content.content import Content
from bot.content.json_schema import find_missing_schema_comments
from bot.content.loader import ContentReader
from bot.content.strict_yaml import YamlDocument
from bot.content.string_keys import STRING_KEYS
from bot.content.synonyms_lint import find_contradictions
from bot.content.tip_models import find_similar_tips
from bot.content.utterance_conflicts import LocatedUtterance, find_conflicts
from bot.content.utterances import COMMAND_PREFIX, NO_MATCH_PREFIX, iter_numbered_lines
from bot.errors import ContentError, ContentProblem
from bot.messaging.spans import spans_to_text

MIN_CARDS_PER_TAG = 4  # of a tag: a shelf with less is not worth a place in the menu
MIN_UTTERANCES_PER_CARD = 6  # of a card: the search learns from them how people ask


@dataclass(frozen=True, slots=True)
class ContentReport:
    """What checking the content folder came to.

    Attributes:
        library: None when the folder does not read.
        errors: what must be mended; sorted.
        warnings: what should be looked at; sorted, and empty while the folder does not read.
        documents: what was read, by file, to say where something stands.
    """

    content: Content | None
    errors: tuple[ContentProblem, ...]
    warnings: tuple[ContentProblem, ...] = ()
    documents: Mapping[Path, YamlDocument] = field(default_factory=dict)


def check_content(folder: Path, command_names: Collection[str]) -> ContentReport:
    """Read the folder and look at what it says.

    Args:
        commands: the names that a question may be pointed to.
    """
    reader = ContentReader(folder)
    schemas = tuple(find_missing_schema_comments(folder))
    try:
        library = reader.read()
    except ContentError as error:
        return ContentReport(None, tuple(sorted((*error.problems, *schemas))), tuple(sorted(reader.warnings)))
    errors = (
        *schemas,
        *find_contradictions(library.vocabulary, reader.documents[folder / "words.yaml"]),
        *_find_duplicate_tips(library, folder, reader.documents),
        *_find_unhandled_categories(library, folder, command_names),
    )
    warnings = (
        *reader.warnings,
        *_find_small_tags(library, reader.documents[folder / "tags.yaml"]),
        *_find_unattributed_figures(library, folder, reader.documents),
        *_check_utterances(library, folder, reader.utterance_files),
    )
    return ContentReport(library, tuple(sorted(errors)), tuple(sorted(warnings)), reader.documents)


def _find_small_tags(content: Content, document: YamlDocument) -> Iterator[ContentProblem]:
    used = Counter(tag for card in content.cards.values() for tag in card.tags)
    for tag in content.tags:
        if used[tag] < MIN_CARDS_PER_TAG:
            yield document.build_problem(
                (tag,), f"needs at least {MIN_CARDS_PER_TAG} cards, found {used[tag] or 'none'}"
            )


def _find_duplicate_tips(
    content: Content, folder: Path, documents: Mapping[Path, YamlDocument]
) -> Iterator[ContentProblem]:
    """Tips that say nearly the same, at the later of the two."""
    places = _locate_tips(folder, documents)
    for one, other in find_similar_tips(content.tips.values()):
        file, index = places[other.id]
        yield documents[file].build_problem((index, "text"), f"says nearly the same as the tip {one.id!r}")


def _locate_tips(folder: Path, documents: Mapping[Path, YamlDocument]) -> dict[str, tuple[Path, int]]:
    """In which file each tip stands, and as which of its list."""
    return {
        part["id"]: (file, index)
        for file in sorted(documents)
        if file.parent == folder / "tips"
        for index, part in enumerate(documents[file].data)
    }


SourcedText = tuple[Path, tuple[str | int, ...], str, tuple[str, ...]]
"""A file, the path of a field in it, what stands there, and the keys of the sources it may rest on."""


def _iter_sourced_texts(
    content: Content, folder: Path, documents: Mapping[Path, YamlDocument]
) -> Iterator[SourcedText]:
    """What may hold figures. What to try is ours and claims nothing; cells stand above their source."""
    for name, card in content.cards.items():
        file, sources = folder / f"cards/{name}.yaml", card.sources
        yield (
            file,
            ("answer",),
            " ".join(spans_to_text(paragraph.spans) for paragraph in card.answer),
            sources,
        )
        yield file, ("good_for",), spans_to_text(card.good_for), sources
        yield file, ("not_for",), spans_to_text(card.not_for), sources
    for name, comparison in content.comparisons.items():
        file, sources = folder / f"comparisons/{name}.yaml", (comparison.source,)
        yield file, ("verdict",), spans_to_text(comparison.verdict), sources
    for name, assessment in content.quizzes.items():
        file, sources = folder / f"quizzes/{name}.yaml", (assessment.source,)
        for result, verdict in assessment.results.items():
            yield file, ("results", result, "says"), spans_to_text(verdict.says), sources
        if assessment.context:
            yield file, ("context",), spans_to_text(assessment.context), sources
    for tip, (file, index) in _locate_tips(folder, documents).items():
        yield file, (index, "text"), spans_to_text(content.tips[tip].text), (content.tips[tip].source,)


def _find_unattributed_figures(
    content: Content, folder: Path, documents: Mapping[Path, YamlDocument]
) -> Iterator[ContentProblem]:
    """Sentences with a figure that name nobody."""
    for file, where, text, sources in _iter_sourced_texts(content, folder, documents):
        known = [content.sources[source] for source in sources]
        for sentence in find_unattributed_sentences(text, known):
            names = " or ".join(source.author for source in known)
            message = f"a figure without a name: say in this sentence that it is {names}'s, or {OUR_OWN}"
            yield documents[file].build_problem(where, f"{message}: {_truncate(sentence)}")


def _find_unhandled_categories(
    content: Content, folder: Path, command_names: Collection[str]
) -> Iterator[ContentProblem]:
    """Questions that neither a sentence nor a command answers: whoever asks them is told nothing."""
    for outside in content.no_match_utterances:
        command = outside.removeprefix(COMMAND_PREFIX)
        file = folder / "utterances" / f"{NO_MATCH_PREFIX}{outside}.txt"
        if command != outside:
            if command not in command_names:
                yield ContentProblem(file, 1, 1, "", f"there is no command {command!r}")
        elif (key := f"outside.{outside}") not in STRING_KEYS:
            yield ContentProblem(file, 1, 1, "", f"there is no sentence {key!r}")


def _check_utterances(content: Content, folder: Path, files: Collection[Path]) -> Iterator[ContentProblem]:
    askings: list[LocatedUtterance] = []
    for file in files:
        lines = iter_numbered_lines(file.read_text(encoding="utf-8-sig"))
        askings += [LocatedUtterance(file, number, text) for number, text in lines]
    for card_id in content.cards:
        if (found := len(content.utterances.get(card_id, ()))) < MIN_UTTERANCES_PER_CARD:
            file = folder / "utterances" / f"{card_id}.txt"
            message = f"needs at least {MIN_UTTERANCES_PER_CARD} ways of asking, found {found or 'none'}"
            yield ContentProblem(file, 1, 1, "", message)
    for one, other in find_conflicts(askings):
        where = f"{other.file.name}:{other.line}"
        message = f"is nearly the same question as {where}: {_truncate(other.text)}"
        yield ContentProblem(one.file, one.line, 1, "", message)


def _truncate(text: str) -> str:
    """Enough of a sentence to find it by."""
    return repr(text if len(text) <= 60 else text[:57].rstrip() + "…")
