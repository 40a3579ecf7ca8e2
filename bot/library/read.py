"""Reads the content folder into a `Library`, or says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.errors import ContentError, ContentProblem
from bot.library import nodes
from bot.library.asks import read_asks
from bot.library.assessment import Assessment
from bot.library.letters import LOCK, Letters, read_letters
from bot.library.library import Library
from bot.library.models import Card, Comparison, Id, Source, Tag, Vocabulary
from bot.library.nodes import Document, as_written
from bot.library.references import Ids, Read, dangling
from bot.library.texts import Texts
from bot.library.tip import Tips
from bot.library.wording import read_texts

Model = TypeVar("Model", bound=BaseModel)
_ID: TypeAdapter[str] = TypeAdapter(Id)
_PLAIN_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not a key that this kind of file has; check its spelling",
    "value_error": lambda error: str(error["ctx"]["error"]),
    "string_type": lambda error: f"is text, not {as_written(error['input'])}; put it in quotes",
    "string_too_long": lambda e: f"at most {e['ctx']['max_length']} characters fit, found {len(e['input'])}",
    "string_too_short": lambda _: "is empty",
    "too_long": lambda e: (
        f"at most {e['ctx']['max_length']}{_characters(e['input'])} fit, found {e['ctx']['actual_length']}"
    ),
    "too_short": lambda e: (
        "is empty"
        if e["input"] == ""
        else f"needs at least {e['ctx']['min_length']}, found {e['ctx']['actual_length']}"
    ),
    "tuple_type": lambda _: "is a list",
    "dict_type": lambda _: "is a block of keys",
    "model_type": lambda _: "is a block of keys",
    "bool_type": lambda error: f"is true or false, not {as_written(error['input'])}",
    "int_type": lambda error: f"is a whole number, not {as_written(error['input'])}",
    "greater_than_equal": lambda error: f"is at least {error['ctx']['ge']}, not {error['input']}",
    "less_than_equal": lambda error: f"is at most {error['ctx']['le']}, not {error['input']}",
    "enum": lambda error: f"is {error['ctx']['expected']}, not {as_written(error['input'])}",
    "literal_error": lambda error: f"is {error['ctx']['expected']}, not {as_written(error['input'])}",
    "string_pattern_mismatch": lambda error: (
        f"is an id of small letters, digits and single hyphens, not {as_written(error['input'])}"
    ),
}


def _characters(value: Any) -> str:
    return " characters" if isinstance(value, str) else ""


def _as_pydantic_says(error: dict[str, Any]) -> str:
    return str(error["msg"])


class Reader:
    """One reading of one folder; collects what it finds and what is wrong."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digest = blake2b(digest_size=6)
        self.problems: list[ContentProblem] = []
        self.documents: dict[Path, Document] = {}

    def library(self) -> Library:
        """The folder as a `Library`.

        Raises:
            ContentError: with every problem found.
        """
        if not self._folder.is_dir():
            raise ContentError([ContentProblem(self._folder, 1, 1, "", "there is no such content folder")])
        read = Read(
            cards=self._folder_of("cards", Card),
            comparisons=self._folder_of("comparisons", Comparison),
            assessments=self._folder_of("assessments", Assessment),
            letters=self._letters(),
            tips=self._folder_of("tips", Tips),
            sources=self._named("sources.yaml", Source),
            tags=self._named("tags.yaml", Tag),
            ids=self._ids(),
        )
        vocabulary = self._single("words.yaml", Vocabulary) or Vocabulary()
        texts = self._texts()
        asks = read_asks(self._files("asks", ".txt"), self._bytes, self.problems)
        self.problems.extend(dangling(read, asks))
        if self.problems:
            raise ContentError(self.problems)
        return Library(
            cards={name: card for name, (card, _) in read.cards.items()},
            comparisons={name: comparison for name, (comparison, _) in read.comparisons.items()},
            assessments={name: assessment for name, (assessment, _) in read.assessments.items()},
            letters=read.letters,
            tips={tip.id: tip for tips, _ in read.tips.values() for tip in tips.root},
            sources={name: source for name, (source, _) in read.sources.items()},
            tags={name: tag for name, (tag, _) in read.tags.items()},
            asks=asks.cards,
            outside=asks.outside,
            vocabulary=vocabulary,
            texts=texts,
            version=self._digest.hexdigest(),
        )

    def _letters(self) -> Letters:
        """What the slots and letters of assessments ever stood for; nothing where `check` never ran."""
        file = self._folder / LOCK
        content = self._bytes(file) if file.exists() else None
        return {} if content is None else read_letters(file, content, self.problems)

    def _ids(self) -> Ids:
        """Every id that there is, whether or not what it names did read."""
        listed = {
            name: frozenset(document.data)
            for name in ("sources.yaml", "tags.yaml")
            if isinstance((document := self.documents[self._folder / name]).data, dict)
        }
        return Ids(
            cards=frozenset(file.stem for file in self.documents if file.parent.name == "cards"),
            comparisons=frozenset(file.stem for file in self.documents if file.parent.name == "comparisons"),
            sources=listed.get("sources.yaml"),
            tags=listed.get("tags.yaml"),
        )

    def _folder_of(self, name: str, model: type[Model]) -> dict[str, tuple[Model, Document]]:
        """Every file of a folder, by the id that its name is."""
        found: dict[str, tuple[Model, Document]] = {}
        for file in self._files(name, ".yaml"):
            document = self._document(file)
            try:
                _ID.validate_python(file.stem)
            except ValidationError:
                message = "the file's name is its id: small letters, digits and single hyphens"
                self.problems.append(document.problem((), message))
                continue
            if (value := self._validated(document, document.data, (), model)) is not None:
                found[file.stem] = (value, document)
        return found

    def _named(self, name: str, model: type[Model]) -> dict[str, tuple[Model, Document]]:
        """One file whose top keys are ids."""
        document = self._document(self._folder / name)
        found: dict[str, tuple[Model, Document]] = {}
        if document.data is None:
            return found
        if not isinstance(document.data, dict):
            self.problems.append(document.problem((), "is a block of ids"))
            return found
        for key, part in document.data.items():
            if (value := self._validated(document, part, (key,), model)) is not None:
                found[key] = (value, document)
        return found

    def _single(self, name: str, model: type[Model]) -> Model | None:
        document = self._document(self._folder / name)
        return self._validated(document, document.data, (), model)

    def _texts(self) -> Texts:
        document = self._document(self._folder / "texts.yaml")
        texts, problems = read_texts(document)
        self.problems.extend(problems)
        return texts

    def _validated(
        self, document: Document, data: Any, above: tuple[str, ...], model: type[Model]
    ) -> Model | None:
        if data is None:
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for found in _own_faults(error):
                say = _PLAIN_WORDS.get(found["type"], _as_pydantic_says)
                where, message = _where(found["loc"]), say(dict(found))
                self.problems.append(document.problem((*above, *where), message))
            return None

    def _document(self, file: Path) -> Document:
        content = self._bytes(file)
        document = Document(file) if content is None else nodes.read(file, content)
        self.problems.extend(document.problems)
        self.documents[file] = document
        return document

    def _bytes(self, file: Path) -> bytes | None:
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

    def _files(self, name: str, ending: str) -> Iterator[Path]:
        folder = self._folder / name
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if file.name.startswith((".", "#")) or file.name.endswith("~"):
                continue  # what an editor leaves beside the file it is writing
            if file.suffix != ending:
                message = f"only *{ending} files belong into {name}/"
                self.problems.append(ContentProblem(file, 1, 1, "", message))
                continue
            yield file


def _own_faults(error: ValidationError) -> list[Any]:
    """What pydantic found, without the lists that are too short only because their parts did not read."""
    found: list[Any] = list(error.errors(include_url=False))
    return [
        one
        for one in found
        if one["type"] != "too_short"
        or not any(other["loc"][: len(one["loc"])] == one["loc"] and other is not one for other in found)
    ]


def _where(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Pydantic's path without the parts that are not the author's."""
    return tuple(part for part in loc if part != "[key]")


def read(folder: Path) -> Library:
    """Read the content folder.

    Raises:
        ContentError: with every problem, each with file, line and column.
    """
    return Reader(folder).library()
