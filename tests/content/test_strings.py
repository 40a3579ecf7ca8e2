"""Fixed sentences are filled in with text that stays text, and pick their number."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.strict_yaml import parse_yaml
from bot.content.strings import Strings
from bot.content.strings_loader import parse_strings
from bot.messaging.spans import Emphasis, Strong, Text, spans_to_text
from tests.content import sample_content


@pytest.fixture
def texts(folder: Path) -> Strings:
    sample_content.replace_text(
        folder, "strings.yaml", "card.keep.label: Save to DM", "card.keep.label: Keep **it**"
    )
    file = folder / "strings.yaml"
    found, problems = parse_strings(parse_yaml(file, file.read_bytes()))
    assert not problems
    return found


def test_a_name_is_filled_with_text_and_never_with_markup(texts: Strings) -> None:
    run = texts("card.shared_by", name="**Ann** [x](https://evil.test) {name}")
    assert all(isinstance(span, Text) for span in run)
    assert spans_to_text(run) == "Shared by **Ann** [x](https://evil.test) {name}"


def test_a_name_may_be_filled_with_spans_that_keep_their_style(texts: Strings) -> None:
    assert texts("card.suits", you=(Emphasis("you like it"),))[-1] == Emphasis("you like it")


def test_the_authors_style_in_a_sentence_is_kept(texts: Strings) -> None:
    assert texts("card.keep.label") == (Text("Keep "), Strong("it"))
    assert texts.get_text("card.keep.label") == "Keep it"


@pytest.mark.parametrize(
    ("n", "expected_start"), [(1, "There is 1 card"), (0, "There are 0 cards"), (2, "There are 2")]
)
def test_one_and_other_are_picked_by_the_number(texts: Strings, n: int, expected_start: str) -> None:
    assert texts.get_text("browse.intro", n=n).startswith(expected_start)


@pytest.mark.parametrize(
    ("old", "new", "expected_message"),
    [
        ("help.label: Menu", "help.label: {one: Menu, other: Menus}",
         "is one sentence, or `one:` and `other:` where the code gives {n}"),
        ("help.label: Menu", "help.label: 10", "must be text, got 10; put it in quotes"),
        ("help.label: Menu", 'help.label: ""', "the text is empty"),
        ("help.label: Menu", 'help.label: "> Menu"',
         "only bold, emphasis and links can be shown everywhere; found blockquote"),
    ],
)  # fmt: skip
def test_invalid_string_is_reported_at_its_key(
    folder: Path, old: str, new: str, expected_message: str
) -> None:
    file = sample_content.replace_text(folder, "strings.yaml", old, new)
    _, problems = parse_strings(parse_yaml(file, file.read_bytes()))
    assert [(problem.key_path, problem.message) for problem in problems] == [("help.label", expected_message)]
