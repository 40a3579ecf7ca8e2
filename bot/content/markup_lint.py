"""Markup that some platform could not show, and links that lead to no work."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_REFUSED = (
    (re.compile(r"!\[[^\]]*\]\("), "an image"),
    (re.compile(r"~~\S"), "strikethrough (~~)"),
    (re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--"), "an HTML tag"),
    (re.compile(r"^\s*\|.*\|\s*$|^\s*\|?\s*:?-{3,}:?\s*\|", re.MULTILINE), "a table"),
    (re.compile("`"), "a code tick (`)"),
)
_CATEGORY_PARTS = frozenset(
    {
        "archive",
        "archives",
        "author",
        "authors",
        "categories",
        "category",
        "label",
        "tag",
        "tags",
        "topic",
        "topics",
    }
)


def find_refused_markup(text: str) -> str | None:
    """Name the first markup in a text that is neither bold, emphasis nor a link; None without any."""
    return next((name for pattern, name in _REFUSED if pattern.search(text)), None)


def find_link_problem(url: str) -> str | None:
    """Say why an address does not lead to one work; None when it does."""
    parts = [part for part in urlsplit(url).path.casefold().split("/") if part]
    if not parts and not urlsplit(url).query:
        return f"must lead to the work itself, got the bare site {url}"
    if parts and (parts[0] in _CATEGORY_PARTS or (len(parts) > 1 and parts[-2] in _CATEGORY_PARTS)):
        return f"must lead to the work itself, got the category page {url}"
    return None
