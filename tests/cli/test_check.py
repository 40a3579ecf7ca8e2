"""`career-bot check` is what an author runs: one line a problem, and a status for machines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.app import load_renderers
from bot.cli.all_replies import Renderer, find_limit_problems
from bot.cli.parity import find_missing_words
from bot.errors import ContentProblem, LimitExceededError
from bot.messaging.blocks import Paragraph, Quote, Table
from bot.messaging.plaintext import render_plain, render_plain_blocks
from bot.messaging.reply import Reply
from bot.messaging.samples import build_sample_replies
from bot.messaging.spans import Text
from bot.service import Service
from tests.chat import CONTENT, NOON
from tests.cli.conftest import CommandRunner
from tests.content import sample_content


def find_misfits(service: Service, renderers: Mapping[str, Renderer]) -> list[ContentProblem]:
    """What of the real content these renderers cannot show."""
    return list(find_limit_problems(service.context, CONTENT, renderers, NOON))


def test_clean_content_says_so(run: CommandRunner) -> None:
    ran = run("check")
    assert ran.status == 0
    training, counts = ran.out.splitlines()
    assert training.startswith("search model small: ")
    assert counts == "4 cards: 0 errors, 0 warnings"


def test_every_problem_is_a_line_as_seen_from_here(run: CommandRunner, folder: Path) -> None:
    sample_content.replace_text(folder, "cards/tower.yaml", "    fits_if: You like gardens.\n", "")
    sample_content.replace_text(folder, "comparisons/tower-garden.yaml", "level: 1", "level: 0")
    ran = run("check")
    assert ran.status == 1
    assert ran.out.splitlines() == [
        "content/cards/tower.yaml:18:5 views.1.fits_if: is missing",
        "content/comparisons/tower-garden.yaml:29:13 "
        "themes.0.topics.0.cells.garden.level: must be at least 1, got 0",
        "2 errors, 0 warnings; the rest is checked once the content reads",
    ]


def test_a_warning_is_printed_and_does_not_fail(run: CommandRunner, folder: Path) -> None:
    sample_content.replace_text(
        folder, "cards/well.yaml", "good_for: People who look up.", "good_for: Some 60 % of people."
    )
    ran = run("check")
    assert ran.status == 0
    assert ran.out.startswith("content/cards/well.yaml:14:1 warning: good_for: a figure without a name")
    assert ran.out.endswith("4 cards: 0 errors, 1 warning\n")


def test_what_reads_and_cannot_be_shown_is_an_error_at_its_file(run: CommandRunner, folder: Path) -> None:
    long = "A view that is said at the greatest length that its field would ever take, and then " + "on " * 25
    views = "".join(
        f"  - says: {long}\n    fits_if: You {'do ' * 50}\n    source: old-book\n" for _ in range(12)
    )
    sample_content.replace_text(folder, "cards/tower.yaml", "views:\n", f"views:\n{views}")
    ran = run("check")
    assert ran.status == 1
    assert "content/cards/tower.yaml:1:1 does not fit: the reply has " in ran.out
    assert "at most 3500 fit" in ran.out


def test_a_platform_that_cannot_show_a_reply_is_named(service: Service) -> None:
    def narrow(reply: Reply) -> str:
        for block in reply.blocks:
            if isinstance(block, Table) and len(block.column_names) > 4:
                raise LimitExceededError("five columns are too many")
        return render_plain(reply)

    found = find_misfits(service, {"a narrow platform": narrow})
    assert [(problem.file.name, problem.message) for problem in found] == [
        ("after-data-science.yaml", "does not fit: a narrow platform: five columns are too many")
    ]


def test_a_platform_that_says_less_than_another_is_named(service: Service) -> None:
    def forgetful(reply: Reply) -> str:
        return render_plain_blocks(tuple(block for block in reply.blocks if not isinstance(block, Quote)))

    found = {problem.file.name: problem.message for problem in find_misfits(service, {"a page": forgetful})}
    assert found.keys() == {
        f"{card_id}.yaml" for card_id, c in service.context.content.cards.items() if c.views
    }
    assert all(message.startswith("does not fit: a page does not say: ") for message in found.values())


@pytest.mark.parametrize("sample", build_sample_replies())
def test_every_platform_says_every_word_of_every_shape(sample: str) -> None:
    for render in load_renderers().values():
        assert (
            find_missing_words(build_sample_replies()[sample], render(build_sample_replies()[sample])) == []
        )


def test_what_fits_until_its_characters_are_escaped_is_refused_by_discord() -> None:
    stars = Reply((Paragraph((Text("*" * 2_100),)),), "Stars")
    with pytest.raises(LimitExceededError, match="4200 characters, at most 4000"):
        load_renderers()["Discord"](stars)


def test_every_platform_shows_all_of_the_content(service: Service) -> None:
    assert not list(find_limit_problems(service.context, CONTENT, load_renderers(), NOON))


@pytest.mark.parametrize("verb", ["say", "chat", "check"])
def test_content_that_does_not_read_at_the_start_ends_with_every_problem(
    run: CommandRunner, folder: Path, verb: str
) -> None:
    sample_content.replace_text(folder, "cards/tower.yaml", "kind: decision", "kind: choice")
    sample_content.replace_text(folder, "cards/well.yaml", "kind: topic", "kinds: topic")
    ran = run(verb, *(["help"] if verb == "say" else []))
    assert ran.status == 1
    said = ran.out + ran.err
    assert "content/cards/tower.yaml:4:1 kind: " in said
    assert "content/cards/well.yaml:4:1 unknown key 'kinds'" in said
    assert "Traceback" not in said


def test_schema_writes_what_is_old_and_says_what_it_wrote(run: CommandRunner, folder: Path) -> None:
    first = run("schema")
    assert first.status == 0
    assert "content/schema/card.json written" in first.out.splitlines()
    assert (folder / "schema/strings.json").is_file()
    assert run("schema").out == "content/schema: all current\n"
