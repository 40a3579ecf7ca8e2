"""An assessment as its author writes it: situations, answers that weigh on dimensions, and results."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from bot.content.models import ContentModel, Id, OneLineText, ShortName, sentence_validator
from bot.messaging import limits
from bot.messaging.spans import Spans

QuestionCode = Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"]
OptionCode = Literal["a", "b", "c", "d", "e", "f"]
QUESTION_CODES = "".join(get_args(QuestionCode))
"""Where a question's answer stands in buttons and result codes; a result code holds fourteen."""
OPTION_CODES = "".join(get_args(OptionCode))
"""How an option is written there; a result code tells six apart."""

Weight = Annotated[int, Field(ge=1, le=3)]
Percent = Annotated[int, Field(ge=1, le=50)]


class QuizOption(ContentModel):
    """One answer to a question."""

    id: Id
    code: OptionCode
    """a to f, never given to another option of this question, not even after this one is gone."""
    label: ShortName
    """Words on the button, at most 34 characters."""
    scores: Annotated[dict[Id, Weight], Field(min_length=1)]
    """Dimension to weight, 1 to 3."""


class QuizQuestion(ContentModel):
    """One situation."""

    id: Id
    code: QuestionCode
    """a to n, never given to another question of this assessment, not even after this one is gone."""
    ask: Annotated[OneLineText, Field(max_length=limits.MAX_HEADING_LENGTH)]
    show_if: dict[Id, Annotated[tuple[Id, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Earlier question to those of its options that make this one worth asking."""
    options: Annotated[tuple[QuizOption, ...], Field(min_length=2, max_length=5)]


class QuizResult(ContentModel):
    """One result: the dimension that leads to it, or the two that do when they are close."""

    name: ShortName
    dimension: Id | None = None
    """The dimension that is ahead."""
    tie_between: tuple[Id, Id] | None = None
    """Two dimensions that are ahead of the others and close to each other."""
    tie_within: Percent | None = None
    """How close, in points of 100; belongs to `tie_between`."""
    says: Annotated[Spans, sentence_validator(300)]
    cards: tuple[Id, Id]
    experiment: Annotated[Spans, sentence_validator(240)]
    """One cheap thing to try this week."""

    @model_validator(mode="after")
    def _check_condition(self) -> QuizResult:
        if (self.dimension is None) == (self.tie_between is None):
            raise ValueError("has either `dimension` or `tie_between`")
        if (self.tie_between is None) != (self.tie_within is None):
            raise ValueError("`tie_between` and `tie_within` belong together: give both or neither")
        return self


class Quiz(ContentModel):
    """A quiz. The file's name is its id."""

    title: Annotated[OneLineText, Field(max_length=limits.MAX_HEADING_LENGTH)]
    short: ShortName
    about: Annotated[Spans, sentence_validator(300)]
    minutes: Annotated[int, Field(ge=1, le=15)]
    source: Id
    does_not_measure: Annotated[Spans, sentence_validator(200)]
    near_tie: Percent
    """Results closer than so many points of 100 are said to be nearly tied."""
    dimensions: Annotated[
        dict[Id, Annotated[OneLineText, Field(max_length=30)]], Field(min_length=2, max_length=6)
    ]
    results: Annotated[dict[Id, QuizResult], Field(min_length=2, max_length=8)]
    context: Annotated[Spans, sentence_validator(300)] | None = None
    """What the source says of others, beside the person's own place."""
    questions: Annotated[tuple[QuizQuestion, ...], Field(min_length=6, max_length=10)]

    @cached_property
    def version(self) -> str:
        """Four characters for all that changes what answers lead to; wording is not part of it."""
        questions = [
            (
                q.code,
                q.id,
                sorted(q.show_if.items()),
                [(o.code, o.id, sorted(o.scores.items())) for o in q.options],
            )
            for q in self.questions
        ]
        results = [(name, v.dimension, v.tie_between, v.tie_within) for name, v in self.results.items()]
        shape = repr((list(self.dimensions), self.near_tie, results, questions))
        return urlsafe_b64encode(blake2b(shape.encode(), digest_size=3).digest()).decode()
