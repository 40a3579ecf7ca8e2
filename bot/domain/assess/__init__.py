"""Assessments: a run replayed from its answers, its score, the nearest other result, its code."""

from bot.domain.assess.code import Unreadable, bare, decode, encode
from bot.domain.assess.moved import Moved, dropped, moved
from bot.domain.assess.nearest import Change, Nearest, nearest
from bot.domain.assess.run import NOT_ASKED, NOTHING, SKIPPED, Run
from bot.domain.assess.score import Score, score, weighed_most

__all__ = [
    "NOTHING",
    "NOT_ASKED",
    "SKIPPED",
    "Change",
    "Moved",
    "Nearest",
    "Run",
    "Score",
    "Unreadable",
    "bare",
    "decode",
    "dropped",
    "encode",
    "moved",
    "nearest",
    "score",
    "weighed_most",
]
