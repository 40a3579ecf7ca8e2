"""Whose words a text uses: each name or site in it is among its sources, and each source is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from bot.content.attribution_lint import list_source_names
from bot.content.content import Content
from bot.content.models import Source
from bot.content.sourced_texts import SourcedText
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem

_ADDRESS = re.compile(r"https?://[^\s)]+")
_SITE = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|dev|ai|edu|me|blog)\b", re.IGNORECASE)


def find_foreign_names(text: SourcedText, sources: Mapping[str, Source]) -> Iterator[str]:
    """Yield a message for each author or site that a text names and its sources do not include."""
    own_names = {name for source in text.sources for name in _list_names(sources[source])}
    source_ids: dict[str, list[str]] = {}  # by name: one author may have written several sources
    for source_id, source in sources.items():
        for name in _list_names(source) - own_names:
            source_ids.setdefault(name, []).append(source_id)
    for name, candidates in source_ids.items():
        if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text.text, re.IGNORECASE):
            ids = " or ".join(map(repr, candidates))
            yield f"names {name}, so {ids} must be among its sources"
    known_sites = {name for source in sources.values() for name in _list_names(source)}
    for site in dict.fromkeys(_SITE.findall(_ADDRESS.sub("", text.text))):
        if site.casefold() not in known_sites:
            yield f"names {site}, which is no source of sources.yaml"


def find_unused_sources(content: Content, document: YamlDocument) -> Iterator[ContentProblem]:
    """Yield the sources that nothing rests on."""
    used: set[str] = set()
    for items in (content.comparisons, content.quizzes, content.tips):
        used |= {item.source for item in items.values()}
    for card in content.cards.values():
        used |= set(card.sources)
    for source_id in content.sources:
        if source_id not in used:
            message = "nothing rests on this source; take it out, or name it where it is used"
            yield document.build_problem((source_id,), message)


def find_tip_source_problems(
    content: Content, tip_places: Mapping[str, tuple[str, int]], documents: Mapping[str, YamlDocument]
) -> Iterator[ContentProblem]:
    """Yield the tips whose source is not among the sources of their card."""
    for tip_id, (name, index) in tip_places.items():
        tip = content.tips[tip_id]
        if tip.source not in content.cards[tip.card].sources:
            message = f"{tip.source!r} is not among the sources of the tip's card {tip.card!r}"
            yield documents[name].build_problem((index, "source"), message)


def find_name_problems(
    texts: Iterable[SourcedText], content: Content, documents: Mapping[str, YamlDocument]
) -> Iterator[ContentProblem]:
    """Yield every text that names an author or a site beyond its sources."""
    for text in texts:
        for message in find_foreign_names(text, content.sources):
            yield documents[text.name].build_problem(text.key_path, message)


def _list_names(source: Source) -> set[str]:
    """Return what a text may call a source, in small letters: full and last names, and sites."""
    names = {name.casefold() for name in list_source_names(source)}
    if source.url:
        names.add((urlsplit(source.url).hostname or "").removeprefix("www."))
    return names - {""}
