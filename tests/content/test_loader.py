"""Whatever an author gets wrong is said with file, line and column, once, in words that name the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loader import load_content
from bot.errors import ContentError
from tests.content import sample_content


def list_problems(folder: Path) -> list[str]:
    """What reading the folder complains of, with file names as an author knows them."""
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_the_small_content_reads(folder: Path) -> None:
    library = load_content(folder)
    assert list(library.cards) == ["bridge", "garden", "tower", "well"]
    assert library.utterances["tower"][0] == "is a tower worth it"
    assert library.cards["tower"].share is True


@pytest.mark.parametrize(
    ("name", "old", "new", "expected_message"),
    [
        ("cards/tower.yaml", "share: true", "shared: true",
         "cards/tower.yaml:26:1 unknown key 'shared'; did you mean 'share'?"),
        ("cards/tower.yaml", "    fits_if: You like stairs.", "    fits_is: You like stairs.",
         "cards/tower.yaml:15:5 views.0.fits_if: is missing\n"
         "cards/tower.yaml:16:5 views.0: unknown key 'fits_is'; did you mean 'fits_if'?"),
        ("cards/tower.yaml", "kind: decision", "kind: decision\nkind: topic",
         "cards/tower.yaml:5:1 kind: appears twice, first in line 4; keep one"),
        ("cards/tower.yaml",
         "  - claim: Stay below.\n    fits_if: You like gardens.\n    source: old-book\n", "",
         "cards/tower.yaml:14:1 views: must have at least two, got one"),
        ("cards/garden.yaml", "kind: topic", "kind: decision",
         "cards/garden.yaml:2:1 views: a decision must have at least two, got none"),
        ("cards/tower.yaml", "kind: decision", "kind: choice",
         "cards/tower.yaml:4:1 kind: must be 'advice', 'decision', 'topic', 'role' or 'tip', got 'choice'"),
        ("cards/tower.yaml", "share: true", "share: no",
         "cards/tower.yaml:26:1 share: must be true or false, got 'no'"),
        ("cards/tower.yaml", "short: Worth the climb?", "short: true",
         "cards/tower.yaml:3:1 short: must be text, got true; put it in quotes"),
        ("cards/tower.yaml", "short: Worth the climb?", "short: Is it worth all of that long climb?",
         "cards/tower.yaml:3:1 short: must have at most 34 characters, got 35"),
        ("cards/tower.yaml", "reviewed: 2026-11-22", "reviewed: 22.11.2026",
         "cards/tower.yaml:27:1 reviewed: must be a date like 2026-11-22, got '22.11.2026'"),
        ("cards/tower.yaml", "reviewed: 2026-11-22", "reviewed: 20261122",
         "cards/tower.yaml:27:1 reviewed: must be a date like 2026-11-22, got 20261122"),
        ("cards/tower.yaml", "reviewed: 2026-11-22", "reviewed: 2026-02-30",
         "cards/tower.yaml:27:1 reviewed: must be a date that exists, got 2026-02-30"),
        ("cards/tower.yaml", "tags: [towers]", "tags: [towers, moats]",
         "cards/tower.yaml:5:16 tags.1: 'moats' is not in tags.yaml"),
        ("cards/tower.yaml", "related: [garden]", "related: [garden, moat]",
         "cards/tower.yaml:25:19 related.1: there is no card 'moat'"),
        ("cards/tower.yaml", "related: [garden]", "related: [garden, tower]",
         "cards/tower.yaml:25:19 related.1: a card is not related to itself"),
        ("cards/tower.yaml", "sources: [old-book]", "sources: [old-book, new-book]",
         "cards/tower.yaml:24:21 sources.1: 'new-book' is not in sources.yaml"),
        ("cards/tower.yaml", "good_for: People", "good_for: 'Some <b>people</b>, `code` people",
         "cards/tower.yaml:21:11 the quote that opens here is never closed"),
        ("cards/tower.yaml", "good_for: People who look up.", "good_for: People - like us: all",
         "cards/tower.yaml:21:27 is not YAML here: mapping values are not allowed in this context; "
         "a plain text holds no colon with a space after it: put it in quotes"),
        ("cards/tower.yaml", "good_for: People who look up.", "good_for: People, the #1 of them all",
         "cards/tower.yaml:21:1 good_for: "
         "a space and # begin a comment, so the rest of the line is lost: put the text in quotes"),
        ("cards/tower.yaml", "    fits_if: You like stairs.", "\tsuits: You like stairs.",
         "cards/tower.yaml:16:1 is not YAML here: found a tab character that violates indentation; "
         "indent with spaces, not tabs"),
        ("cards/tower.yaml", "slowly.\n    fits_if: You like", "slowly.\n    fits_if: They like",
         'cards/tower.yaml:16:5 views.0.fits_if: must begin with "You": it follows "Suits you if"'),
        ("cards/tower.yaml", "good_for: People who look up.", "good_for: '# People who look up.'",
         "cards/tower.yaml:21:1 good_for: only bold, emphasis and links can be "
         "shown everywhere; found heading"),
        ("cards/tower.yaml", "good_for: People who look up.", "good_for: See [this](ftp://x.org/y).",
         "cards/tower.yaml:21:1 good_for: a link must start with http:// or https://, got 'ftp://x.org/y'"),
        ("cards/tower.yaml", "  One two three four five six seven eight nine ten.\nviews:",
         "  Ten.\n\n  * x\nviews:",
         "cards/tower.yaml:6:1 answer: only bold, emphasis and links can be "
         "shown everywhere; found bullet list"),
        ("comparisons/tower-garden.yaml", "level: 5", "level: 6",
         "comparisons/tower-garden.yaml:25:13 themes.0.topics.0.cells.tower.level: must be at most 5, got 6"),
        ("comparisons/tower-garden.yaml", "level: 5", "level: high",
         "comparisons/tower-garden.yaml:25:13 themes.0.topics.0.cells.tower.level: "
         "must be a whole number, got 'high'"),
        ("comparisons/tower-garden.yaml", "            level: 5\n", "",
         "comparisons/tower-garden.yaml:24:11 themes.0.topics.0.cells.tower.level: "
         "is missing, since the topic ranks"),
        ("comparisons/tower-garden.yaml", "        ranks: high-is-good\n", "",
         "comparisons/tower-garden.yaml:24:13 themes.0.topics.0.cells.tower.level: "
         "is allowed only where the topic has `ranks`\n"
         "comparisons/tower-garden.yaml:28:13 themes.0.topics.0.cells.garden.level: "
         "is allowed only where the topic has `ranks`"),
        ("comparisons/tower-garden.yaml", "ranks: high-is-good", "ranks: good",
         "comparisons/tower-garden.yaml:22:9 themes.0.topics.0.ranks: "
         "must be 'high-is-good' or 'low-is-good', got 'good'"),
        ("comparisons/tower-garden.yaml", "          garden:\n            level: 1",
         "          lawn:\n            level: 1",
         "comparisons/tower-garden.yaml:23:9 themes.0.topics.0.cells: the cell of 'garden' is missing\n"
         "comparisons/tower-garden.yaml:28:11 themes.0.topics.0.cells.lawn: "
         "'lawn' is not an option of this comparison"),
        ("comparisons/tower-garden.yaml",
         "          garden:\n            level: 1\n            short: Low\n"
         "            says: It lies on the ground.\n",
         "          garden: {level: 1, short: Low, on the ground, says: It lies there.}\n",
         "comparisons/tower-garden.yaml:28:42 themes.0.topics.0.cells.garden.on the ground: "
         "a comma inside { } starts a new field: put the text on its own line"),
        ("comparisons/tower-garden.yaml", "aliases: [spire]", "aliases: [garden]",
         "comparisons/tower-garden.yaml:13:3 options.garden.aliases: 'garden' means 'tower' already"),
        ("comparisons/tower-garden.yaml", "    card: tower", "    card: towre",
         "comparisons/tower-garden.yaml:12:5 options.tower.card: there is no card 'towre'; did you mean 'tower'?"),
        ("sources.yaml", "year: 1999", "year: 10:30",
         "sources.yaml:5:3 old-book.year: must be a whole number, got '10:30'"),
        ("sources.yaml", "year: 1999", "year: on",
         "sources.yaml:5:3 old-book.year: must be a whole number, got 'on'"),
        ("words.yaml", "  towre: tower", "  towre: 10",
         "words.yaml:5:3 corrections.towre: must be text, got 10; put it in quotes"),
        ("tags.yaml", "about: All that stands high.", "about: !!python/object/apply:os.system ['true']",
         "tags.yaml:4:10 towers.about: tags (!) are not read: quote the text"),
        ("tags.yaml", "about: All that stands high.", "about: *high",
         "tags.yaml:4:10 towers.about: anchors (&) and aliases (*) are not read: write it out, or quote it"),
        ("tags.yaml", "about: All that stands high.", "about: high\n---\ntowers: more",
         "tags.yaml:5:1 a second document starts here; a file holds one"),
        ("utterances/tower.txt", "why climb at all", "Is A Tower worth it",
         "utterances/tower.txt:4:1 is already in line 3"),
        ("utterances/tower.txt", "why climb at all", "why " * 200,
         "utterances/tower.txt:4:1 has 799 characters, at most 600 fit"),
        ("strings.yaml", "help.label: Menu", "help.labl: Menu\nhelp.label: Menu",
         "strings.yaml:{line}:1 help.labl: unknown key 'help.labl'; did you mean 'help.label'?"),
        ("strings.yaml", "help.label: Menu", 'help.label: "Menu {who}"',
         "strings.yaml:{line}:1 help.label: wants {{who}}, the code gives none"),
        ("strings.yaml", "help.label: Menu\n", "",
         "strings.yaml:5:1 the sentence 'help.label' is missing"),
    ],
)  # fmt: skip
def test_each_fault_is_reported_once_at_its_line(
    folder: Path, name: str, old: str, new: str, expected_message: str
) -> None:
    before = (folder / name).read_text(encoding="utf-8")
    line = before[: before.index(old)].count("\n") + 1 if name == "strings.yaml" else 0
    sample_content.replace_text(folder, name, old, new)
    found = list_problems(folder)
    assert (
        found
        == (expected_message.format(line=line) if name == "strings.yaml" else expected_message).splitlines()
    )


def test_all_problems_come_at_once_and_in_order(folder: Path) -> None:
    sample_content.replace_text(folder, "cards/tower.yaml", "kind: decision", "kind: choice")
    sample_content.replace_text(folder, "cards/tower.yaml", "share: true", "share: maybe")
    sample_content.replace_text(folder, "cards/garden.yaml", "short: The garden", "short: Worth the climb?")
    sample_content.replace_text(folder, "comparisons/tower-garden.yaml", "level: 1", "level: 0")
    places = [problem.split(" ")[0] for problem in list_problems(folder)]
    assert places == [
        "cards/tower.yaml:4:1",
        "cards/tower.yaml:26:1",
        "comparisons/tower-garden.yaml:29:13",
    ]  # the second card's name clashes only once the first reads


@pytest.mark.parametrize(
    ("content", "expected_message"),
    [
        (b"title: caf\xe9", "2:11 is not UTF-8 here; save the file as UTF-8"),
        (b"title: a\x07b", "2:9 holds the control character U+0007 here; take it out"),
        (b"title: a\x00b", "2:9 holds the control character U+0000 here; take it out"),
        (b"title: " + b"[" * 100_000, "2:38 is nested too deep"),
        (b"title: " + b"{a: " * 100_000, "2:128 is nested too deep"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\n", "2:4 a: anchors (&) and aliases (*) are not read: "
         "write it out, or quote it"),
        (b"title: &a [*a]", "2:8 title: anchors (&) and aliases (*) are not read: write it out, or quote it"),
        (b"? [a, b]\n: c", "2:3 a key is one word or a few, never a list or block"),
    ],
)  # fmt: skip
def test_hostile_bytes_are_reported_without_recursion(
    folder: Path, content: bytes, expected_message: str
) -> None:
    (folder / "cards/garden.yaml").write_bytes(b"# first line\n" + content)
    (found,) = list_problems(folder)  # whoever walks into such a nest has no stack left to say so
    assert found == f"cards/garden.yaml:{expected_message}"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028"])
def test_every_line_end_that_yaml_knows_is_read(folder: Path, end: str) -> None:
    text = sample_content.PLAIN_CARD.format(name="moat").replace("\n", end)
    (folder / "cards/moat.yaml").write_bytes(text.encode())
    assert load_content(folder).cards["moat"].short == "The moat"


def test_alias_bomb_is_refused_before_expansion(folder: Path) -> None:
    levels = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40))]
    (folder / "words.yaml").write_text("\n".join(levels), encoding="utf-8")
    (found,) = list_problems(folder)
    assert found.startswith("words.yaml:1:5 a0: anchors (&) and aliases (*) are not read")


@pytest.mark.parametrize(
    "name", ["cards/garden.yaml", "sources.yaml", "tags.yaml", "words.yaml", "strings.yaml"]
)
@pytest.mark.parametrize("content", ["", "# only a note\n", "\n\n", "---\n"])
def test_an_empty_file_says_so_and_nothing_else(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    assert list_problems(folder) == [f"{name}:1:1 is empty"]


@pytest.mark.parametrize("name", ["sources.yaml", "tags.yaml", "words.yaml", "strings.yaml"])
def test_a_missing_file_says_so_and_nothing_else(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert list_problems(folder) == [f"{name}:1:1 is missing"]


def test_a_file_that_is_a_folder_cannot_be_read(folder: Path) -> None:
    (folder / "cards/attic.yaml").mkdir()
    assert list_problems(folder) == ["cards/attic.yaml:1:1 cannot be read: Is a directory"]


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert list_problems(tmp_path / "nowhere") == [f"{tmp_path}/nowhere:1:1 there is no such content folder"]


@pytest.mark.parametrize("name", ["Tower Bridge.yaml", "tower_bridge.yaml", "-tower.yaml", "TOWER2.yaml"])
def test_a_file_name_that_is_no_id_is_refused(folder: Path, name: str) -> None:
    (folder / "cards" / name).write_text(sample_content.PLAIN_CARD.format(name="moat"), encoding="utf-8")
    said = "1:1 the file's name is its id: small letters, digits and single hyphens"
    assert list_problems(folder)[0] in (f"cards/{name}:{said}", f"cards/{name}:2{said[1:]}")


def test_only_content_files_belong_into_its_folders(folder: Path) -> None:
    (folder / "cards/notes.txt").write_text("x", encoding="utf-8")
    (folder / "utterances/moat.txt").write_text("how deep is the moat", encoding="utf-8")
    assert list_problems(folder) == [
        "cards/notes.txt:1:1 only *.yaml files belong in cards/",
        "utterances/moat.txt:1:1 there is no card 'moat'; the file's name is the card's id",
    ]


@pytest.mark.parametrize("name", [".tower.yaml.swp", "tower.yaml~", "#tower.yaml#", ".#tower.yaml"])
def test_editor_backup_files_are_ignored(folder: Path, name: str) -> None:
    (folder / "cards" / name).write_bytes(b"\xff half a file")
    assert len(load_content(folder).cards) == 4


def test_broken_sources_file_is_reported_once(folder: Path) -> None:
    (folder / "sources.yaml").write_text("old-book: [", encoding="utf-8")
    (found,) = list_problems(folder)
    assert found.startswith("sources.yaml:2:1 is not YAML here")


def test_broken_comparison_is_reported_once(folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/well.yaml", "good_for:", "cells: tower-garden/height\ngood_for:"
    )
    load_content(folder)
    sample_content.replace_text(folder, "comparisons/tower-garden.yaml", "level: 5", "level: 9")
    assert len(list_problems(folder)) == 1
    sample_content.replace_text(folder, "cards/well.yaml", "tower-garden/height", "tower-garden/depth")
    sample_content.replace_text(folder, "comparisons/tower-garden.yaml", "level: 9", "level: 5")
    assert list_problems(folder) == [
        "cards/well.yaml:14:1 cells: there is no comparison and topic 'tower-garden/depth'"
        "; did you mean 'tower-garden/height'?"
    ]


def test_two_names_for_one_thing_are_refused(folder: Path) -> None:
    sample_content.replace_text(folder, "cards/well.yaml", "short: The well", "short: the Garden")
    assert list_problems(folder) == ["cards/well.yaml:3:1 short: is the name of 'garden' too"]


def test_values_that_yaml_would_turn_into_something_else_stay_as_written(folder: Path) -> None:
    sample_content.replace_text(folder, "cards/well.yaml", "title: The well and its uses", "title: 10:30")
    sample_content.replace_text(folder, "cards/well.yaml", "try_this_week: Visit one.", "try_this_week: no")
    sample_content.replace_text(folder, "cards/well.yaml", "short: The well", "short: 2026-11-22")
    card = load_content(folder).cards["well"]
    assert (card.title, card.short) == ("10:30", "2026-11-22")
    assert [span.text for span in card.try_this_week] == ["no"]


def test_trailing_comment_is_ignored(folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/tower.yaml", "kind: decision", "kind: decision  # two views or more"
    )
    sample_content.replace_text(folder, "cards/tower.yaml", "try_this_week: Count the steps of one tower.",
                 "try_this_week: Count C#, #steps in 'a#b' # roughly")  # fmt: skip
    with pytest.raises(ContentError, match="the rest of the line is lost"):
        load_content(folder)
    sample_content.replace_text(
        folder, "cards/tower.yaml", "Count C#, #steps in 'a#b' # roughly", "Count C# and a#b # roughly"
    )
    assert [span.text for span in load_content(folder).cards["tower"].try_this_week] == ["Count C# and a#b"]


def test_the_version_follows_every_byte_and_only_bytes(folder: Path, tmp_path: Path) -> None:
    before = load_content(folder).version
    assert load_content(sample_content.write_content(tmp_path / "copy")).version == before
    sample_content.replace_text(
        folder, "utterances/well.txt", "can a frog live there", "can a toad live there"
    )
    assert load_content(folder).version != before
