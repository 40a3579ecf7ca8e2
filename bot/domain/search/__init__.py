"""Find the card that answers a question asked in ordinary words; `SearchIndex.find` is the entry point."""

from bot.domain.search.encoder import ModelSize
from bot.domain.search.explanation_cache import ExplanationCache
from bot.domain.search.results import ConfidenceBand, ScoreContribution, SearchHit, SearchResult
from bot.domain.search.search_index import SearchIndex
from bot.domain.search.semantic_model import SemanticModel, ShippedModel, find_model_dir

__all__ = [
    "ConfidenceBand",
    "ExplanationCache",
    "ModelSize",
    "ScoreContribution",
    "SearchHit",
    "SearchIndex",
    "SearchResult",
    "SemanticModel",
    "ShippedModel",
    "find_model_dir",
]
