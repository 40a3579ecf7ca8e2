"""Teach a sentence model which questions are about the same thing.

python -m training.train large|small

Every batch holds four lines of each of 32 cards or out-of-scope categories. A line should be nearer to the
other three than to the 124 others, and nearer to its own group's centre than to every other group's. The
centres are learnt and then thrown away: the bot computes its own from the content. The same content gives
the same weights on the same machine.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import torch
from torch import Tensor, nn

from bot.domain.search.encoder import TRAINED_LINES_FILE, ModelSize, encode_trained_lines
from training.base_models import BASE_MODELS, BaseModel, unpack_base_model
from training.dataset import CONTENT_DIR, TextGroups, add_noise, load_groups
from training.encoder_network import EncoderNetwork, compute_loss

BUILD_DIR = Path("build/training")
WEIGHTS_FILE = "weights.pt"
_GROUPS_PER_BATCH, _LINES_PER_GROUP = 32, 4
_CENTRE_LEARNING_RATE, _WEIGHT_DECAY = 5e-3, 0.01
_TEMPERATURE = 0.07
_CENTRE_LINES = 4  # lines of a group whose mean its centre starts from


def train(network: EncoderNetwork, base: BaseModel, groups: TextGroups, seed: int = 0) -> None:
    """Train a network in place."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    names = sorted(groups)
    centres = nn.Parameter(_compute_centres(network, [groups[name] for name in names]))
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": weights, "lr": base.learning_rate},
            {"params": [centres], "lr": _CENTRE_LEARNING_RATE, "weight_decay": 0.0},
        ],
        weight_decay=_WEIGHT_DECAY,
    )
    steps = round(base.epochs * sum(map(len, groups.values())) / (_GROUPS_PER_BATCH * _LINES_PER_GROUP))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    network.train()
    begin = perf_counter()
    for step, (texts, group_indices) in zip(range(steps), _iter_batches(groups, names, rng), strict=False):
        loss = compute_loss(network.encode_texts(texts), torch.tensor(group_indices), centres, _TEMPERATURE)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        print(
            f"step {step + 1} of {steps}, loss {loss.item():.3f}, {perf_counter() - begin:.0f} s", flush=True
        )
    network.eval()


@torch.no_grad()
def _compute_centres(network: EncoderNetwork, groups: list[list[str]]) -> Tensor:
    network.eval()
    rng = random.Random(1)
    return torch.stack(
        [network.encode_texts(rng.sample(lines, min(_CENTRE_LINES, len(lines)))).mean(0) for lines in groups]
    )


def _iter_batches(
    groups: TextGroups, group_names: list[str], rng: random.Random
) -> Iterator[tuple[list[str], list[int]]]:
    """Yield batches without end; every line of a group comes before any comes again."""
    waiting: list[int] = []
    unseen: dict[int, list[str]] = {}
    while True:
        if len(set(waiting)) < _GROUPS_PER_BATCH:
            waiting += [
                index
                for index, name in enumerate(group_names)
                for _ in range(max(1, len(groups[name]) // _LINES_PER_GROUP))
            ]
            rng.shuffle(waiting)
        chosen = list(dict.fromkeys(waiting))[:_GROUPS_PER_BATCH]
        texts, group_indices = [], []
        for index in chosen:
            waiting.remove(index)
            for _ in range(_LINES_PER_GROUP):
                if not unseen.get(index):
                    unseen[index] = rng.sample(groups[group_names[index]], len(groups[group_names[index]]))
                texts.append(add_noise(unseen[index].pop(), rng))
                group_indices.append(index)
        yield texts, group_indices


def main() -> None:
    """Train on the content; keep the weights and the record of the lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("size", type=ModelSize, choices=list(ModelSize))
    parser.add_argument("--content", type=Path, default=CONTENT_DIR)
    parser.add_argument("--build", type=Path, default=BUILD_DIR)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(mode=True)
    base = BASE_MODELS[options.size]
    groups = load_groups(options.content)
    network = EncoderNetwork(unpack_base_model(options.size, options.build), base)
    train(network, base, groups)
    folder = options.build / options.size
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), folder / WEIGHTS_FILE)
    lines = (line for group in groups.values() for line in group)
    (folder / TRAINED_LINES_FILE).write_bytes(encode_trained_lines(lines))


if __name__ == "__main__":
    main()
