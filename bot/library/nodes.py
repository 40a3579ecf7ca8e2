"""Strict YAML: plain data plus where each part of it stands.

PyYAML's own constructors turn `10:30` into 630 and let the last of two equal keys win. Here a plain scalar
is a whole number, true or false, or the text as written; a key may stand once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import Problem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})\Z")
_DEEPEST = 30

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
    problems: list[Problem] = field(default_factory=list)
    _marks: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def problem(self, where: Sequence[str | int], message: str) -> Problem:
        """A problem at a path like `("views", 0, "says")`; at the nearest part above that exists."""
        path = tuple(where)
        while path and path not in self._marks:
            path = path[:-1]
        line, column = self._marks.get(path, (1, 1))
        return Problem(self.file, line, column, ".".join(map(str, where)), message)


def read(file: Path) -> Document:
    """Read one file; what is wrong with it stands in `problems`, nothing is raised for its content.

    Raises:
        OSError: when the file cannot be read at all.
    """
    document = Document(file)
    try:
        text = file.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError as error:
        document.problems.append(document.problem((), f"is not UTF-8 at byte {error.start}"))
        return document
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        document.problems.append(Problem(file, line, column, "", f"is not YAML here: {error.problem}"))
        return document
    except yaml.YAMLError as error:
        document.problems.append(document.problem((), f"is not YAML: {error}"))
        return document
    if root is None:
        document.problems.append(document.problem((), "is empty"))
        return document
    document.data = _build(root, (), document)
    return document


def _build(node: yaml.Node, path: Path_, document: Document) -> Any:
    document._marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if len(path) > _DEEPEST:
        document.problems.append(document.problem(path, "is nested too deep"))
        return None
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, index), document) for index, child in enumerate(node.value)]
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        here = (*path, key)
        if key in built:
            first = document._marks[here][0]
            line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            where = ".".join(map(str, here))
            message = f"stands twice, first in line {first}; keep one"
            document.problems.append(Problem(document.file, line, column, where, message))
            continue
        document._marks[here] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        built[key] = _build(value_node, here, document)
        if isinstance(node, yaml.MappingNode) and node.flow_style and _looks_cut(value_node):
            message = "a comma inside { } starts a new field: put the text on its own line"
            document.problems.append(document.problem(here, message))
    return built


def _looks_cut(value: yaml.Node) -> bool:
    """Whether a flow mapping's key has no value: what is left of a sentence after its comma."""
    return isinstance(value, yaml.ScalarNode) and value.value == "" and value.style is None


def _scalar(node: yaml.ScalarNode) -> str | int | bool:
    text: str = node.value
    if node.style is None:  # quoted and block scalars are always text
        if text in ("true", "false"):
            return text == "true"
        if _NUMBER.match(text):
            return int(text)
    return text
