"""The page itself: assets/page.html with the bot's sentences in its slots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bot.commands.command import Context
from bot.errors import Problem
from bot.platforms.web.html import Html, element, text

_LAYOUT = Path(__file__).parent / "assets" / "page.html"
_SLOT = re.compile(r"\{\{([\w.]+)\}\}")
_STARTERS = tuple(f"page.starter.{name}" for name in ("question", "doubt", "compare", "quiz", "browse"))
_PROBLEMS = 5


def page_html(context: Context, previews: tuple[str, ...], messages: Html) -> str:
    """The whole page; a slot names a phrase, or one of the parts that are made here.

    Args:
        previews: the platforms whose payloads can be shown.
        messages: what the channel holds already.
    """
    parts = {"starters": _starters(context), "views": _views(previews, context), "messages": messages}

    def filled(slot: re.Match[str]) -> str:
        name = slot[1]
        if name in parts:
            return parts[name]
        return text(context.texts.words(name, prefix=context.prefix, n=len(context.library.cards)))

    return _SLOT.sub(filled, _LAYOUT.read_text(encoding="utf-8"))


def problems_html(problems: Sequence[Problem], context: Context) -> Html:
    """Why newer content is not served: the first few problems with file and line; empty when all is well."""
    if not problems:
        return Html()
    lines = [
        element("li", element("code", f"{_near(problem)}:{problem.line}"), " ", _reason(problem))
        for problem in problems[:_PROBLEMS]
    ]
    if len(problems) > _PROBLEMS:
        lines.append(element("li", context.texts.words("page.more_problems", n=len(problems) - _PROBLEMS)))
    told = element("p", context.texts.words("page.content_refused"))
    return Html(told + element("ul", *lines))


def _near(problem: Problem) -> str:
    """The file as its author knows it: its folder and name, not the machine's whole path."""
    return "/".join(problem.file.parts[-2:])


def _reason(problem: Problem) -> str:
    return f"{problem.where}: {problem.message}" if problem.where else problem.message


def _starters(context: Context) -> Html:
    lines = (context.texts.words(phrase, prefix=context.prefix) for phrase in _STARTERS)
    return Html("".join(element("button", line, type="button", data_line=line) for line in lines))


def _views(previews: tuple[str, ...], context: Context) -> Html:
    """The switch between the page's own look and the payloads; nothing when there is none to show."""
    if not previews:
        return Html()
    names = (("page", context.texts.words("page.view.page")), *((name, name.title()) for name in previews))
    radios = (
        element(
            "label", element("input", type="radio", name="view", value=value, checked=value == "page"), label
        )
        for value, label in names
    )
    legend = element("span", context.texts.words("page.view.legend"), id="views-name")
    group = element("div", *radios, role="radiogroup", aria_labelledby="views-name")
    return element("div", legend, group, class_="views")
