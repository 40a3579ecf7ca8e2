"""Finds the card that answers a question asked in ordinary words. One door: `Search.find`."""

from bot.domain.search.finding import Finding, Hit, Share, Verdict
from bot.domain.search.model import Model, ShippedModel
from bot.domain.search.recall import Recall
from bot.domain.search.search import Search

__all__ = ["Finding", "Hit", "Model", "Recall", "Search", "Share", "ShippedModel", "Verdict"]
