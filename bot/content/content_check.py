"""Everything an author should fix: first what does not load, then what loads and is wrong or doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from bot.content.attribution_lint import OUR_OWN, find_unattributed_sentences
from bot.content.content import Content
from bot.content.figures_lock import FIGURES_FILE_NAME, find_figure_problems, parse_figures
from bot.content.first_screen import find_length_problems
from bot.content.json_schema import find_missing_schema_comments
from bot.content.loader import ContentReader
from bot.content.name_lint import find_future_dates, find_similar_names, find_unlinked_steps
from bot.content.source_lint import find_name_problems, find_tip_source_problems, find_unused_sources
from bot.content.sourced_texts import SourcedText, iter_sourced_texts, locate_tips
from bot.content.strict_yaml import YamlDocument, decode_text
from bot.content.string_keys import STRING_KEYS
from bot.content.synonyms_lint import find_contradictions
from bot.content.tip_models import find_similar_tips
from bot.content.utterance_conflicts import LocatedUtterance, find_conflicts
from bot.content.utterances import COMMAND_PREFIX, NO_MATCH_PREFIX, iter_numbered_lines
from bot.errors import ContentError, ContentProblem

MIN_CARDS_PER_TAG = 4  # fewer are not worth a line in the menu
MIN_UTTERANCES_PER_CARD = 6  # the search learns from them how people ask


@dataclass(frozen=True, slots=True)
class ContentReport:
    """The result of checking the content folder.

    Attributes:
        content: None when the folder does not load.
        errors: what must be fixed; sorted.
        warnings: what should be looked at; sorted, and only old names while the folder does not load.
        documents: the parsed files, by path.
    """

    content: Content | None
    errors: tuple[ContentProblem, ...]
    warnings: tuple[ContentProblem, ...] = ()
    documents: Mapping[Path, YamlDocument] = field(default_factory=dict)


def check_content(folder: Path, command_names: Collection[str], today: date | None = None) -> ContentReport:
    """Load the folder and check what it says.

    Args:
        command_names: the commands that a question may lead to.
        today: dates after it are in the future; the day in UTC when left out.
    """
    reader = ContentReader(folder)
    schemas = tuple(find_missing_schema_comments(folder))
    try:
        content = reader.read()
    except ContentError as error:
        errors = tuple(sorted((*error.problems, *schemas)))
        return ContentReport(None, errors, tuple(sorted(reader.warnings)))
    documents = {str(file.relative_to(folder)): document for file, document in reader.documents.items()}
    tip_places = locate_tips(folder, reader.documents)
    texts = tuple(iter_sourced_texts(content, tip_places))
    errors = (
        *schemas,
        *find_contradictions(content.vocabulary, documents["words.yaml"]),
        *_find_duplicate_tips(content, tip_places, documents),
        *_find_unhandled_categories(content, folder, command_names),
        *find_name_problems(texts, content, documents),
        *find_tip_source_problems(content, tip_places, documents),
        *find_unused_sources(content, documents["sources.yaml"]),
        *_find_figure_problems(texts, folder, documents),
        *find_length_problems(content, documents),
        *find_similar_names(content, documents),
        *find_unlinked_steps(content, documents),
        *find_future_dates(content, documents, today or datetime.now(UTC).date()),
    )
    warnings = (
        *reader.warnings,
        *_find_small_tags(content, documents["tags.yaml"]),
        *_find_unattributed_figures(texts, content, documents),
        *_check_utterances(content, folder, reader.utterance_files),
    )
    return ContentReport(content, tuple(sorted(errors)), tuple(sorted(warnings)), reader.documents)


def _find_small_tags(content: Content, document: YamlDocument) -> Iterator[ContentProblem]:
    used = Counter(tag for card in content.cards.values() for tag in card.tags)
    for tag in content.tags:
        if used[tag] < MIN_CARDS_PER_TAG:
            yield document.build_problem(
                (tag,), f"needs at least {MIN_CARDS_PER_TAG} cards, found {used[tag] or 'none'}"
            )


def _find_duplicate_tips(
    content: Content, tip_places: Mapping[str, tuple[str, int]], documents: Mapping[str, YamlDocument]
) -> Iterator[ContentProblem]:
    """Yield tips that say nearly the same, at the later of the two."""
    for first, second in find_similar_tips(content.tips.values()):
        name, index = tip_places[second.id]
        message = f"says nearly the same as the tip {first.id!r}"
        yield documents[name].build_problem((index, "text"), message)


def _find_figure_problems(
    texts: Collection[SourcedText], folder: Path, documents: Mapping[str, YamlDocument]
) -> Iterator[ContentProblem]:
    """Yield figures without a line in the committed list; a folder without a list is not held to one."""
    file = folder / FIGURES_FILE_NAME
    if not file.is_file():
        return
    problems: list[ContentProblem] = []
    text = decode_text(file, file.read_bytes(), problems)
    origins = parse_figures(file, text or "", problems)
    yield from problems
    yield from find_figure_problems(texts, origins, file, documents)


def _find_unattributed_figures(
    texts: Collection[SourcedText], content: Content, documents: Mapping[str, YamlDocument]
) -> Iterator[ContentProblem]:
    """Yield sentences with a figure of several sources that name none of them."""
    for text in texts:
        if not _needs_attribution(text):
            continue
        sources = [content.sources[source] for source in text.sources]
        for sentence in find_unattributed_sentences(text.text, sources):
            names = " or ".join(source.author for source in sources)
            message = f"a figure without a name: say in this sentence that it is {names}'s, or {OUR_OWN}"
            yield documents[text.name].build_problem(text.key_path, f"{message}: {_truncate(sentence)}")


def _needs_attribution(text: SourcedText) -> bool:
    """A comparison's cells and a card's views are shown under the name of their one source."""
    return text.key_path[0] not in ("themes", "views", "note")


def _find_unhandled_categories(
    content: Content, folder: Path, command_names: Collection[str]
) -> Iterator[ContentProblem]:
    """Yield questions that neither a sentence nor a command answers."""
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
