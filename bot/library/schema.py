"""JSON Schemas of every kind of file, so that an editor completes and checks while an author writes."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter

from bot.errors import ContentProblem
from bot.library.assessment import Assessment
from bot.library.models import Card, Comparison, Content, Id, Source, Tag, Vocabulary
from bot.library.phrases import PHRASES
from bot.library.tip import Tips

Schema = dict[str, Any]
FOLDER = "schema"


def _of(model: type[BaseModel]) -> Callable[[], Schema]:
    return model.model_json_schema


def _by_id(model: type[BaseModel]) -> Callable[[], Schema]:
    """A file whose top keys are ids."""
    return lambda: TypeAdapter(dict[Id, model]).json_schema()  # type: ignore[valid-type]  # built at run time


def _texts() -> Schema:
    """texts.yaml: every sentence, and which {names} the code fills in."""
    sentence: Schema = {"type": "string", "minLength": 1}
    forms: Schema = {
        "type": "object",
        "properties": {"one": sentence, "other": sentence},
        "required": ["one", "other"],
        "additionalProperties": False,
    }
    properties = {
        key: {
            **({"anyOf": [sentence, forms]} if "n" in names else sentence),
            "description": f"Filled in: {', '.join(f'{{{name}}}' for name in names) or 'nothing'}.",
        }
        for key, names in PHRASES.items()
    }
    return {
        "title": "Texts",
        "type": "object",
        "properties": properties,
        "required": list(PHRASES),
        "additionalProperties": False,
    }


def _described(schema: Schema) -> Schema:
    """The schema with each field's docstring as its description.

    Pydantic can do this itself, but reads the source anew at every start of the bot to do so.
    """
    docstrings = {model.__name__: _docstrings(model) for model in _models(Content)}
    for part in (schema, *schema.get("$defs", {}).values()):
        for field, text in docstrings.get(part.get("title", ""), {}).items():
            part["properties"][field]["description"] = text
    return schema


def _models(model: type[Content]) -> Iterator[type[Content]]:
    for child in model.__subclasses__():
        yield child
        yield from _models(child)


def _docstrings(model: type[Content]) -> dict[str, str]:
    """The string under each field of a model, by the field's name."""
    body = cast(ast.ClassDef, ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]).body
    return {
        field.target.id: inspect.cleandoc(str(below.value.value))
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of content file.

    Attributes:
        name: of its schema: `card` in schema/card.json.
        files: where such files lie, as a glob under the content folder.
    """

    name: str
    files: str
    build: Callable[[], Schema]

    def text(self) -> str:
        """The schema as its file holds it."""
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_described(self.build())}
        return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


# A new kind of content file is a new line.
SHAPES = (
    Shape("card", "cards/*.yaml", _of(Card)),
    Shape("comparison", "comparisons/*.yaml", _of(Comparison)),
    Shape("assessment", "assessments/*.yaml", _of(Assessment)),
    Shape("tips", "tips/*.yaml", _of(Tips)),
    Shape("sources", "sources.yaml", _by_id(Source)),
    Shape("tags", "tags.yaml", _by_id(Tag)),
    Shape("words", "words.yaml", _of(Vocabulary)),
    Shape("texts", "texts.yaml", _texts),
)


def first_line(shape: Shape) -> str:
    """The line that tells an editor which schema a file follows."""
    up = "../" * shape.files.count("/")
    return f"# yaml-language-server: $schema={up}{FOLDER}/{shape.name}.json"


def unnamed_schemas(folder: Path) -> Iterator[ContentProblem]:
    """Every content file whose first line does not name its schema."""
    for shape in SHAPES:
        for file in sorted(folder.glob(shape.files)):
            if file.name.startswith((".", "#")) or not file.is_file():
                continue
            with file.open("rb") as content:
                begins = content.readline(200).decode("utf-8-sig", "replace").rstrip()
            if begins != first_line(shape):
                yield ContentProblem(file, 1, 1, "", f"the first line is: {first_line(shape)}")


def write(folder: Path) -> list[Path]:
    """Write every schema under the content folder; give those that changed."""
    changed = []
    (folder / FOLDER).mkdir(exist_ok=True)
    for shape in SHAPES:
        file, text = folder / FOLDER / f"{shape.name}.json", shape.text()
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed.append(file)
    return changed
