"""An author begins a card, looks at it, and is told what is left to do, without reading any Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messaging.samples import build_sample_forms, build_sample_replies
from tests.cli.conftest import CommandRunner
from tests.content import sample_content


def test_a_new_card_is_a_stub_that_passes_once_filled(run: CommandRunner, folder: Path) -> None:
    ran = run("new", "card", "moat")
    assert ran.status == 0
    assert ran.out.splitlines()[0].startswith("content/cards/moat.yaml written")
    assert ran.out.splitlines()[-1] == "then: career-bot card content/cards/moat.yaml"

    left = run("card", "content/cards/moat.yaml")
    assert left.status == 1
    for field in ("title", "short", "tags.0", "answer", "good_for", "not_for", "try_this_week", "sources.0"):
        assert f" {field}: " in left.out
    assert "content/cards/moat.yaml:3:1 title: is empty" in left.out

    for old, new in (
        ("title:\n", "title: Does a moat help?\n"),
        ("short:\n", "short: Does a moat help?\n"),
        ("tags:\n  -\n", "tags:\n  - towers\n"),
        ("answer: |\n", f"answer: |\n{sample_content.ANSWER}\n"),
        ("good_for:\n", "good_for: Frogs.\n"),
        ("not_for:\n", "not_for: Cats.\n"),
        ("try_this_week:\n", "try_this_week: Dig a hand deep.\n"),
        ("sources:\n  -\n", "sources:\n  - old-book\n"),
        ("related:\n  -\n", "related:\n  - well\n"),
    ):
        sample_content.replace_text(folder, "cards/moat.yaml", old, new)
    with (folder / "utterances/moat.txt").open("a", encoding="utf-8") as asks:
        asks.write("will it keep goats out\nducks?\nhow wide\nhow wet\nwhat does water cost\nmud and me\n")
    assert run("check").out.endswith("5 cards: 0 errors, 0 warnings\n")
    shown = run("card", "content/cards/moat.yaml")
    assert shown.status == 0
    assert shown.out.startswith("Does a moat help?\n\nOne two three")
    assert "Source: Ada Stone (1999), Towers and gardens" in shown.out


def test_the_views_in_the_stub_need_only_their_marks_taken_off(run: CommandRunner, folder: Path) -> None:
    run("new", "card", "moat")
    stub = (folder / "cards/moat.yaml").read_text(encoding="utf-8")
    assert "#     fits_if: You " in stub
    open_views = (
        stub.replace("# views:", "views:").replace("#   - claim", "  - claim").replace("#     ", "    ")
    )
    named = open_views.replace("a key of sources.yaml", "old-book")
    (folder / "cards/moat.yaml").write_text(named, encoding="utf-8")
    assert "views: must have at least two, got one" in run("card", "content/cards/moat.yaml").out


def test_a_file_that_is_there_is_never_written_over(run: CommandRunner, folder: Path) -> None:
    before = (folder / "cards/tower.yaml").read_bytes()
    ran = run("new", "card", "tower")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "career-bot new: content/cards/tower.yaml exists already and is left as it is\n"
    assert (folder / "cards/tower.yaml").read_bytes() == before

    (folder / "utterances/moat.txt").write_text("ducks?\n", encoding="utf-8")
    assert run("new", "card", "moat").status == 0
    assert (folder / "utterances/moat.txt").read_text(encoding="utf-8") == "ducks?\n"


@pytest.mark.parametrize("name", ["Moat", "../moat", "mo at", "moat.yaml", "-", "m" * 41, ""])
def test_a_name_that_is_no_id_writes_nothing(run: CommandRunner, folder: Path, name: str) -> None:
    before = sorted(folder.rglob("*"))
    ran = run("new", "card", "--", name)
    assert ran.status == 2
    assert ran.err == f"career-bot new: {name!r} must be an id like phd-or-not\n"
    assert sorted(folder.rglob("*")) == before


def test_a_preview_names_only_what_is_wrong_in_its_own_file(run: CommandRunner, folder: Path) -> None:
    sample_content.replace_text(folder, "cards/tower.yaml", "share: true", "share: maybe")
    sample_content.replace_text(folder, "cards/well.yaml", "kind: topic", "kind: toppic")
    tower = run("card", "content/cards/tower.yaml")
    assert tower.status == 1
    assert tower.out == "content/cards/tower.yaml:26:1 share: must be true or false, got 'maybe'\n"
    garden = run("card", "content/cards/garden.yaml")
    assert garden.status == 1
    assert garden.out == (
        "no preview: 2 problems in other files stand in the way; career-bot check names them\n"
    )


def test_a_preview_shows_the_card_above_its_warnings(run: CommandRunner, folder: Path) -> None:
    sample_content.replace_text(folder, "utterances/well.txt", "what of a dry summer\n", "")
    ran = run("card", "content/cards/well.yaml")
    assert ran.status == 0
    assert ran.out.startswith("The well and its uses\n\nOne two")
    assert ran.out.endswith(
        "\n\ncontent/utterances/well.txt:1:1 warning: needs at least 6 ways of asking, found 5\n"
    )


def test_a_preview_finds_the_content_around_its_file(run: CommandRunner, tmp_path: Path) -> None:
    elsewhere = sample_content.write_content(tmp_path / "elsewhere")
    sample_content.replace_text(elsewhere, "cards/well.yaml", "The well and its uses", "Another well")
    assert run("card", str(elsewhere / "cards/well.yaml")).out.startswith("Another well\n")


def test_a_preview_of_a_comparison_is_its_table(run: CommandRunner) -> None:
    ran = run("card", "content/comparisons/tower-garden.yaml")
    assert ran.status == 0
    assert "How high is it?\n  Tower: High (strongest)\n  Garden: Low (weakest)" in ran.out


@pytest.mark.parametrize(
    ("file", "expected_message"),
    [
        ("content/cards/nowhere.yaml", "there is no file content/cards/nowhere.yaml"),
        ("content/strings.yaml", "a preview takes a .yaml file of the content's cards/ or comparisons/"),
        (
            "content/utterances/well.txt",
            "a preview takes a .yaml file of the content's cards/ or comparisons/",
        ),
    ],
)
def test_what_is_no_card_has_no_preview(run: CommandRunner, file: str, expected_message: str) -> None:
    ran = run("card", file)
    assert (ran.status, ran.out, ran.err) == (2, "", f"career-bot card: {expected_message}\n")


def test_the_gallery_shows_every_sample_once(run: CommandRunner) -> None:
    ran = run("gallery")
    assert ran.status == 0
    names = [line for line in ran.out.splitlines() if line.startswith("=== ")]
    assert len(names) == len(build_sample_replies()) + len(build_sample_forms())
    assert "=== shared (everyone, SameConversation)\n\nEveryone reads this.\n" in ran.out


def test_the_gallery_shows_one_sample_by_its_name(run: CommandRunner) -> None:
    assert run("gallery", "miss").out == "=== miss (asker, SameConversation)\n\nNo card on that.\n\n"
    unknown = run("gallery", "mis")
    assert unknown.status == 2
    assert unknown.out.startswith("no sample mis; there are: prose, ")
