"""Print every shape of reply and form as plain text: what each platform has to show."""

from __future__ import annotations

import argparse

from bot.cli.output import format_answer, print_text
from bot.messaging.reply import Form, Reply
from bot.messaging.samples import build_sample_forms, build_sample_replies
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which of them."""
    parser.add_argument("name", nargs="*", help="only these, by name; all without a name")


def run(options: argparse.Namespace, _settings: Settings) -> int:
    """Print the samples; 2 for a name that there is not."""
    samples: dict[str, Reply | Form] = {**build_sample_replies()}
    samples |= {f"form: {name}": form for name, form in build_sample_forms().items()}
    wanted = options.name or list(samples)
    if unknown := [name for name in wanted if name not in samples]:
        print_text(f"no sample {', '.join(unknown)}; there are: {', '.join(samples)}")
        return 2
    for name in wanted:
        sample = samples[name]
        about = (
            f" ({sample.audience}, {type(sample.placement).__name__})" if isinstance(sample, Reply) else ""
        )
        print_text(f"=== {name}{about}\n\n{format_answer(sample)}\n")
    return 0
