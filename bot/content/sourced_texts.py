"""Every text of the content that rests on a source, with its place and the sources it may rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.content.content import Content
from bot.content.strict_yaml import YamlDocument
from bot.messaging.spans import spans_to_text


class SourcedText(NamedTuple):
    """One text.

    Attributes:
        name: its file under the content folder, like `cards/phd-or-not.yaml`.
        key_path: where it is in the file.
        sources: ids of the sources that it may rest on.
    """

    name: str
    key_path: tuple[str | int, ...]
    text: str
    sources: tuple[str, ...]


def iter_sourced_texts(content: Content, tip_places: Mapping[str, tuple[str, int]]) -> Iterator[SourcedText]:
    """Yield what may hold figures and names. What to try is ours and claims nothing.

    Args:
        tip_places: each tip's file name and place in its list.
    """
    for card_id, card in content.cards.items():
        name = f"cards/{card_id}.yaml"
        answer = " ".join(spans_to_text(paragraph.spans) for paragraph in card.answer)
        yield SourcedText(name, ("answer",), answer, card.sources)
        yield SourcedText(name, ("good_for",), spans_to_text(card.good_for), card.sources)
        yield SourcedText(name, ("not_for",), spans_to_text(card.not_for), card.sources)
        for index, view in enumerate(card.views):
            yield SourcedText(name, ("views", index, "claim"), spans_to_text(view.claim), (view.source,))
            yield SourcedText(name, ("views", index, "fits_if"), spans_to_text(view.fits_if), (view.source,))
    yield from _iter_comparison_texts(content)
    for quiz_id, quiz in content.quizzes.items():
        name, sources = f"quizzes/{quiz_id}.yaml", (quiz.source,)
        for result_id, result in quiz.results.items():
            yield SourcedText(name, ("results", result_id, "says"), spans_to_text(result.says), sources)
        if quiz.context:
            yield SourcedText(name, ("context",), spans_to_text(quiz.context), sources)
    for tip_id, (name, index) in tip_places.items():
        tip = content.tips[tip_id]
        yield SourcedText(name, (index, "text"), spans_to_text(tip.text), (tip.source,))


def _iter_comparison_texts(content: Content) -> Iterator[SourcedText]:
    for comparison_id, comparison in content.comparisons.items():
        name, sources = f"comparisons/{comparison_id}.yaml", (comparison.source,)
        yield SourcedText(name, ("verdict",), spans_to_text(comparison.verdict), sources)
        yield SourcedText(name, ("note",), spans_to_text(comparison.note), sources)
        for theme_index, theme in enumerate(comparison.themes):
            for topic_index, topic in enumerate(theme.topics):
                for option, cell in topic.cells.items():
                    path = ("themes", theme_index, "topics", topic_index, "cells", option)
                    yield SourcedText(name, (*path, "short"), cell.short, sources)
                    yield SourcedText(name, (*path, "says"), spans_to_text(cell.says), sources)


def locate_tips(folder: Path, documents: Mapping[Path, YamlDocument]) -> dict[str, tuple[str, int]]:
    """Return each tip's file name under the folder and its place in the file's list, by id."""
    return {
        part["id"]: (f"tips/{file.name}", index)
        for file in sorted(documents)
        if file.parent == folder / "tips"
        for index, part in enumerate(documents[file].data)
    }
