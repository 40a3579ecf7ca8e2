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

from training.lines import CONTENT, Groups, groups, roughened
from training.network import Network, Reader, pretrained

EPOCHS, GROUPS, EACH = 2.0, 32, 4
RATE, CENTRE_RATE, DECAY = 2e-4, 5e-3, 0.01
SHARPNESS, CENTRE_SHARPNESS = 0.07, 0.05
MOST_PIECES = 96


def train(lines: Groups, seed: int = 0) -> Network:
    """The trained network."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network, reader, names = pretrained(), Reader(MOST_PIECES), sorted(lines)
    centres = nn.Parameter(torch.stack([encoded(network, reader, lines[name]).mean(0) for name in names]))
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": weights, "lr": RATE}, {"params": [centres], "lr": CENTRE_RATE, "weight_decay": 0.0}],
        weight_decay=DECAY,
    )
    steps = round(EPOCHS * sum(map(len, lines.values())) / (GROUPS * EACH))
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    network.train()
    begin = perf_counter()
    for step, (texts, about) in zip(range(steps), _batches(lines, names, chance), strict=False):
        loss = _loss(_forward(network, reader, texts), torch.tensor(about), centres)
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
def encoded(network: Network, reader: Reader, texts: list[str]) -> Tensor:
    """The texts' vectors."""
    network.eval()
    return torch.cat([network(*reader.read(texts[at : at + 64])) for at in range(0, len(texts), 64)])


def _batches(lines: Groups, names: list[str], chance: random.Random) -> Iterator[tuple[list[str], list[int]]]:
    """Batches without end; every line is seen about as often as every other."""
    waiting: list[int] = []
    unseen: dict[int, list[str]] = {}
    while True:
        if len(set(waiting)) < GROUPS:
            waiting += [at for at, name in enumerate(names) for _ in range(max(1, len(lines[name]) // EACH))]
            chance.shuffle(waiting)
        chosen = list(dict.fromkeys(waiting))[:GROUPS]
        for at in chosen:
            waiting.remove(at)
        texts, about = [], []
        for at in chosen:
            for _ in range(EACH):
                if not unseen.get(at):
                    unseen[at] = chance.sample(lines[names[at]], len(lines[names[at]]))
                texts.append(roughened(unseen[at].pop(), chance))
                about.append(at)
        yield texts, about


def _forward(network: Network, reader: Reader, texts: list[str]) -> Tensor:
    """The vectors of a batch, texts of like length together: padding is work for nothing."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    parts = [order[:64], order[64:112], order[112:]]
    vectors = torch.cat([network(*reader.read([texts[at] for at in part])) for part in parts if part])
    return vectors[torch.tensor(order).argsort()]


def _loss(vectors: Tensor, about: Tensor, centres: Tensor) -> Tensor:
    alike = vectors @ vectors.T / SHARPNESS
    itself = torch.eye(len(about), dtype=torch.bool)
    alike = alike.masked_fill(itself, -1e9)
    same = (about[:, None] == about[None, :]) & ~itself
    chances = alike - alike.logsumexp(1, keepdim=True)
    among = -((chances * same).sum(1) / same.sum(1)).mean()
    towards = vectors @ functional.normalize(centres, dim=1).T / CENTRE_SHARPNESS
    return among + functional.cross_entropy(towards, about)


def main() -> None:
    """Train on the content and keep the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--content", type=Path, default=CONTENT)
    options = parser.parse_args()
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(train(groups(options.content)).state_dict(), options.out)


if __name__ == "__main__":
    main()
