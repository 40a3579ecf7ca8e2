"""`figures.lock`: where each figure in the content comes from. A line is one figure of one file:

    cards/pay-cut-bet.yaml | 75 % | quit-2022 | took a 75% pay cut

File, figure, source (`ours` for our own), and at most six words of the source that hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.did_you_mean import suggest
from bot.content.sourced_texts import SourcedText
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem

FIGURES_FILE_NAME = "figures.lock"
OUR_OWN_SOURCE = "ours"
_MAX_QUOTE_WORDS = 6
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER = r"\d+(?:[.,]\d+)*"
_FIGURE = re.compile(rf"(?<![\w.,]){_NUMBER}(?:(?:\s?[-\u2013]\s?|\sto\s){_NUMBER})?(?:\s?%|\+|x\b)?(?!\w)")


@dataclass(frozen=True, slots=True)
class FigureOrigin:
    """Where a figure comes from, and the line that says so."""

    source: str
    quote: str
    line: int


FigureOrigins = Mapping[tuple[str, str], FigureOrigin]
"""By file name under the content folder and figure."""


def list_figures(text: str) -> list[str]:
    """Return the figures of a text as `75%`, `30+` or `4-10`, each once; a year is none."""
    return list(dict.fromkeys(map(_normalize, _FIGURE.findall(_YEAR.sub("", text)))))


def _normalize(figure: str) -> str:
    """Return one spelling of a figure: `4 to 10` and `4\u201310` are `4-10`."""
    return re.sub(r"\s", "", figure.replace(" to ", "-").replace("\u2013", "-"))


def parse_figures(file: Path, text: str, problems: list[ContentProblem]) -> FigureOrigins:
    """Parse the committed list; what is wrong with a line goes to `problems`."""
    origins: dict[tuple[str, str], FigureOrigin] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 4 or not all(parts):
            message = "must be `file | figure | source | at most six words of it`"
            problems.append(ContentProblem(file, number, 1, "", message))
            continue
        name, figure, source, quote = parts
        if (count := len(quote.split())) > _MAX_QUOTE_WORDS:
            message = f"the quote must have at most {_MAX_QUOTE_WORDS} words, got {count}"
            problems.append(ContentProblem(file, number, 1, "", message))
        origins[name, _normalize(figure)] = FigureOrigin(source, quote, number)
    return origins


def find_figure_problems(
    texts: Iterable[SourcedText],
    origins: FigureOrigins,
    file: Path,
    documents: Mapping[str, YamlDocument],
) -> Iterator[ContentProblem]:
    """Yield each figure without a line, each line without a figure, and each line of another source."""
    unused = dict(origins)
    for text in texts:
        for figure in list_figures(text.text):
            origin = origins.get((text.name, figure))
            unused.pop((text.name, figure), None)
            if origin is None:
                message = (
                    f"the figure {figure} is not in {FIGURES_FILE_NAME}; add the line"
                    f" `{text.name} | {figure} | {text.sources[0]} | at most six words of the source`"
                )
                yield documents[text.name].build_problem(text.key_path, message)
            elif origin.source not in (OUR_OWN_SOURCE, *text.sources):
                message = (
                    f"{origin.source!r} is not a source of {text.name}{suggest(origin.source, text.sources)}"
                )
                yield ContentProblem(file, origin.line, 1, "", message)
    for (name, figure), origin in unused.items():
        message = f"no text of {name} has the figure {figure}; take the line out"
        yield ContentProblem(file, origin.line, 1, "", message)
