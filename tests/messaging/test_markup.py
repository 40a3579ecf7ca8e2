"""Authors' text reads as bold, emphasis and links; whatever some platform could not show is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MarkupError
from bot.messaging import markup
from bot.messaging.spans import Emphasis, Link, Strong, Text, spans_to_text


def test_bold_emphasis_and_links_are_read() -> None:
    assert markup.parse_single_paragraph("Ask **first**, then *wait*, see [the post](https://example.org/a_(b)).") == (
        Text("Ask "), Strong("first"), Text(", then "), Emphasis("wait"), Text(", see "),
        Link("the post", "https://example.org/a_(b)"), Text("."),
    )  # fmt: skip


def test_lines_of_one_paragraph_join_and_an_empty_line_parts_two() -> None:
    first, second = markup.parse_paragraphs(
        "One line\nand another.\n\nA second\nparagraph, **bold\nover two**."
    )
    assert first.spans == (Text("One line and another."),)
    assert spans_to_text(second.spans) == "A second paragraph, bold over two."


@pytest.mark.parametrize(
    "text",
    ["3-4 times", "75 % & more", "a < b", "snake_case_name", "C#", "Q: why? A: so.", "5 * 3", "R&D",
     "an_underscore", "100 % (or so)", "x ~ y", "don't", "1 + 1", "[sic]", "AT&amp;T", "a \\ b"],
)  # fmt: skip
def test_ordinary_characters_stay_as_they_are(text: str) -> None:
    assert markup.parse_single_paragraph(text) == (Text(text),)


@pytest.mark.parametrize(
    ("text", "expected_construct"),
    [
        ("# A heading", "heading"),
        ("- a list", "bullet list"),
        ("1. a list", "ordered list"),
        ("> said", "blockquote"),
        ("a\n\n---\n\nb", "hr"),
        ("title\n=====", "heading"),
        ("**bold *and* emphasis**", "nested"),
        ("[**bold**](https://example.org)", "nested"),
        ("[bad](javascript:alert(1))", "address is none that can be opened"),
        ("[bad](ftp://example.org)", "must start with http"),
        ("[](https://example.org)", "has no label"),
        ("", "empty"),
        ("  \n ", "empty"),
    ],
)
def test_what_some_platform_could_not_show_is_refused(text: str, expected_construct: str) -> None:
    with pytest.raises(MarkupError, match=expected_construct.replace("(", r"\(")):
        markup.parse_paragraphs(text)


def test_one_sentence_is_one_paragraph() -> None:
    with pytest.raises(MarkupError, match="got 2"):
        markup.parse_single_paragraph("One.\n\nTwo.")


@given(st.text(max_size=200))
def test_any_text_reads_or_is_refused_and_never_breaks(text: str) -> None:
    try:
        paragraphs = markup.parse_paragraphs(text)
    except MarkupError:
        return
    assert paragraphs
    assert all(paragraph.spans for paragraph in paragraphs)


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=80))
def test_plain_words_come_through_with_nothing_lost(text: str) -> None:
    if text.split():
        assert spans_to_text(markup.parse_single_paragraph(text)) == " ".join(text.split())
