"""Turn sentences into vectors with the sentence model that ships with the program and runs locally."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bot.domain.search.search_targets import Vectors
from bot.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding


MODELS_DIR = Path(__file__).parent / "models"
ENCODER_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
TRAINED_LINES_FILE = "trained_lines.bin"
MODEL_INFO_FILE = "model.json"
_MAX_TOKENS = 96  # about 70 words, as many as in training
_BATCH_TOKENS = 2_048  # padded tokens a run; more costs memory and no time


class ModelSize(StrEnum):
    """A sentence model that ships."""

    LARGE = "large"
    SMALL = "small"

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return MODELS_DIR / self.value

    @property
    def is_installed(self) -> bool:
        """Whether its files are there; a lean installation may leave the large one out."""
        return (self.folder / MODEL_INFO_FILE).is_file()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What `model.json` says.

    Attributes:
        size: which weights of `ranker.json` belong to it.
        width: numbers in a vector.
        pad_token: the token id that fills up shorter texts of a batch.
        files: each file's SHA-256 by its name.
    """

    size: ModelSize
    width: int
    pad_token: int
    files: Mapping[str, str]


class Encoder(Protocol):
    """Turns texts into vectors of length 1; texts that mean the same are near each other."""

    @property
    def fingerprint(self) -> str:
        """Names this very model, so that vectors of another one are never mixed in."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text."""


class ShippedEncoder:
    """The model in a folder: `model.json` names its files, their hashes and its licence.

    Args:
        folder: where the files are.

    Raises:
        ModelError: when a file is missing or is not the one that was measured.
    """

    def __init__(self, folder: Path = ModelSize.SMALL.folder) -> None:
        # These imports take half a second, which a bot without the model never pays.
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        self.info = load_model_info(folder)
        files = load_verified_files(folder, self.info)
        options = SessionOptions()
        # One thread: a question takes milliseconds, and the same model gives the same numbers everywhere.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
        self.fingerprint = sha256(files[ENCODER_FILE] + files[TOKENIZER_FILE]).hexdigest()[:16]
        self._tokenizer = Tokenizer.from_str(files[TOKENIZER_FILE].decode("utf-8"))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        self._session: InferenceSession = InferenceSession(
            files[ENCODER_FILE], options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text."""
        encodings: list[Encoding] = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(texts), self.info.width), np.float32)
        # Texts of similar length go together: padding is wasted work.
        order = sorted(range(len(encodings)), key=lambda row: len(encodings[row].ids))
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * len(encodings[order[end]].ids) <= _BATCH_TOKENS:
                end += 1
            rows = order[start:end]
            vectors[rows] = self._encode_batch([encodings[row].ids for row in rows])
            start = end
        return vectors

    def _encode_batch(self, token_ids: list[list[int]]) -> Vectors:
        longest = max(map(len, token_ids))
        ids = np.full((len(token_ids), longest), self.info.pad_token, np.int64)
        mask = np.zeros((len(token_ids), longest), np.int64)
        for row, own in enumerate(token_ids):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, np.float32)


def load_model_info(folder: Path) -> ModelInfo:
    """Read `model.json`.

    Raises:
        ModelError: when it is missing or not valid.
    """
    try:
        data = json.loads((folder / MODEL_INFO_FILE).read_text(encoding="utf-8"))
        return ModelInfo(
            ModelSize(data["size"]), int(data["width"]), int(data["pad_token"]), dict(data["sha256"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"cannot read the search model: {error}") from error


def load_verified_files(folder: Path, info: ModelInfo) -> Mapping[str, bytes]:
    """Read the model's files and check each against its hash in `model.json`.

    Raises:
        ModelError: when a file is missing or differs.
    """
    try:
        files = {name: (folder / name).read_bytes() for name in info.files}
    except OSError as error:
        raise ModelError(f"cannot read the search model: {error}") from error
    for name, content in files.items():
        if sha256(content).hexdigest() != info.files[name]:
            raise ModelError(f"{folder / name} is not the file that {MODEL_INFO_FILE} names; install again")
    return files


def hash_line(text: str) -> int:
    """Return a 64-bit name of a line's text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def encode_trained_lines(lines: Iterable[str]) -> bytes:
    """Return the record of the lines that a model was trained on: their sorted hashes, eight bytes each."""
    return np.array(sorted({hash_line(line) for line in lines}), ">u8").tobytes()


def find_untrained_lines(lines: Iterable[str], folder: Path) -> list[str]:
    """Return the lines that the model in a folder was not trained on; all when it has no record."""
    file = folder / TRAINED_LINES_FILE
    known = set(np.frombuffer(file.read_bytes(), ">u8").tolist()) if file.is_file() else set()
    return [line for line in dict.fromkeys(lines) if hash_line(line) not in known]
