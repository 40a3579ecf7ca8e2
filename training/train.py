"""Teach the encoder which questions are about the same thing.

python -m training.train build/encoder.pt

Every batch holds four lines of each of 32 cards or classes. A line should lie nearer to the other three than
to the 124 others, and near its own group's centre. The centres are learnt along and then thrown away: the bot
computes its own from the content. The same content gives the same weights on the same machine.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.dataset import CONTENT_DIR, TextGroups, add_noise, load_groups
from training.network import BatchTokenizer, EncoderNetwork, load_pretrained

EPOCHS, GROUPS_PER_BATCH, LINES_PER_GROUP = 2.0, 32, 4
LEARNING_RATE, CENTRE_LEARNING_RATE, WEIGHT_DECAY = 2e-4, 5e-3, 0.01
TEMPERATURE, CENTRE_TEMPERATURE = 0.07, 0.05
MAX_TOKENS = 96


def train(groups: TextGroups, seed: int = 0) -> EncoderNetwork:
    """The trained network."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network, reader, names = load_pretrained(), BatchTokenizer(MAX_TOKENS), sorted(groups)
    centres = nn.Parameter(
        torch.stack([encode_texts(network, reader, groups[name]).mean(0) for name in names])
    )
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": weights, "lr": LEARNING_RATE},
            {"params": [centres], "lr": CENTRE_LEARNING_RATE, "weight_decay": 0.0},
        ],
        weight_decay=WEIGHT_DECAY,
    )
    steps = round(EPOCHS * sum(map(len, groups.values())) / (GROUPS_PER_BATCH * LINES_PER_GROUP))
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    network.train()
    begin = perf_counter()
    for step, (texts, about) in zip(range(steps), _iter_batches(groups, names, chance), strict=False):
        loss = _compute_loss(_encode_batch(network, reader, texts), torch.tensor(about), centres)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        slope.step()
        if (step + 1) % 10 == 0 or step + 1 == steps:
            print(
                f"step {step + 1} of {steps}, loss {loss.item():.3f}, {perf_counter() - begin:.0f} s",
                flush=True,
            )
    return network.eval()


@torch.no_grad()
def encode_texts(network: EncoderNetwork, tokenizer: BatchTokenizer, texts: list[str]) -> Tensor:
    """The texts' vectors."""
    network.eval()
    return torch.cat([network(*tokenizer.tokenize(texts[at : at + 64])) for at in range(0, len(texts), 64)])


def _iter_batches(
    groups: TextGroups, group_names: list[str], rng: random.Random
) -> Iterator[tuple[list[str], list[int]]]:
    """Batches without end; every line is seen about as often as every other."""
    waiting: list[int] = []
    unseen: dict[int, list[str]] = {}
    while True:
        if len(set(waiting)) < GROUPS_PER_BATCH:
            waiting += [
                at
                for at, name in enumerate(group_names)
                for _ in range(max(1, len(groups[name]) // LINES_PER_GROUP))
            ]
            rng.shuffle(waiting)
        chosen = list(dict.fromkeys(waiting))[:GROUPS_PER_BATCH]
        for at in chosen:
            waiting.remove(at)
        texts, about = [], []
        for at in chosen:
            for _ in range(LINES_PER_GROUP):
                if not unseen.get(at):
                    unseen[at] = rng.sample(groups[group_names[at]], len(groups[group_names[at]]))
                texts.append(add_noise(unseen[at].pop(), rng))
                about.append(at)
        yield texts, about


def _encode_batch(network: EncoderNetwork, tokenizer: BatchTokenizer, texts: list[str]) -> Tensor:
    """The vectors of a batch, texts of like length together: padding is work for nothing."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    parts = [order[:64], order[64:112], order[112:]]
    vectors = torch.cat([network(*tokenizer.tokenize([texts[at] for at in part])) for part in parts if part])
    return vectors[torch.tensor(order).argsort()]


def _compute_loss(vectors: Tensor, group_indices: Tensor, centres: Tensor) -> Tensor:
    alike = vectors @ vectors.T / TEMPERATURE
    itself = torch.eye(len(group_indices), dtype=torch.bool)
    alike = alike.masked_fill(itself, -1e9)
    same = (group_indices[:, None] == group_indices[None, :]) & ~itself
    chances = alike - alike.logsumexp(1, keepdim=True)
    among = -((chances * same).sum(1) / same.sum(1)).mean()
    towards = vectors @ functional.normalize(centres, dim=1).T / CENTRE_TEMPERATURE
    return among + functional.cross_entropy(towards, group_indices)


def main() -> None:
    """Train on the content and keep the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--content", type=Path, default=CONTENT_DIR)
    options = parser.parse_args()
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(train(load_groups(options.content)).state_dict(), options.out)


if __name__ == "__main__":
    main()
