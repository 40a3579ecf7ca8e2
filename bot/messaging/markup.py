"""The markup of authors: paragraphs with **bold**, *emphasis* and [links](https://…), parsed once, at load.

All other Markdown is refused, since some platform could not show it.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.errors import LimitExceededError, MarkupError
from bot.messaging.blocks import Paragraph
from bot.messaging.spans import Emphasis, Link, Span, Spans, Strong, Text

_PARSER = MarkdownIt("commonmark").disable(
    ["entity", "html_inline", "html_block", "backticks", "code", "fence", "autolink", "image"]
)


# A text without any of these is plain; skipping the parser makes large content load three times faster.
_MAYBE_MARKUP = re.compile(r"[*_\[\]<>`&#!\\~|]|^\s*([-+]|\d+[.)])\s|^\s*(=+|-+)\s*$|^ {4}|^\t", re.MULTILINE)


def parse_paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Parse a text into paragraphs.

    Raises:
        MarkupError: naming markup that is neither bold, emphasis nor a link.
    """
    if not _MAYBE_MARKUP.search(text):
        plain = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
        if not plain:
            raise MarkupError("the text is empty")
        return tuple(Paragraph((Text(part),)) for part in plain)
    paragraphs: list[Paragraph] = []
    for token in _PARSER.parse(text):
        if token.type == "inline":
            paragraphs.append(Paragraph(_parse_inline(token.children or [])))
        elif token.type not in ("paragraph_open", "paragraph_close"):
            raise MarkupError(_describe_unsupported(token))
    if not paragraphs:
        raise MarkupError("the text is empty")
    return tuple(paragraphs)


def parse_single_paragraph(text: str) -> Spans:
    """Parse a text of one paragraph.

    Raises:
        MarkupError: also when there are two paragraphs or more.
    """
    paragraphs = parse_paragraphs(text)
    if len(paragraphs) > 1:
        raise MarkupError(f"must be one paragraph, got {len(paragraphs)}")
    return paragraphs[0].spans


def _parse_inline(tokens: list[Token]) -> Spans:
    run: list[Span] = []
    style: type[Text] | type[Strong] | type[Emphasis] = Text
    href: str | None = None
    label = ""
    for token in tokens:
        match token.type:
            case "text":
                if href is not None:
                    label += token.content
                elif token.content:
                    run.append(style(token.content))
            case "softbreak" | "hardbreak":
                if href is not None:
                    label += " "
                else:
                    run.append(Text(" "))
            case "strong_open" | "em_open" if style is not Text or href is not None:
                raise MarkupError("bold, emphasis and links cannot be nested")
            case "strong_open":
                style = Strong
            case "em_open":
                style = Emphasis
            case "strong_close" | "em_close":
                style = Text
            case "link_open" if style is not Text:
                raise MarkupError("bold, emphasis and links cannot be nested")
            case "link_open":
                href, label = str(token.attrs["href"]), ""
            case "link_close":
                try:
                    run.append(Link(label, href or ""))
                except LimitExceededError as error:
                    raise MarkupError(str(error)) from error
                href = None
            case _:
                raise MarkupError(_describe_unsupported(token))
    return _merge_texts(run)


def _merge_texts(spans: list[Span]) -> Spans:
    """Join neighbouring plain texts, so that a renderer gets whole sentences."""
    joined: list[Span] = []
    for span in spans:
        if isinstance(span, Text) and "](" in span.text:
            raise MarkupError(f"this link's address is none that can be opened: {span.text!r}")
        if isinstance(span, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + span.text)
        else:
            joined.append(span)
    return tuple(joined)


def _describe_unsupported(token: Token) -> str:
    kind = token.type.removesuffix("_open").replace("_", " ")
    return f"only bold, emphasis and links can be shown everywhere; found {kind}"
