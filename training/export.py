"""Write the trained encoder as the bot runs it, eight bits a number.

python -m training.export build/encoder.pt
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from bot.domain.search.encoder import SHIPPED_MODEL_DIR
from training.network import EncoderNetwork, find_base_model_dir

MODEL_NAME = "all-MiniLM-L6-v2, taught by the ways of asking in content/asks"
LICENCE = "Apache-2.0; see LICENSE beside this file"


def export_model(weights: Path, folder: Path) -> None:
    """Write encoder.onnx, tokenizer.json and model.json with their hashes."""
    network = EncoderNetwork()
    network.load_state_dict(torch.load(weights, weights_only=True))
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    example = torch.ones((2, 12), dtype=torch.long)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            network,
            (example, example),
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_axes={
                "input_ids": {0: "row", 1: "piece"},
                "attention_mask": {0: "row", 1: "piece"},
                "vector": {0: "row"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole,
            folder / "encoder.onnx",
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    shutil.copy(find_base_model_dir() / "tokenizer.json", folder / "tokenizer.json")
    hashes = {
        name: sha256((folder / name).read_bytes()).hexdigest() for name in ("encoder.onnx", "tokenizer.json")
    }
    told = {"name": MODEL_NAME, "licence": LICENCE, "sha256": hashes}
    (folder / "model.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Export to the folder that ships, or another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED_MODEL_DIR)
    options = parser.parse_args()
    export_model(options.weights, options.out)


if __name__ == "__main__":
    main()
