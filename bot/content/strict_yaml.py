"""Strict YAML: plain data, and the line and column of each part of it.

PyYAML's own constructors turn `10:30` into 630 and let the last of two equal keys win; its composer walks
into a nest until the stack is gone and copies an alias as often as it is named. Here the parser's events are
read one by one: a plain scalar is a whole number, true or false, or the text as written; a key may stand
once; nests have a floor; anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from bot.content.line_lint import (
    LineProblem,
    find_invisible_characters,
    find_lookalikes,
    find_merge_markers,
    find_missing_space,
    find_unclosed_quote,
)
from bot.content.old_names import find_new_key
from bot.errors import ContentProblem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})\Z")
_UNQUOTED_HASH = re.compile(r"[ \t]+#[^ \t!#]")  # `Earn more #1`: YAML takes the rest of the line for a note
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as a line's end
_UNPRINTABLE = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_DEPTH = 30
_SYNTAX_FIXES = {
    "mapping values are not allowed": "a plain text holds no colon with a space after it: put it in quotes",
    "found character that cannot start": "indent with spaces, not tabs; quote a text that begins with @ or `",
    "found a tab character": "indent with spaces, not tabs",
    "found unexpected end of stream": "close the quotes",
    "found undefined alias": "quote a text that begins with *",
    "did not find expected": "look at the indentation and the quotes of this line and the one above",
    "could not find expected ':'": "look at the indentation and the quotes of this line and the one above",
}

KeyPath = tuple[str | int, ...]


@dataclass
class YamlDocument:
    """One YAML file as data.

    Attributes:
        data: dicts, lists, texts, whole numbers, true and false; None when the file did not read.
        problems: what is wrong with it as YAML.
        warnings: keys that are read under their names of today.
    """

    file: Path
    data: Any = None
    problems: list[ContentProblem] = field(default_factory=list)
    warnings: list[ContentProblem] = field(default_factory=list)
    _positions: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)

    def build_problem(self, key_path: Sequence[str | int], message: str) -> ContentProblem:
        """Return a problem at a path like `("views", 0, "claim")`, or at the nearest part above that exists."""
        path = tuple(key_path)
        while path and path not in self._positions:
            path = path[:-1]
        line, column = self._positions.get(path, (1, 1))
        return ContentProblem(self.file, line, column, ".".join(map(str, key_path)), message)


class _UnreadableYamlError(Exception):
    """A fault after which nothing of the file can be trusted."""

    def __init__(self, position: Any, message: str, key_path: KeyPath = ()) -> None:
        self.line: int = position.line + 1 if position else 1
        self.column: int = position.column + 1 if position else 1
        self.key_path = ".".join(map(str, key_path))
        super().__init__(message)


def parse_yaml(file: Path, data: bytes, old_keys: Mapping[str, str] = MappingProxyType({})) -> YamlDocument:
    """Parse one file's bytes; problems are collected in the document, nothing is raised.

    Args:
        old_keys: keys that are read under another name: `views.*.says` to `claim`.
    """
    document = YamlDocument(file)
    text = decode_text(file, data, document.problems)
    if text is None:
        return document
    lines = _LINE_BREAK.split(text)
    if lookalikes := list(find_lookalikes(lines)):
        document.problems += [_build_line_problem(file, problem) for problem in lookalikes]
        return document
    try:
        document.data = _DocumentBuilder(document, text, old_keys).build()
    except _UnreadableYamlError as error:
        document.problems.append(ContentProblem(file, error.line, error.column, error.key_path, str(error)))
    except yaml.MarkedYAMLError as error:
        document.problems.append(_build_line_problem(file, _explain_syntax_error(error, lines)))
    return document


def decode_text(file: Path, data: bytes, problems: list[ContentProblem]) -> str | None:
    """Return the bytes as text; None, and problems, when they are not UTF-8 or hold what nobody can see."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        problems.append(_build_problem_after(before, file, "is not UTF-8 here; save the file as UTF-8"))
        return None
    if unprintable := _UNPRINTABLE.search(text):
        code = f"U+{ord(unprintable.group()):04X}"
        before = text[: unprintable.start()]
        problems.append(
            _build_problem_after(before, file, f"holds the control character {code} here; take it out")
        )
        return None
    lines = _LINE_BREAK.split(text)
    faults = [*find_invisible_characters(lines), *find_merge_markers(lines)]
    problems += [_build_line_problem(file, fault) for fault in faults]
    return None if faults else text


def _build_line_problem(file: Path, fault: LineProblem) -> ContentProblem:
    return ContentProblem(file, fault.line, fault.column, "", fault.message)


