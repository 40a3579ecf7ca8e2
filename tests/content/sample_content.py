"""A content folder small enough to know by line: four cards, one comparison, the real fixed sentences."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

SHIPPED_CONTENT = Path(__file__).parents[2] / "content"

ANSWER = "\n".join(["  One two three four five six seven eight nine ten."] * 7)

CARD = f"""\
# yaml-language-server: $schema=../schema/card.json
title: Is the tower worth the climb?
short: Worth the climb?
kind: decision
tags: [towers]
answer: |
{ANSWER}
views:
  - claim: Climb it slowly.
    fits_if: You like stairs.
    source: old-book
  - claim: Stay below.
    fits_if: You like gardens.
    source: old-book
good_for: People who look up.
not_for: People who look down.
try_this_week: Count the steps of one tower.
sources: [old-book]
related: [garden]
share: true
reviewed: 2026-11-22
"""

PLAIN_CARD = f"""\
# yaml-language-server: $schema=../schema/card.json
title: The {{name}} and its uses
short: The {{name}}
kind: topic
tags: [towers]
answer: |
{ANSWER}
good_for: People who look up.
not_for: People who look down.
try_this_week: Visit one.
sources: [old-book]
related: [tower]
reviewed: 2026-11-22
"""

COMPARISON = """\
# yaml-language-server: $schema=../schema/comparison.json
title: Tower or garden?
short: Tower or garden
verdict: Each is good on its day.
note: One gardener's opinion.
source: old-book
options:
  tower:
    name: Tower
    aliases: [spire]
    good_for: seeing far
    card: tower
  garden:
    name: Garden
    good_for: sitting down
themes:
  - id: views
    name: Views
    topics:
      - id: height
        name: How high is it?
        ranks: high-is-good
        cells:
          tower:
            level: 5
            short: High
            says: It is higher than the trees.
          garden:
            level: 1
            short: Low
            says: It lies on the ground.
"""

FILES = {
    "sources.yaml": """\
        # yaml-language-server: $schema=schema/sources.json
        old-book:
          author: Ada Stone
          title: Towers and gardens
          year: 1999
          url: https://example.org/towers
          caveat: One gardener's opinion.
        """,
    "tags.yaml": """\
        # yaml-language-server: $schema=schema/tags.json
        towers:
          name: Towers
          about: All that stands high.
        """,
    "words.yaml": """\
        # yaml-language-server: $schema=schema/words.json
        synonyms:
          - [tower, spire, steeple]
        corrections:
          towre: tower
        stopwords:
          - the a is it
        """,
    "cards/tower.yaml": CARD,
    "cards/garden.yaml": PLAIN_CARD.format(name="garden"),
    "cards/well.yaml": PLAIN_CARD.format(name="well"),
    "cards/bridge.yaml": PLAIN_CARD.format(name="bridge"),
    "comparisons/tower-garden.yaml": COMPARISON,
    "utterances/tower.txt": "\n".join(
        ("# ways of asking", "", "is a tower worth it", "why climb at all", "my knees hurt, still climb?",
         "stairs or no stairs", "what do i see from the top", "height scares me a little"), ),
    "utterances/garden.txt": "\n".join(
        ("where do i plant roses", "is shade good", "who waters the beds", "how big must a garden be",
         "are hedges any use", "when to cut the lawn"), ),
    "utterances/well.txt": "\n".join(
        ("how deep is deep enough", "is the water clean", "do buckets still exist", "what of a dry summer",
         "who digs these days", "can a frog live there"), ),
    "utterances/bridge.txt": "\n".join(
        ("does it carry a cart", "stone against wood", "how long will it last", "when the river rises",
         "tolls, yes please?", "crossing at night"), ),
}  # fmt: skip


def write_content(folder: Path) -> Path:
    """Write the small content into a folder, and give the folder."""
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
    (folder / "strings.yaml").write_bytes((SHIPPED_CONTENT / "strings.yaml").read_bytes())
    return folder


def replace_text(folder: Path, file_name: str, old: str, new: str) -> Path:
    """Put `new` in the one place of a file where `old` stands, and give the file."""
    file = folder / file_name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file_name}"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file
