"""Precomputed vectors of the content's lines, so that a start does not encode ten thousand of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.domain.search.encoder import Encoder, hash_line
from bot.domain.search.search_targets import Vectors

EMBEDDINGS_FILE_NAME = "lines.npz"


class EmbeddingCache:
    """The vectors of lines by their text; one byte a number, a scale a row.

    A line that the file lacks is encoded on demand, so a new line is found at once.

    Args:
        encoder: encodes the missing lines; vectors of another model are not used.
        file: what `save_embeddings` wrote; a missing file only costs time.
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
        """Return the texts that the file lacks."""
        return [text for text in dict.fromkeys(texts) if hash_line(text) not in self._row_by_hash]

    def get_vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text."""
        if not texts:
            return np.zeros((0, 1), np.float32)
        new = self.find_missing(texts)
        encoded = dict(zip(new, self.encoder.encode(new), strict=True)) if new else {}
        width = self._quantized.shape[1] if self._row_by_hash else next(iter(encoded.values())).size
        vectors = np.empty((len(texts), width), np.float32)
        for at, text in enumerate(texts):
            if text in encoded:
                vectors[at] = encoded[text]
            else:
                row = self._row_by_hash[hash_line(text)]
                vectors[at] = self._quantized[row].astype(np.float32) * self._scales[row]
        return vectors


def save_embeddings(encoder: Encoder, texts: Iterable[str], file: Path) -> int:
    """Encode lines and write them to a file, the same bytes for the same lines; return their number."""
    lines = sorted(set(texts), key=hash_line)
    vectors = encoder.encode(lines)
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    numbers: npt.NDArray[np.int8] = np.rint(vectors / scales[:, None]).astype(np.int8)
    keys = np.array([hash_line(line) for line in lines], np.uint64)
    np.savez(file, mark=np.array(encoder.fingerprint), keys=keys, numbers=numbers, scales=scales)
    return len(lines)
