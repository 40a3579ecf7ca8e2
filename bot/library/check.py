"""What an author should mend: first what does not read, then what reads and is still wrong or doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ContentError, ContentProblem
from bot.library.asks import COMMAND, OUTSIDE, numbered
from bot.library.figures import OUR_OWN, unnamed
from bot.library.library import Library
from bot.library.lookalikes import Asking, lookalikes
from bot.library.nodes import Document
from bot.library.phrases import PHRASES
from bot.library.read import Reader
from bot.library.schema import unnamed_schemas
from bot.library.tip import alike
from bot.library.vocabulary import contradictions
from bot.messaging.spans import spans_to_text

FEWEST_CARDS = 4  # of a tag: a shelf with less is not worth a place in the menu
FEWEST_ASKINGS = 6  # of a card: the search learns from them how people ask


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking the content folder came to.

    Attributes:
        library: None when the folder does not read.
        errors: what must be mended; sorted.
        warnings: what should be looked at; sorted, and empty while the folder does not read.
        documents: what was read, by file, to say where something stands.
    """

    library: Library | None
    errors: tuple[ContentProblem, ...]
    warnings: tuple[ContentProblem, ...] = ()
    documents: Mapping[Path, Document] = field(default_factory=dict)


def check(folder: Path, commands: Collection[str]) -> Checked:
    """Read the folder and look at what it says.

    Args:
        commands: the names that a question may be pointed to.
    """
    reader = Reader(folder)
    schemas = tuple(unnamed_schemas(folder))
    try:
        library = reader.library()
    except ContentError as error:
        return Checked(None, tuple(sorted((*error.problems, *schemas))))
    errors = (
        *schemas,
        *contradictions(library.vocabulary, reader.documents[folder / "words.yaml"]),
        *_twin_tips(library, folder, reader.documents),
        *_unanswered(library, folder, commands),
    )
    warnings = (
        *_thin_tags(library, reader.documents[folder / "tags.yaml"]),
        *_figures(library, folder, reader.documents),
        *_askings(library, folder),
    )
    return Checked(library, tuple(sorted(errors)), tuple(sorted(warnings)), reader.documents)


def _thin_tags(library: Library, document: Document) -> Iterator[ContentProblem]:
    used = Counter(tag for card in library.cards.values() for tag in card.tags)
    for tag in library.tags:
        if used[tag] < FEWEST_CARDS:
            yield document.problem(
                (tag,), f"needs at least {FEWEST_CARDS} cards, found {used[tag] or 'none'}"
            )


def _twin_tips(
    library: Library, folder: Path, documents: Mapping[Path, Document]
) -> Iterator[ContentProblem]:
    """Tips that say nearly the same, at the later of the two."""
    places = _tip_places(folder, documents)
    for one, other in alike(library.tips.values()):
        file, index = places[other.id]
        yield documents[file].problem((index, "text"), f"says nearly the same as the tip {one.id!r}")


def _tip_places(folder: Path, documents: Mapping[Path, Document]) -> dict[str, tuple[Path, int]]:
    """In which file each tip stands, and as which of its list."""
    return {
        part["id"]: (file, index)
        for file in sorted(documents)
        if file.parent == folder / "tips"
        for index, part in enumerate(documents[file].data)
    }


Claim = tuple[Path, tuple[str | int, ...], str, tuple[str, ...]]
"""A file, the path of a field in it, what stands there, and the keys of the sources it may rest on."""


def _claims(library: Library, folder: Path, documents: Mapping[Path, Document]) -> Iterator[Claim]:
    """What may hold figures. What to try is ours and claims nothing; cells stand above their source."""
    for name, card in library.cards.items():
        file, sources = folder / f"cards/{name}.yaml", card.sources
        yield (
            file,
            ("answer",),
            " ".join(spans_to_text(paragraph.spans) for paragraph in card.answer),
            sources,
        )
        yield file, ("good_for",), spans_to_text(card.good_for), sources
        yield file, ("not_for",), spans_to_text(card.not_for), sources
    for name, comparison in library.comparisons.items():
        file, sources = folder / f"comparisons/{name}.yaml", (comparison.source,)
        yield file, ("verdict",), spans_to_text(comparison.verdict), sources
    for name, assessment in library.assessments.items():
        file, sources = folder / f"assessments/{name}.yaml", (assessment.source,)
        for result, verdict in assessment.results.items():
            yield file, ("results", result, "says"), spans_to_text(verdict.says), sources
        if assessment.context:
            yield file, ("context",), spans_to_text(assessment.context), sources
    for tip, (file, index) in _tip_places(folder, documents).items():
        yield file, (index, "text"), spans_to_text(library.tips[tip].text), (library.tips[tip].source,)


def _figures(library: Library, folder: Path, documents: Mapping[Path, Document]) -> Iterator[ContentProblem]:
    """Sentences with a figure that name nobody."""
    for file, where, text, sources in _claims(library, folder, documents):
        known = [library.sources[source] for source in sources]
        for sentence in unnamed(text, known):
            names = " or ".join(source.by for source in known)
            message = f"a figure without a name: say in this sentence that it is {names}'s, or {OUR_OWN}"
            yield documents[file].problem(where, f"{message}: {_short(sentence)}")


def _unanswered(library: Library, folder: Path, commands: Collection[str]) -> Iterator[ContentProblem]:
    """Questions that neither a sentence nor a command answers: whoever asks them is told nothing."""
    for outside in library.outside:
        command = outside.removeprefix(COMMAND)
        file = folder / "asks" / f"{OUTSIDE}{outside}.txt"
        if command != outside:
            if command not in commands:
                yield ContentProblem(file, 1, 1, "", f"there is no command {command!r}")
        elif (key := f"outside.{outside}") not in PHRASES:
            yield ContentProblem(file, 1, 1, "", f"there is no sentence {key!r}")


def _askings(library: Library, folder: Path) -> Iterator[ContentProblem]:
    askings: list[Asking] = []
    for file in sorted((folder / "asks").glob("*.txt")):
        lines = numbered(file.read_text(encoding="utf-8-sig"))
        askings += [Asking(file, number, text) for number, text in lines]
    for card_id in library.cards:
        if (found := len(library.asks.get(card_id, ()))) < FEWEST_ASKINGS:
            file = folder / "asks" / f"{card_id}.txt"
            message = f"needs at least {FEWEST_ASKINGS} ways of asking, found {found or 'none'}"
            yield ContentProblem(file, 1, 1, "", message)
    for one, other in lookalikes(askings):
        where = f"{other.file.name}:{other.line}"
        message = f"is nearly the same question as {where}: {_short(other.text)}"
        yield ContentProblem(one.file, one.line, 1, "", message)


def _short(text: str) -> str:
    """Enough of a sentence to find it by."""
    return repr(text if len(text) <= 60 else text[:57].rstrip() + "…")
