"""Editors are told the same rules that reading the content applies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.content import strict_yaml
from bot.content.json_schema import (
    CONTENT_FILE_KINDS,
    SCHEMA_FOLDER_NAME,
    ContentFileKind,
    build_schema_comment,
    find_missing_schema_comments,
    write_schemas,
)
from bot.errors import ContentProblem
from tests.content import sample_content

EACH_SCHEMA = pytest.mark.parametrize("shape", CONTENT_FILE_KINDS, ids=lambda shape: shape.name)


@EACH_SCHEMA
def test_the_schemas_in_the_content_are_current(shape: ContentFileKind) -> None:
    file = sample_content.SHIPPED_CONTENT / SCHEMA_FOLDER_NAME / f"{shape.name}.json"
    assert file.is_file(), "run: make schema"
    assert file.read_text(encoding="utf-8") == shape.render(), f"{file} is old; run: make schema"


def test_no_schema_is_left_of_a_kind_that_is_gone() -> None:
    assert {file.stem for file in (sample_content.SHIPPED_CONTENT / SCHEMA_FOLDER_NAME).iterdir()} == {
        shape.name for shape in CONTENT_FILE_KINDS
    }


@EACH_SCHEMA
def test_every_file_of_the_content_follows_its_schema(shape: ContentFileKind) -> None:
    schema = shape.build()
    jsonschema.Draft202012Validator.check_schema(schema)
    files = sorted(sample_content.SHIPPED_CONTENT.glob(shape.glob))
    assert files, f"no file is a {shape.name}"
    for file in files:
        jsonschema.validate(strict_yaml.parse_yaml(file, file.read_bytes()).data, schema)


def test_every_yaml_file_of_the_content_is_of_some_kind() -> None:
    known = {file for shape in CONTENT_FILE_KINDS for file in sample_content.SHIPPED_CONTENT.glob(shape.glob)}
    assert set(sample_content.SHIPPED_CONTENT.rglob("*.yaml")) == known


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("card", {"answr": "x"}),
        ("card", {"kind": "choice"}),
        ("card", {"tags": []}),
        ("card", {"short": "Is it worth all of that very long climb?"}),
        ("card", {"title": ["a", "list"]}),
    ],
)
def test_what_reading_refuses_an_editor_marks(name: str, change: dict[str, Any]) -> None:
    shape = next(shape for shape in CONTENT_FILE_KINDS if shape.name == name)
    content = strict_yaml.parse_yaml(Path("tower.yaml"), sample_content.CARD.encode()).data
    jsonschema.validate(content, shape.build())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | change, shape.build())


def test_a_sentence_that_the_bot_does_not_say_is_marked() -> None:
    strings_schema = next(shape for shape in CONTENT_FILE_KINDS if shape.name == "strings").build()
    content = strict_yaml.parse_yaml(
        Path("strings.yaml"), (sample_content.SHIPPED_CONTENT / "strings.yaml").read_bytes()
    ).data
    for wrong in ({**content, "help.headng": "x"}, {key: content[key] for key in list(content)[1:]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, strings_schema)


@EACH_SCHEMA
def test_a_first_line_leads_to_the_schema(folder: Path, shape: ContentFileKind) -> None:
    write_schemas(folder)
    for file in folder.glob(shape.glob):
        reference = build_schema_comment(shape).partition("$schema=")[2]
        assert (file.parent / reference).resolve() == (
            folder / SCHEMA_FOLDER_NAME / f"{shape.name}.json"
        ).resolve()


def test_a_missing_or_wrong_first_line_is_a_problem(folder: Path) -> None:
    assert not list(find_missing_schema_comments(folder))
    sample_content.replace_text(folder, "cards/tower.yaml", "../schema/card.json", "../schema/tag.json")
    sample_content.replace_text(folder, "tags.yaml", "# yaml-language-server: $schema=schema/tags.json\n", "")
    assert list(find_missing_schema_comments(folder)) == [
        ContentProblem(folder / "cards/tower.yaml", 1, 1, "",
                "the first line is: # yaml-language-server: $schema=../schema/card.json"),
        ContentProblem(folder / "tags.yaml", 1, 1, "",
                "the first line is: # yaml-language-server: $schema=schema/tags.json"),
    ]  # fmt: skip


def test_only_what_changed_is_written(folder: Path) -> None:
    assert len(write_schemas(folder)) == len(CONTENT_FILE_KINDS)
    assert write_schemas(folder) == []
    (folder / SCHEMA_FOLDER_NAME / "card.json").write_text("{}", encoding="utf-8")
    assert write_schemas(folder) == [folder / SCHEMA_FOLDER_NAME / "card.json"]
