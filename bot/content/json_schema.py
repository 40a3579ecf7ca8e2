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

from bot.content.models import Card, Comparison, ContentModel, Id, Source, Tag, Vocabulary
from bot.content.quiz_models import Quiz
from bot.content.string_keys import STRING_KEYS
from bot.content.tip_models import TipFile
from bot.errors import ContentProblem

JsonSchema = dict[str, Any]
SCHEMA_FOLDER_NAME = "schema"


def _schema_builder(model: type[BaseModel]) -> Callable[[], JsonSchema]:
    return model.model_json_schema


def _schema_builder_by_id(model: type[BaseModel]) -> Callable[[], JsonSchema]:
    """A file whose top keys are ids."""
    return lambda: TypeAdapter(dict[Id, model]).json_schema()  # type: ignore[valid-type]  # built at run time


def _build_strings_schema() -> JsonSchema:
    """strings.yaml: every sentence, and which {names} the code fills in."""
    sentence: JsonSchema = {"type": "string", "minLength": 1}
    forms: JsonSchema = {
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
        for key, names in STRING_KEYS.items()
    }
    return {
        "title": "Texts",
        "type": "object",
        "properties": properties,
        "required": list(STRING_KEYS),
        "additionalProperties": False,
    }


def _add_descriptions(schema: JsonSchema) -> JsonSchema:
    """The schema with each field's docstring as its description.

    Pydantic can do this itself, but reads the source anew at every start of the bot to do so.
    """
    docstrings = {model.__name__: _extract_docstrings(model) for model in _iter_models(ContentModel)}
    for part in (schema, *schema.get("$defs", {}).values()):
        for field, text in docstrings.get(part.get("title", ""), {}).items():
            part["properties"][field]["description"] = text
    return schema


def _iter_models(model: type[ContentModel]) -> Iterator[type[ContentModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _iter_models(child)


def _extract_docstrings(model: type[ContentModel]) -> dict[str, str]:
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
class ContentFileKind:
    """One kind of content file.

    Attributes:
        name: of its schema: `card` in schema/card.json.
        files: where such files lie, as a glob under the content folder.
    """

    name: str
    glob: str
    build: Callable[[], JsonSchema]

    def render(self) -> str:
        """The schema as its file holds it."""
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **_add_descriptions(self.build()),
        }
        return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


# A new kind of content file is a new line.
CONTENT_FILE_KINDS = (
    ContentFileKind("card", "cards/*.yaml", _schema_builder(Card)),
    ContentFileKind("comparison", "comparisons/*.yaml", _schema_builder(Comparison)),
    ContentFileKind("quiz", "quizzes/*.yaml", _schema_builder(Quiz)),
    ContentFileKind("tips", "tips/*.yaml", _schema_builder(TipFile)),
    ContentFileKind("sources", "sources.yaml", _schema_builder_by_id(Source)),
    ContentFileKind("tags", "tags.yaml", _schema_builder_by_id(Tag)),
    ContentFileKind("words", "words.yaml", _schema_builder(Vocabulary)),
    ContentFileKind("strings", "strings.yaml", _build_strings_schema),
)


def build_schema_comment(file_kind: ContentFileKind) -> str:
    """The line that tells an editor which schema a file follows."""
    up = "../" * file_kind.glob.count("/")
    return f"# yaml-language-server: $schema={up}{SCHEMA_FOLDER_NAME}/{file_kind.name}.json"


def find_missing_schema_comments(folder: Path) -> Iterator[ContentProblem]:
    """Every content file whose first line does not name its schema."""
    for shape in CONTENT_FILE_KINDS:
        for file in sorted(folder.glob(shape.glob)):
            if file.name.startswith((".", "#")) or not file.is_file():
                continue
            with file.open("rb") as content:
                begins = content.readline(200).decode("utf-8-sig", "replace").rstrip()
            if begins != build_schema_comment(shape):
                yield ContentProblem(file, 1, 1, "", f"the first line is: {build_schema_comment(shape)}")


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema under the content folder; give those that changed."""
    changed = []
    (folder / SCHEMA_FOLDER_NAME).mkdir(exist_ok=True)
    for shape in CONTENT_FILE_KINDS:
        file, text = folder / SCHEMA_FOLDER_NAME / f"{shape.name}.json", shape.render()
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed.append(file)
    return changed
