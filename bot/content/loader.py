"""Reads the content folder into a `Library`, or says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.content import strict_yaml
from bot.content.answer_codes import LOCK_FILE_NAME, AnswerCodes, parse_answer_codes
from bot.content.content import Content
from bot.content.models import Card, Comparison, Id, Source, Tag, Vocabulary
from bot.content.quiz_models import Quiz
from bot.content.references import KnownIds, ParsedContent, find_reference_problems
from bot.content.strict_yaml import YamlDocument, format_value
from bot.content.strings import Strings
from bot.content.strings_loader import parse_strings
from bot.content.tip_models import TipFile
from bot.content.utterances import load_utterances
from bot.errors import ContentError, ContentProblem

ModelT = TypeVar("ModelT", bound=BaseModel)
_ID_ADAPTER: TypeAdapter[str] = TypeAdapter(Id)
_ERROR_MESSAGES: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not a key that this kind of file has; check its spelling",
    "value_error": lambda error: str(error["ctx"]["error"]),
    "string_type": lambda error: f"is text, not {format_value(error['input'])}; put it in quotes",
    "string_too_long": lambda e: f"at most {e['ctx']['max_length']} characters fit, found {len(e['input'])}",
    "string_too_short": lambda _: "is empty",
    "too_long": lambda e: (
        f"at most {e['ctx']['max_length']}{_format_unit(e['input'])} fit, found {e['ctx']['actual_length']}"
    ),
    "too_short": lambda e: (
        "is empty"
        if e["input"] == ""
        else f"needs at least {e['ctx']['min_length']}, found {e['ctx']['actual_length']}"
    ),
    "tuple_type": lambda _: "is a list",
    "dict_type": lambda _: "is a block of keys",
    "model_type": lambda _: "is a block of keys",
    "bool_type": lambda error: f"is true or false, not {format_value(error['input'])}",
    "int_type": lambda error: f"is a whole number, not {format_value(error['input'])}",
    "greater_than_equal": lambda error: f"is at least {error['ctx']['ge']}, not {error['input']}",
    "less_than_equal": lambda error: f"is at most {error['ctx']['le']}, not {error['input']}",
    "enum": lambda error: f"is {error['ctx']['expected']}, not {format_value(error['input'])}",
    "literal_error": lambda error: f"is {error['ctx']['expected']}, not {format_value(error['input'])}",
    "string_pattern_mismatch": lambda error: (
        f"is an id of small letters, digits and single hyphens, not {format_value(error['input'])}"
    ),
}


def _format_unit(value: Any) -> str:
    return " characters" if isinstance(value, str) else ""


def _default_message(error: dict[str, Any]) -> str:
    return str(error["msg"])


class ContentReader:
    """One reading of one folder; collects what it finds and what is wrong."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digest = blake2b(digest_size=6)
        self.problems: list[ContentProblem] = []
        self.documents: dict[Path, YamlDocument] = {}

    def read(self) -> Content:
        """The folder as a `Library`.

        Raises:
            ContentError: with every problem found.
        """
        if not self._folder.is_dir():
            raise ContentError([ContentProblem(self._folder, 1, 1, "", "there is no such content folder")])
        read = ParsedContent(
            cards=self._read_folder("cards", Card),
            comparisons=self._read_folder("comparisons", Comparison),
            quizzes=self._read_folder("assessments", Quiz),
            answer_codes=self._read_answer_codes(),
            tips=self._read_folder("tips", TipFile),
            sources=self._read_by_id("sources.yaml", Source),
            tags=self._read_by_id("tags.yaml", Tag),
            ids=self._collect_ids(),
        )
        vocabulary = self._read_single("words.yaml", Vocabulary) or Vocabulary()
        texts = self._read_strings()
        asks = load_utterances(self._iter_files("asks", ".txt"), self._read_bytes, self.problems)
        self.problems.extend(find_reference_problems(read, asks))
        if self.problems:
            raise ContentError(self.problems)
        return Content(
            cards={name: card for name, (card, _) in read.cards.items()},
            comparisons={name: comparison for name, (comparison, _) in read.comparisons.items()},
            quizzes={name: assessment for name, (assessment, _) in read.quizzes.items()},
            answer_codes=read.answer_codes,
            tips={tip.id: tip for tips, _ in read.tips.values() for tip in tips.root},
            sources={name: source for name, (source, _) in read.sources.items()},
            tags={name: tag for name, (tag, _) in read.tags.items()},
            utterances=asks.by_card,
            no_match_utterances=asks.by_no_match_category,
            vocabulary=vocabulary,
            strings=texts,
            version=self._digest.hexdigest(),
        )

    def _read_answer_codes(self) -> AnswerCodes:
        """What the slots and letters of assessments ever stood for; nothing where `check` never ran."""
        file = self._folder / LOCK_FILE_NAME
        content = self._read_bytes(file) if file.exists() else None
        return {} if content is None else parse_answer_codes(file, content, self.problems)

    def _collect_ids(self) -> KnownIds:
        """Every id that there is, whether or not what it names did read."""
        listed = {
            name: frozenset(document.data)
            for name in ("sources.yaml", "tags.yaml")
            if isinstance((document := self.documents[self._folder / name]).data, dict)
        }
        return KnownIds(
            cards=frozenset(file.stem for file in self.documents if file.parent.name == "cards"),
            comparisons=frozenset(file.stem for file in self.documents if file.parent.name == "comparisons"),
            sources=listed.get("sources.yaml"),
            tags=listed.get("tags.yaml"),
        )

    def _read_folder(self, folder_name: str, model: type[ModelT]) -> dict[str, tuple[ModelT, YamlDocument]]:
        """Every file of a folder, by the id that its name is."""
        found: dict[str, tuple[ModelT, YamlDocument]] = {}
        for file in self._iter_files(folder_name, ".yaml"):
            document = self._read_document(file)
            try:
                _ID_ADAPTER.validate_python(file.stem)
            except ValidationError:
                message = "the file's name is its id: small letters, digits and single hyphens"
                self.problems.append(document.build_problem((), message))
                continue
            if (value := self._validate(document, document.data, (), model)) is not None:
                found[file.stem] = (value, document)
        return found

    def _read_by_id(self, file_name: str, model: type[ModelT]) -> dict[str, tuple[ModelT, YamlDocument]]:
        """One file whose top keys are ids."""
        document = self._read_document(self._folder / file_name)
        found: dict[str, tuple[ModelT, YamlDocument]] = {}
        if document.data is None:
            return found
        if not isinstance(document.data, dict):
            self.problems.append(document.build_problem((), "is a block of ids"))
            return found
        for key, part in document.data.items():
            if (value := self._validate(document, part, (key,), model)) is not None:
                found[key] = (value, document)
        return found

    def _read_single(self, file_name: str, model: type[ModelT]) -> ModelT | None:
        document = self._read_document(self._folder / file_name)
        return self._validate(document, document.data, (), model)

    def _read_strings(self) -> Strings:
        document = self._read_document(self._folder / "texts.yaml")
        texts, problems = parse_strings(document)
        self.problems.extend(problems)
        return texts

    def _validate(
        self, document: YamlDocument, data: Any, parent_path: tuple[str, ...], model: type[ModelT]
    ) -> ModelT | None:
        if data is None:
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for found in _filter_errors(error):
                say = _ERROR_MESSAGES.get(found["type"], _default_message)
                where, message = _build_key_path(found["loc"]), say(dict(found))
                self.problems.append(document.build_problem((*parent_path, *where), message))
            return None

    def _read_document(self, file: Path) -> YamlDocument:
        content = self._read_bytes(file)
        document = YamlDocument(file) if content is None else strict_yaml.parse_yaml(file, content)
        self.problems.extend(document.problems)
        self.documents[file] = document
        return document

    def _read_bytes(self, file: Path) -> bytes | None:
        """The file's bytes, counted into the version under its name; None, and a problem, without them."""
        try:
            content = file.read_bytes()
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            message = "is missing" if missing else f"cannot be read: {error.strerror}"
            self.problems.append(ContentProblem(file, 1, 1, "", message))
            return None
        self._digest.update(f"{file.relative_to(self._folder)}:{len(content)}\n".encode())
        self._digest.update(content)
        return content

    def _iter_files(self, folder_name: str, suffix: str) -> Iterator[Path]:
        folder = self._folder / folder_name
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if file.name.startswith((".", "#")) or file.name.endswith("~"):
                continue  # what an editor leaves beside the file it is writing
            if file.suffix != suffix:
                message = f"only *{suffix} files belong into {folder_name}/"
                self.problems.append(ContentProblem(file, 1, 1, "", message))
                continue
            yield file


def _filter_errors(error: ValidationError) -> list[Any]:
    """What pydantic found, without the lists that are too short only because their parts did not read."""
    found: list[Any] = list(error.errors(include_url=False))
    return [
        one
        for one in found
        if one["type"] != "too_short"
        or not any(other["loc"][: len(one["loc"])] == one["loc"] and other is not one for other in found)
    ]


def _build_key_path(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Pydantic's path without the parts that are not the author's."""
    return tuple(part for part in location if part != "[key]")


def load_content(folder: Path) -> Content:
    """Read the content folder.

    Raises:
        ContentError: with every problem, each with file, line and column.
    """
    return ContentReader(folder).read()
