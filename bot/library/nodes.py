"""Strict YAML: plain data plus where each part of it stands.

PyYAML's own constructors turn `10:30` into 630 and let the last of two equal keys win; its composer walks
into a nest until the stack is gone and copies an alias as often as it is named. Here the parser's events are
read one by one: a plain scalar is a whole number, true or false, or the text as written; a key may stand
once; nests have a floor; anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentProblem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})\Z")
_SWALLOWED = re.compile(r"[ \t]+#[^ \t!#]")  # `Earn more #1`: YAML takes the rest of the line for a note
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as a line's end
_UNPRINTABLE = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 30
_MENDS = {
    "mapping values are not allowed": "a plain text holds no colon with a space after it: put it in quotes",
    "found character that cannot start": "indent with spaces, not tabs; quote a text that begins with @ or `",
    "found a tab character": "indent with spaces, not tabs",
    "found unexpected end of stream": "close the quotes",
    "found undefined alias": "quote a text that begins with *",
    "did not find expected": "look at the indentation and the quotes of this line and the one above",
    "could not find expected ':'": "look at the indentation and the quotes of this line and the one above",
}

Path_ = tuple[str | int, ...]


@dataclass
class Document:
    """One YAML file as data.

    Attributes:
        data: dicts, lists, texts, whole numbers, true and false; None when the file did not read.
        problems: what is wrong with it as YAML.
    """

    file: Path
    data: Any = None
    problems: list[ContentProblem] = field(default_factory=list)
    _marks: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def problem(self, where: Sequence[str | int], message: str) -> ContentProblem:
        """A problem at a path like `("views", 0, "says")`; at the nearest part above that exists."""
        path = tuple(where)
        while path and path not in self._marks:
            path = path[:-1]
        line, column = self._marks.get(path, (1, 1))
        return ContentProblem(self.file, line, column, ".".join(map(str, where)), message)


class _Unreadable(Exception):
    """Nothing after this point of the file can be trusted."""

    def __init__(self, mark: Any, message: str, where: Path_ = ()) -> None:
        self.line: int = mark.line + 1 if mark else 1
        self.column: int = mark.column + 1 if mark else 1
        self.where = ".".join(map(str, where))
        super().__init__(message)


def read(file: Path, content: bytes) -> Document:
    """Read one file's bytes; what is wrong with them stands in `problems`, nothing is raised."""
    document = Document(file)
    text = decoded(file, content, document.problems)
    if text is None:
        return document
    try:
        document.data = _Builder(document, text).document()
    except _Unreadable as error:
        document.problems.append(ContentProblem(file, error.line, error.column, error.where, str(error)))
    except yaml.MarkedYAMLError as error:
        at = _Unreadable(error.problem_mark or error.context_mark, f"is not YAML here: {_mend(error)}")
        document.problems.append(ContentProblem(file, at.line, at.column, "", str(at)))
    return document


def decoded(file: Path, content: bytes, problems: list[ContentProblem]) -> str | None:
    """The bytes as text; None, and a problem, when they are not UTF-8 or hold what nobody can see."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        problems.append(_at_end_of(before, file, "is not UTF-8 here; save the file as UTF-8"))
        return None
    if unprintable := _UNPRINTABLE.search(text):
        code = f"U+{ord(unprintable.group()):04X}"
        before = text[: unprintable.start()]
        problems.append(_at_end_of(before, file, f"holds the control character {code} here; take it out"))
        return None
    return text


def _at_end_of(before: str, file: Path, message: str) -> ContentProblem:
    return ContentProblem(file, before.count("\n") + 1, len(before) - before.rfind("\n"), "", message)


def as_written(value: Any) -> str:
    """A value as its author sees it, for a sentence that says what stands there."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a block of keys"
        case list():
            return "a list"
        case _:
            return repr(value)


def _mend(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem)
    mend = next((mend for start, mend in _MENDS.items() if problem.startswith(start)), None)
    return f"{problem}; {mend}" if mend else problem


class _Builder:
    """Builds the data of one document from the parser's events."""

    def __init__(self, document: Document, text: str) -> None:
        self._document = document
        self._lines = _BREAK.split(text)
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Any:
        """The one document of the stream."""
        data = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unreadable(event.start_mark, "a second document starts here; a file holds one")
                data = self._value(next(self._events), ())
        if data is None or data == "":
            raise _Unreadable(None, "is empty")
        return data

    def _value(self, event: Any, path: Path_) -> Any:
        mark = event.start_mark
        self._document._marks.setdefault(path, (mark.line + 1, mark.column + 1))
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Unreadable(
                mark, "anchors (&) and aliases (*) are not read: write it out, or quote it", path
            )
        if event.tag is not None:
            raise _Unreadable(mark, "tags (!) are not read: quote the text", path)
        if len(path) > _DEEPEST:
            raise _Unreadable(mark, "is nested too deep")
        if isinstance(event, yaml.ScalarEvent):
            self._whole(event, path)
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._block(event, path)

    def _whole(self, event: Any, path: Path_) -> None:
        """Say when a plain text was cut by a # that was meant to be part of it."""
        end = event.end_mark
        if not event.style and _SWALLOWED.match(self._lines[end.line], end.column):
            message = "a space and # begin a note, so the rest of the line is lost: put the text in quotes"
            self._document.problems.append(self._document.problem(path, message))

    def _list(self, path: Path_) -> list[Any]:
        built: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            built.append(self._value(event, (*path, len(built))))
        return built

    def _block(self, start: Any, path: Path_) -> dict[str, Any]:
        built: dict[str, Any] = {}
        marks, problems = self._document._marks, self._document.problems
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            at = event.start_mark
            if not isinstance(event, yaml.ScalarEvent):
                raise _Unreadable(at, "a key is one word or a few, never a list or block", path)
            key = str(event.value)
            here = (*path, key)
            line, column = at.line + 1, at.column + 1
            if key in built:
                message = f"stands twice, first in line {marks[here][0]}; keep one"
                problems.append(
                    ContentProblem(self._document.file, line, column, ".".join(map(str, here)), message)
                )
                self._value(next(self._events), (*here, "again"))
                continue
            marks[here] = (line, column)
            value = next(self._events)
            built[key] = self._value(value, here)
            if start.flow_style and _looks_cut(value):
                del built[key]  # or it would be a second problem, an unknown key
                message = "a comma inside { } starts a new field: put the text on its own line"
                problems.append(self._document.problem(here, message))
        return built


def _looks_cut(value: yaml.Event) -> bool:
    """Whether a flow mapping's key has no value: what is left of a sentence after its comma."""
    return isinstance(value, yaml.ScalarEvent) and value.value == "" and not value.style


def _scalar(event: yaml.ScalarEvent) -> str | int | bool:
    text: str = event.value
    if not event.style:  # quoted and block scalars are always text
        if text in ("true", "false"):
            return text == "true"
        if _NUMBER.match(text):
            return int(text)
    return text
