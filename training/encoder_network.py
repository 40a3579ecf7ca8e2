"""The encoder as a network to train: a sentence model, the mean over its tokens, length 1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from training.base_models import TOKENIZER_FILE, BaseModel

_MAX_TOKENS = 96
_BATCH_TOKENS = 1_536  # padded tokens at once; more only costs memory


class EncoderNetwork(nn.Module):
    """Token ids in, one vector of length 1 a row out.

    Args:
        folder: the unpacked base model.
        base: which layers stay as they are, and whether to multiply in bfloat16.
    """

    def __init__(self, folder: Path, base: BaseModel) -> None:
        super().__init__()
        self.autocast = base.autocast
        self.transformer = AutoModel.from_pretrained(folder, attn_implementation="eager")
        self.pad_token: int = self.transformer.config.pad_token_id
        self.width: int = self.transformer.config.hidden_size
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        frozen = [
            self.transformer.embeddings,
            self.transformer.pooler,
            *self.transformer.encoder.layer[: base.frozen_layers],
        ]
        for module in filter(None, frozen):
            module.requires_grad_(requires_grad=False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Encode a padded batch."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        counts = attention_mask[:, :, None].float()
        mean = (hidden.float() * counts).sum(1) / counts.sum(1)
        return mean / torch.sqrt((mean * mean).sum(1, keepdim=True))

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Encode texts, those of similar length together: padding is wasted work."""
        token_ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(token_ids)), key=lambda row: len(token_ids[row]))
        vectors, start = [], 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * len(token_ids[order[end]]) <= _BATCH_TOKENS:
                end += 1
            rows = [torch.tensor(token_ids[row]) for row in order[start:end]]
            ids = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=self.pad_token)
            lengths = torch.tensor([len(row) for row in rows])
            vectors.append(self(ids, (torch.arange(ids.shape[1]) < lengths[:, None]).long()))
            start = end
        return torch.cat(vectors)[torch.tensor(order).argsort()]


def compute_loss(vectors: Tensor, group_indices: Tensor, centres: Tensor, temperature: float) -> Tensor:
    """Return how far lines are from the others of their group, and from their group's centre."""
    similarities = (vectors @ vectors.T / temperature).masked_fill(
        torch.eye(len(group_indices), dtype=torch.bool), -1e9
    )
    is_same = group_indices[:, None] == group_indices[None, :]
    is_same.fill_diagonal_(fill_value=False)
    log_shares = similarities - similarities.logsumexp(1, keepdim=True)
    among_lines = -((log_shares * is_same).sum(1) / is_same.sum(1)).mean()
    to_centres = vectors @ functional.normalize(centres, dim=1).T / (0.7 * temperature)
    return among_lines + functional.cross_entropy(to_centres, group_indices)
