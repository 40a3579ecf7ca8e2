"""Sentences to vectors: the small language model that ships with the program and runs here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bot.domain.search.search_targets import Vectors
from bot.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding


SHIPPED_MODEL_DIR = Path(__file__).parent / "model"
_MAX_TOKENS = 128  # word pieces that are read: about 90 words, where answers begin to differ no more
_BATCH_SIZE = 64  # texts a run; more only costs memory


class Encoder(Protocol):
    """Turns texts into vectors of length 1; texts that mean the same lie near each other."""

    @property
    def fingerprint(self) -> str:
        """Names this very model, so that vectors of another one are never mixed in."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""


class ShippedEncoder:
    """The model in a folder: `model.json` names its files, their hashes and its licence.

    Args:
        folder: where the files lie.

    Raises:
        ModelError: when a file is missing or is not the one that was measured.
    """

    def __init__(self, folder: Path = SHIPPED_MODEL_DIR) -> None:
        # Half a second of imports that a bot without the model, or a command without a question, never pays.
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        files = load_verified_files(folder)
        options = SessionOptions()
        options.intra_op_num_threads = (
            1  # a question takes milliseconds; more threads only wait for each other
        )
        options.log_severity_level = 3
        self._session: InferenceSession = InferenceSession(
            files["encoder.onnx"], options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_str(files["tokenizer.json"].decode("utf-8"))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        self.fingerprint = sha256(files["encoder.onnx"] + files["tokenizer.json"]).hexdigest()[:16]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        read: list[Encoding] = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(texts), 384), np.float32)
        # Texts of like length together: padding is work for nothing.
        order = sorted(range(len(read)), key=lambda at: len(read[at].ids))
        for start in range(0, len(order), _BATCH_SIZE):
            rows = order[start : start + _BATCH_SIZE]
            vectors[rows] = self._encode_batch([read[row].ids for row in rows])
        return vectors

    def _encode_batch(self, token_ids: list[list[int]]) -> Vectors:
        longest = max(map(len, token_ids))
        ids = np.zeros((len(token_ids), longest), np.int64)
        mask = np.zeros((len(token_ids), longest), np.int64)
        for row, own in enumerate(token_ids):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, np.float32)


def load_verified_files(folder: Path) -> Mapping[str, bytes]:
    """The model's files, each with the hash that `model.json` gives.

    Raises:
        ModelError: when a file is missing or differs.
    """
    try:
        wanted: dict[str, str] = json.loads((folder / "model.json").read_text(encoding="utf-8"))["sha256"]
        files = {name: (folder / name).read_bytes() for name in wanted}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"the search model does not read: {error}") from error
    for name, content in files.items():
        if sha256(content).hexdigest() != wanted[name]:
            raise ModelError(f"{folder / name} is not the file that model.json names; install again")
    return files