def _build_problem_after(text_before: str, file: Path, message: str) -> ContentProblem:
    return ContentProblem(
        file, text_before.count("\n") + 1, len(text_before) - text_before.rfind("\n"), "", message
    )


def format_value(value: Any) -> str:
    """Return a value as its author sees it, for an error message."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a block of keys"
        case list():
            return "a list"
        case _:
            return repr(value)


def _explain_syntax_error(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> LineProblem:
    """Find the fault behind a syntax error, which the parser often notices only lines below it."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    fault = find_unclosed_quote(lines) or find_missing_space(lines, line)
    if fault is not None:
        return fault
    problem = str(error.problem)
    fix = next((fix for start, fix in _SYNTAX_FIXES.items() if problem.startswith(start)), None)
    return LineProblem(line, column, f"is not YAML here: {problem}{f'; {fix}' if fix else ''}")


class _DocumentBuilder:
    """Builds the data of one document from the parser's events."""

    def __init__(self, document: YamlDocument, text: str, old_keys: Mapping[str, str]) -> None:
        self._document = document
        self._old_keys = old_keys
        self._lines = _LINE_BREAK.split(text)
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def build(self) -> Any:
        """Return the data of the one document in the stream."""
        data = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _UnreadableYamlError(
                        event.start_mark, "a second document starts here; a file holds one"
                    )
                data = self._build_value(next(self._events), ())
        if data is None or data == "":
            raise _UnreadableYamlError(None, "is empty")
        return data

    def _build_value(self, event: Any, path: KeyPath) -> Any:
        mark = event.start_mark
        self._document._positions.setdefault(path, (mark.line + 1, mark.column + 1))
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _UnreadableYamlError(
                mark, "anchors (&) and aliases (*) are not read: write it out, or quote it", path
            )
        if event.tag is not None:
            raise _UnreadableYamlError(mark, "tags (!) are not read: quote the text", path)
        if len(path) > _MAX_DEPTH:
            raise _UnreadableYamlError(mark, "is nested too deep")
        if isinstance(event, yaml.ScalarEvent):
            self._check_unquoted_hash(event, path)
            return _parse_scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._build_list(path)
        return self._build_mapping(event, path)

    def _check_unquoted_hash(self, event: Any, path: KeyPath) -> None:
        """Report a plain text that was cut by a # that was meant to be part of it."""
        end = event.end_mark
        if not event.style and _UNQUOTED_HASH.match(self._lines[end.line], end.column):
            message = "a space and # begin a comment, so the rest of the line is lost: put the text in quotes"
            self._document.problems.append(self._document.build_problem(path, message))

    def _build_list(self, path: KeyPath) -> list[Any]:
        built: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            built.append(self._build_value(event, (*path, len(built))))
        return built

    def _build_mapping(self, start_event: Any, path: KeyPath) -> dict[str, Any]:
        built: dict[str, Any] = {}
        marks, problems = self._document._positions, self._document.problems
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            at = event.start_mark
            if not isinstance(event, yaml.ScalarEvent):
                raise _UnreadableYamlError(at, "a key is one word or a few, never a list or block", path)
            line, column = at.line + 1, at.column + 1
            key = self._read_key(str(event.value), path, line, column)
            here = (*path, key)
            if key in built:
                message = f"appears twice, first in line {marks[here][0]}; keep one"
                problems.append(
                    ContentProblem(self._document.file, line, column, ".".join(map(str, here)), message)
                )
                self._build_value(next(self._events), (*here, "again"))
                continue
            marks[here] = (line, column)
            value = next(self._events)
            built[key] = self._build_value(value, here)
            if start_event.flow_style and _is_cut_at_comma(value):
                del built[key]  # or it would be a second problem, an unknown key
                message = "a comma inside { } starts a new field: put the text on its own line"
                problems.append(self._document.build_problem(here, message))
        return built

    def _read_key(self, key: str, path: KeyPath, line: int, column: int) -> str:
        """The key, or its name of today with a warning where it is an old one."""
        new_key = find_new_key(self._old_keys, (*path, key))
        if new_key is None:
            return key
        self._document.warnings.append(
            ContentProblem(
                self._document.file,
                line,
                column,
                ".".join(map(str, (*path, key))),
                f"old key {key!r}: rename it to {new_key!r}",
            )
        )
        return new_key


def _is_cut_at_comma(value: yaml.Event) -> bool:
    """Whether a key of a flow mapping has no value: it is the rest of a sentence after its comma."""
    return isinstance(value, yaml.ScalarEvent) and value.value == "" and not value.style


def _parse_scalar(event: yaml.ScalarEvent) -> str | int | bool:
    text: str = event.value
    if not event.style:  # quoted and block scalars are always text
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.match(text):
            return int(text)
    return text
