"""The page itself: assets/page.html with the bot's sentences in its slots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bot.commands.command import Context
from bot.errors import ContentProblem
from bot.platforms.web.html import Html, escape_text, render_element

_TEMPLATE_FILE = Path(__file__).parent / "assets" / "page.html"
_PLACEHOLDER = re.compile(r"\{\{([\w.]+)\}\}")
_STARTER_KEYS = tuple(f"page.starter.{name}" for name in ("question", "doubt", "compare", "quiz", "browse"))
_MAX_PROBLEMS = 5


def render_page(context: Context, previews: tuple[str, ...], messages: Html) -> str:
    """The whole page; a slot names a phrase, or one of the parts that are made here.

    Args:
        previews: the platforms whose payloads can be shown.
        messages: what the channel holds already.
    """
    parts = {
        "starters": _render_starters(context),
        "views": _render_view_switch(previews, context),
        "messages": messages,
    }

    def filled(slot: re.Match[str]) -> str:
        name = slot[1]
        if name in parts:
            return parts[name]
        return escape_text(
            context.strings.get_text(name, prefix=context.prefix, n=len(context.content.cards))
        )

    return _PLACEHOLDER.sub(filled, _TEMPLATE_FILE.read_text(encoding="utf-8"))


def render_problems(problems: Sequence[ContentProblem], context: Context) -> Html:
    """Why newer content is not served: the first few problems with file and line; empty when all is well."""
    if not problems:
        return Html()
    lines = [
        render_element(
            "li",
            render_element("code", f"{_format_path(problem)}:{problem.line}"),
            " ",
            _format_problem(problem),
        )
        for problem in problems[:_MAX_PROBLEMS]
    ]
    if len(problems) > _MAX_PROBLEMS:
        lines.append(
            render_element(
                "li", context.strings.get_text("page.more_problems", n=len(problems) - _MAX_PROBLEMS)
            )
        )
    told = render_element("p", context.strings.get_text("page.content_refused"))
    return Html(told + render_element("ul", *lines))


def _format_path(problem: ContentProblem) -> str:
    """The file as its author knows it: its folder and name, not the machine's whole path."""
    return "/".join(problem.file.parts[-2:])


def _format_problem(problem: ContentProblem) -> str:
    return f"{problem.key_path}: {problem.message}" if problem.key_path else problem.message


def _render_starters(context: Context) -> Html:
    lines = (context.strings.get_text(phrase, prefix=context.prefix) for phrase in _STARTER_KEYS)
    return Html("".join(render_element("button", line, type="button", data_line=line) for line in lines))


def _render_view_switch(previews: tuple[str, ...], context: Context) -> Html:
    """The switch between the page's own look and the payloads; nothing when there is none to show."""
    if not previews:
        return Html()
    names = (
        ("page", context.strings.get_text("page.view.page")),
        *((name, name.title()) for name in previews),
    )
    radios = (
        render_element(
            "label",
            render_element("input", type="radio", name="view", value=value, checked=value == "page"),
            label,
        )
        for value, label in names
    )
    legend = render_element("span", context.strings.get_text("page.view.legend"), id="views-name")
    group = render_element("div", *radios, role="radiogroup", aria_labelledby="views-name")
    return render_element("div", legend, group, class_="views")
