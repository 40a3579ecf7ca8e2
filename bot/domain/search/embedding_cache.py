"""Vectors computed beforehand: a library's lines, so that a start does not encode five thousand of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.domain.search.encoder import Encoder
from bot.domain.search.search_targets import Vectors

EMBEDDINGS_FILE_NAME = "lines.npz"


class EmbeddingCache:
    """The vectors of lines by their text; one byte a number, a scale a row.

    Whatever the file does not know is encoded when it is asked for, so an added line is found at once.

    Args:
        encoder: makes the missing ones; vectors that another model made are not used.
        file: what `save` wrote; a missing file only costs time.
    """

    def __init__(self, encoder: Encoder, file: Path) -> None:
        self.encoder = encoder
        self._row_by_hash: dict[int, int] = {}
        self._quantized = np.zeros((0, 0), np.int8)
        self._scales = np.zeros(0, np.float32)
        if not file.is_file():
            return
        with np.load(file) as kept:
            if str(kept["mark"]) != encoder.fingerprint:
                return
            self._quantized, self._scales = kept["numbers"], kept["scales"]
            self._row_by_hash = {int(key): row for row, key in enumerate(kept["keys"])}

    def __len__(self) -> int:
        return len(self._row_by_hash)

    def find_missing(self, texts: Iterable[str]) -> list[str]:
        """Those that would have to be encoded."""
        return [text for text in dict.fromkeys(texts) if hash_text(text) not in self._row_by_hash]

    def get_vectors(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        if not texts:
            return np.zeros((0, 1), np.float32)
        new = self.find_missing(texts)
        made = dict(zip(new, self.encoder.encode(new), strict=True)) if new else {}
        return np.stack([made[text] if text in made else self._load_vector(text) for text in texts])

    def _load_vector(self, text: str) -> Vectors:
        row = self._row_by_hash[hash_text(text)]
        vector: Vectors = self._quantized[row].astype(np.float32) * self._scales[row]
        return vector


def hash_text(text: str) -> int:
    """Names a line by what it says."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def save_embeddings(encoder: Encoder, texts: Iterable[str], file: Path) -> int:
    """Encode lines and keep them in a file, the same bytes for the same lines; gives their number."""
    lines = sorted(set(texts), key=hash_text)
    vectors = encoder.encode(lines)
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    numbers: npt.NDArray[np.int8] = np.rint(vectors / scales[:, None]).astype(np.int8)
    keys = np.array([hash_text(line) for line in lines], np.uint64)
    np.savez(file, mark=np.array(encoder.fingerprint), keys=keys, numbers=numbers, scales=scales)
    return len(lines)
