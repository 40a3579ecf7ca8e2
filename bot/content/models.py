"""What the content folder holds, as frozen models. Their rules are the authors' rules.

Field descriptions become the JSON Schemas that editors show; see `schema`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from bot.content.markup_lint import find_link_problem, find_refused_markup
from bot.content.strict_yaml import format_value
from bot.errors import LimitExceededError, MarkupError
from bot.messaging import limits, markup
from bot.messaging.blocks import Paragraph
from bot.messaging.spans import Link, Spans, spans_to_text

_LINK_ADDRESS = re.compile(r"\]\((https?://[^)\s]+)\)")

ANSWER_WORD_RANGE = (40, 100)


def _check_one_line(text: str) -> str:
    if "\n" in text.strip():
        raise ValueError("must be one line")
    if refused := find_refused_markup(text):
        raise ValueError(f"must be plain text; found {refused}")
    return text.strip()


def _check_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text, got {format_value(value)}; put it in quotes")
    return value


def sentence_validator(max_length: int = 1_000) -> PlainValidator:
    """Reads one paragraph of authors' markup, at most so many characters as people read it."""

    def parse(value: Any) -> Spans:
        run = _parse_markup(markup.parse_single_paragraph, _check_text(value))
        if (size := len(spans_to_text(run))) > max_length:
            raise ValueError(f"must have at most {max_length} characters, got {size}")
        return run

    return _build_text_validator(parse)


def _build_text_validator(parse: Callable[[Any], object]) -> PlainValidator:
    """A text for authors and editors, something else for the bot."""
    return PlainValidator(parse, json_schema_input_type=Annotated[str, Field(min_length=1)])


def _parse_answer(value: Any) -> tuple[Paragraph, ...]:
    paragraphs = _parse_markup(markup.parse_paragraphs, _check_text(value))
    low, high = ANSWER_WORD_RANGE
    number = sum(len(spans_to_text(paragraph.spans).split()) for paragraph in paragraphs)
    if not low <= number <= high:
        raise ValueError(f"must have {low} to {high} words, got {number}")
    return paragraphs


T = TypeVar("T")


def _parse_markup(parse: Callable[[str], T], text: str) -> T:
    try:
        parsed = parse(text)
    except MarkupError as error:
        raise ValueError(str(error)) from error
    if refused := find_refused_markup(text):
        raise ValueError(f"only bold, emphasis and links can be shown everywhere; found {refused}")
    for url in _LINK_ADDRESS.findall(text):
        if problem := find_link_problem(url):
            raise ValueError(problem)
    return parsed


def _check_starts_with_you(sentence: Spans) -> Spans:
    if not spans_to_text(sentence).startswith("You"):
        raise ValueError('must begin with "You": it follows "Suits you if"')
    return sentence


def _check_url(url: str) -> str:
    try:
        Link("source", url)
    except LimitExceededError as error:
        raise ValueError(str(error)) from error
    if problem := find_link_problem(url):
        raise ValueError(problem)
    return url


def _parse_date(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(f"must be a date like 2026-11-22, got {format_value(value)}")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"must be a date that exists, got {value}") from error


