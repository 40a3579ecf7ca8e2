"""Load the content folder into a `Content`, or report everything that is wrong with it at once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.content import strict_yaml
from bot.content.answer_codes import LOCK_FILE_NAME, AnswerCodes, parse_answer_codes
from bot.content.content import Content
from bot.content.models import Card, Comparison, Id, Source, Tag, Vocabulary
from bot.content.old_names import OLD_FILE_NAMES, OLD_KEYS
from bot.content.quiz_models import Quiz
from bot.content.references import KnownIds, ParsedContent, find_reference_problems
from bot.content.strict_yaml import YamlDocument
from bot.content.strings import Strings
from bot.content.strings_loader import parse_strings
from bot.content.tip_models import TipFile
from bot.content.utterances import load_utterances
from bot.content.validation_messages import iter_messages
from bot.errors import ContentError, ContentProblem

ModelT = TypeVar("ModelT", bound=BaseModel)
_ID_ADAPTER: TypeAdapter[str] = TypeAdapter(Id)
_logger = logging.getLogger(__name__)


class ContentReader:
    """One reading of one folder.

    Attributes:
        problems: everything that keeps the content from being used.
        warnings: old names that are still read.
        documents: each parsed file, by its path under today's names.
        utterance_files: every file of utterances.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digest = blake2b(digest_size=6)
        self.problems: list[ContentProblem] = []
        self.warnings: list[ContentProblem] = []
        self.documents: dict[Path, YamlDocument] = {}
        self.utterance_files: tuple[Path, ...] = ()

    def read(self) -> Content:
        """Return the folder as a `Content`.

        Raises:
            ContentError: with every problem found.
        """
        if not self._folder.is_dir():
            raise ContentError([ContentProblem(self._folder, 1, 1, "", "there is no such content folder")])
        parsed = ParsedContent(
            cards=self._read_folder("cards", Card),
            comparisons=self._read_folder("comparisons", Comparison),
            quizzes=self._read_folder("quizzes", Quiz),
            answer_codes=self._read_answer_codes(),
            tips=self._read_folder("tips", TipFile),
            sources=self._read_by_id("sources.yaml", Source),
            tags=self._read_by_id("tags.yaml", Tag),
            ids=self._collect_ids(),
        )
        vocabulary = self._read_single("words.yaml", Vocabulary) or Vocabulary()
        strings = self._read_strings()
        self.utterance_files = tuple(self._iter_files("utterances", ".txt"))
        utterances = load_utterances(self.utterance_files, self._read_bytes, self.problems)
        self.problems.extend(find_reference_problems(parsed, utterances))
        if self.problems:
            raise ContentError(self.problems)
        return Content(
            cards={name: card for name, (card, _) in parsed.cards.items()},
            comparisons={name: comparison for name, (comparison, _) in parsed.comparisons.items()},
            quizzes={name: quiz for name, (quiz, _) in parsed.quizzes.items()},
            answer_codes=parsed.answer_codes,
            tips={tip.id: tip for tips, _ in parsed.tips.values() for tip in tips.root},
            sources={name: source for name, (source, _) in parsed.sources.items()},
            tags={name: tag for name, (tag, _) in parsed.tags.items()},
            utterances=utterances.by_card,
            no_match_utterances=utterances.by_no_match_category,
            vocabulary=vocabulary,
            strings=strings,
            version=self._digest.hexdigest(),
        )

    def _read_answer_codes(self) -> AnswerCodes:
        """Read every code that a quiz ever used; nothing where `check` never ran."""
        file = self._find_file(LOCK_FILE_NAME)
        data = self._read_bytes(file) if file.exists() else None
        return {} if data is None else parse_answer_codes(file, data, self.problems)

    def _collect_ids(self) -> KnownIds:
        """Return every id, whether or not its own text is valid: one fault is one problem."""
        listed = {
            name: frozenset(document.data)
            for name in ("sources.yaml", "tags.yaml")
            if isinstance((document := self.documents[self._folder / name]).data, dict)
        }
        return KnownIds(
            cards=frozenset(file.stem for file in self.documents if file.parent.name == "cards"),
            comparisons=frozenset(file.stem for file in self.documents if file.parent.name == "comparisons"),
            quizzes=frozenset(file.stem for file in self.documents if file.parent.name == "quizzes"),
            sources=listed.get("sources.yaml"),
            tags=listed.get("tags.yaml"),
        )

    def _read_folder(self, folder_name: str, model: type[ModelT]) -> dict[str, tuple[ModelT, YamlDocument]]:
        """Read every file of a folder, by id: the file's name."""
        by_id: dict[str, tuple[ModelT, YamlDocument]] = {}
        for file in self._iter_files(folder_name, ".yaml"):
            document = self._read_document(f"{folder_name}/{file.name}", file)
            try:
                _ID_ADAPTER.validate_python(file.stem)
            except ValidationError:
                message = "the file's name is its id: small letters, digits and single hyphens"
                self.problems.append(document.build_problem((), message))
                continue
            if (value := self._validate(document, document.data, (), model)) is not None:
                by_id[file.stem] = (value, document)
        return by_id

    def _read_by_id(self, file_name: str, model: type[ModelT]) -> dict[str, tuple[ModelT, YamlDocument]]:
        """Read one file whose top keys are ids."""
        document = self._read_document(file_name)
        by_id: dict[str, tuple[ModelT, YamlDocument]] = {}
        if document.data is None:
            return by_id
        if not isinstance(document.data, dict):
            self.problems.append(document.build_problem((), "must be a block of ids"))
            return by_id
        for key, part in document.data.items():
            if (value := self._validate(document, part, (key,), model)) is not None:
                by_id[key] = (value, document)
        return by_id

    def _read_single(self, file_name: str, model: type[ModelT]) -> ModelT | None:
        document = self._read_document(file_name)
        return self._validate(document, document.data, (), model)

    def _read_strings(self) -> Strings:
        document = self._read_document("strings.yaml")
        strings, problems = parse_strings(document)
        self.problems.extend(problems)
        return strings

    def _validate(
        self, document: YamlDocument, data: Any, parent_path: tuple[str, ...], model: type[ModelT]
    ) -> ModelT | None:
        if data is None:
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for place, shown_path, message in iter_messages(error, data):
                problem = document.build_problem((*parent_path, *place), message)
                key_path = ".".join(map(str, (*parent_path, *shown_path)))
                self.problems.append(replace(problem, key_path=key_path))
            return None

    def _read_document(self, name: str, file: Path | None = None) -> YamlDocument:
        """Parse one file.

        Args:
            name: its path under the content folder, by today's names.
            file: where it is; found by its name when left out.
        """
        file = file or self._find_file(name)
        data = self._read_bytes(file)
        old_keys = OLD_KEYS.get(name.partition("/")[0], MappingProxyType({}))
        document = YamlDocument(file) if data is None else strict_yaml.parse_yaml(file, data, old_keys)
        self.problems.extend(document.problems)
        self.warnings.extend(document.warnings)
        self.documents[self._folder / name] = document
        return document

    def _find_file(self, name: str) -> Path:
        """Return the file of this name; the one of its old name where only that exists."""
        file, old_name = self._folder / name, OLD_FILE_NAMES.get(name)
        if old_name is None or file.exists() or not (self._folder / old_name).exists():
            return file
        self._warn_of_old_name(old_name, name)
        return self._folder / old_name

    def _warn_of_old_name(self, old_name: str, name: str) -> None:
        message = f"old name {old_name!r}: rename it to {name!r}"
        self.warnings.append(ContentProblem(self._folder / old_name, 1, 1, "", message))

    def _read_bytes(self, file: Path) -> bytes | None:
        """Return a file's bytes and add them to the version; None, and a problem, when it cannot be read."""
        try:
            data = file.read_bytes()
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            message = "is missing" if missing else f"cannot be read: {error.strerror}"
            self.problems.append(ContentProblem(file, 1, 1, "", message))
            return None
        self._digest.update(f"{file.relative_to(self._folder)}:{len(data)}\n".encode())
        self._digest.update(data)
        return data

    def _iter_files(self, folder_name: str, suffix: str) -> Iterator[Path]:
        """Yield the files of a folder, those of its old name included."""
        names = [folder_name]
        if (old_name := OLD_FILE_NAMES.get(folder_name)) and (self._folder / old_name).is_dir():
            self._warn_of_old_name(old_name, folder_name)
            names.append(old_name)
        folders = [self._folder / name for name in names if (self._folder / name).is_dir()]
        for file in sorted(file for folder in folders for file in folder.iterdir()):
            if file.name.startswith((".", "#")) or file.name.endswith("~"):
                continue  # an editor's own files
            if file.suffix != suffix:
                message = f"only *{suffix} files belong in {folder_name}/"
                self.problems.append(ContentProblem(file, 1, 1, "", message))
                continue
            yield file


def load_content(folder: Path) -> Content:
    """Load the content folder, and log a warning for every old name in it.

    Raises:
        ContentError: with every problem, each with file, line and column.
    """
    reader = ContentReader(folder)
    content = reader.read()
    for warning in reader.warnings:
        _logger.warning("content uses an old name: %s", warning)
    return content
