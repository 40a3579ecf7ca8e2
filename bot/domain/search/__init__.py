"""Finds the card that answers a question asked in ordinary words. One door: `Search.find`."""

from bot.domain.search.finding import Finding, Hit, Share, Verdict
from bot.domain.search.recall import Recall
from bot.domain.search.search import Search

__all__ = ["Finding", "Hit", "Recall", "Search", "Share", "Verdict"]
