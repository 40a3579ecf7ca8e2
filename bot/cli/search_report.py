"""What `check` and `eval` say about the search model: which of the content's lines it was trained on."""

from __future__ import annotations

from bot.cli.output import format_count
from bot.content.content import Content
from bot.domain.search import ModelSize, find_model_dir
from bot.domain.search.encoder import find_untrained_lines
from bot.domain.search.search_targets import list_indexed_lines
from bot.settings import SemanticSearch, Settings


def find_untrained(content: Content, settings: Settings) -> list[str]:
    """Return the content's lines that the chosen model has not seen in training; none without a model."""
    if settings.semantic_search is SemanticSearch.OFF:
        return []
    return find_untrained_lines(
        list_indexed_lines(content), find_model_dir(ModelSize(settings.semantic_search.value))
    )


def describe_training(content: Content, settings: Settings) -> str:
    """Return one sentence about the model and the lines that it has not seen."""
    if settings.semantic_search is SemanticSearch.OFF:
        return "search: keywords alone"
    total = len(set(list_indexed_lines(content)))
    untrained = format_count(len(find_untrained(content, settings)), "line is", "lines are")
    return (
        f"search model {settings.semantic_search.value}: of {total} lines {untrained} new since its training"
    )