def _check_row_reference(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", value):
        raise ValueError(
            f"must be a comparison and a topic like sectors/ownership, got {format_value(value)}"
        )
    return value


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
OneLineText = Annotated[str, AfterValidator(_check_one_line), Field(min_length=1)]
ShortName = Annotated[OneLineText, Field(max_length=limits.MAX_LABEL_LENGTH)]
Url = Annotated[str, AfterValidator(_check_url)]
IsoDate = Annotated[date, PlainValidator(_parse_date), WithJsonSchema({"type": "string", "format": "date"})]
AnswerText = Annotated[tuple[Paragraph, ...], _build_text_validator(_parse_answer)]


class ContentModel(BaseModel):
    """The rules every kind shares: nothing unknown, nothing changed after reading, no silent conversion."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(ContentModel):
    """Whose words these are."""

    author: OneLineText
    """The author, or the site where the article names no author."""
    title: OneLineText
    year: Annotated[int, Field(ge=1990, le=2100, strict=True)] | None = None
    url: Url | None = None
    """The work itself, never a category page or a bare host; left out where the address is not known."""
    caveat: Annotated[Spans, sentence_validator()]
    """What it is worth: an opinion, an exchange of letters, replies of so many people."""

    @property
    def citation(self) -> str:
        """The source as it is cited: `Boris Gorelik (2021)`."""
        return f"{self.author} ({self.year})" if self.year else self.author


class Tag(ContentModel):
    """One shelf of the library."""

    name: ShortName
    about: Annotated[Spans, sentence_validator(100)]


class CardKind(StrEnum):
    """What a card is."""

    ADVICE = "advice"
    DECISION = "decision"
    TOPIC = "topic"
    ROLE = "role"
    TIP = "tip"


class FurtherReadingItem(ContentModel):
    """A book, a post or a talk that a card points to."""

    title: OneLineText
    author: OneLineText | None = None
    year: Annotated[int, Field(ge=1900, le=2100, strict=True)] | None = None
    url: Url | None = None
    """The work itself, never a category page or a bare host; left out where the address is not known."""


class Viewpoint(ContentModel):
    """One of several ways to see a contested topic."""

    claim: Annotated[Spans, sentence_validator(160)]
    fits_if: Annotated[Spans, sentence_validator(160), AfterValidator(_check_starts_with_you)]
    """Whom it suits; begins with You, since it follows "Suits you if"."""
    source: Id


class Card(ContentModel):
    """One piece of advice. The file's name is its id."""

    title: Annotated[OneLineText, Field(max_length=limits.MAX_HEADING_LENGTH)]
    short: ShortName
    """Its name on buttons."""
    kind: CardKind
    tags: Annotated[tuple[Id, ...], Field(min_length=1, max_length=3)]
    answer: AnswerText
    """40 to 100 words to "you": first the answer, then why, then when not."""
    cells: Annotated[str, AfterValidator(_check_row_reference)] | None = None
    """`comparison/topic`: the row of a comparison that this card shows."""
    views: Annotated[tuple[Viewpoint, ...], Field(validate_default=True)] = ()
    """A decision has two or more."""
    good_for: Annotated[Spans, sentence_validator(200)]
    not_for: Annotated[Spans, sentence_validator(200)]
    try_this_week: Annotated[Spans, sentence_validator(240)]
    sources: Annotated[tuple[Id, ...], Field(min_length=1, max_length=4)]
    related: Annotated[tuple[Id, ...], Field(min_length=1, max_length=8)]
    comparison: Id | None = None
    """The comparison that is the next step after this card."""
    quiz: Id | None = None
    """The quiz that is the next step after this card."""
    further_reading: Annotated[tuple[FurtherReadingItem, ...], Field(max_length=4)] = ()
    """Works that the card's authors point to, each with its own address where that is known."""
    share: StrictBool = True
    """False on a card about a person's own doubts: it cannot be posted at somebody."""
    reviewed: IsoDate

    @field_validator("views")
    @classmethod
    def _check_views(cls, views: tuple[Viewpoint, ...], info: ValidationInfo) -> tuple[Viewpoint, ...]:
        if len(views) == 1:
            raise ValueError("must have at least two, got one")
        if not views and info.data.get("kind") is CardKind.DECISION:
            raise ValueError("a decision must have at least two, got none")
        return views


class Cell(ContentModel):
    """What one option means for one topic."""

    level: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    """1 to 5, only where the source itself ranks."""
    short: Annotated[OneLineText, Field(max_length=45)]
    says: Annotated[Spans, sentence_validator(160)]


class Topic(ContentModel):
    """One row of a comparison."""

    id: Id
    name: Annotated[OneLineText, Field(max_length=40)]
    card: Id | None = None
    ranks: Literal["high-is-good", "low-is-good"] | None = None
    cells: dict[Id, Cell]


class Theme(ContentModel):
    """Topics that belong together."""

    id: Id
    name: ShortName
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]


class ComparisonOption(ContentModel):
    """One column of a comparison."""

    name: Annotated[OneLineText, Field(max_length=24)]
    aliases: tuple[OneLineText, ...] = ()
    """What people type for it."""
    good_for: Annotated[OneLineText, Field(max_length=80)]
    """What it is good for; reads after its name and a colon."""
    card: Id | None = None


class Comparison(ContentModel):
    """Options side by side. The file's name is its id."""

    title: Annotated[OneLineText, Field(max_length=limits.MAX_HEADING_LENGTH)]
    short: ShortName
    verdict: Annotated[Spans, sentence_validator(300)]
    """What each is good for; no winner where the source names none."""
    note: Annotated[Spans, sentence_validator(300)]
    source: Id
    options: Annotated[dict[Id, ComparisonOption], Field(min_length=2, max_length=5)]
    themes: Annotated[tuple[Theme, ...], Field(min_length=1, max_length=6)]

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Every row, in order."""
        return tuple(topic for theme in self.themes for topic in theme.topics)


class Vocabulary(ContentModel):
    """Words that mean the same, and how people misspell them."""

    synonyms: tuple[Annotated[tuple[OneLineText, ...], Field(min_length=2)], ...] = ()
    """Each line: words and phrases that a search takes for the first of them."""
    corrections: dict[str, OneLineText] = Field(default_factory=dict)
    """Wrong spelling to right spelling."""
    stopwords: tuple[OneLineText, ...] = ()
    """Words that say nothing about a question's topic; several on a line."""

    @property
    def same(self) -> tuple[tuple[str, ...], ...]:
        """Old name of `synonyms`, until the search uses the new one."""
        return self.synonyms

    @property
    def spelled(self) -> dict[str, str]:
        """Old name of `corrections`, until the search uses the new one."""
        return self.corrections

    @property
    def ignored(self) -> tuple[str, ...]:
        """Old name of `stopwords`, until the search uses the new one."""
        return self.stopwords
