"""Write a trained encoder as the bot runs it: large with four bits a weight, small with eight.

python -m training.export large|small
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from bot.domain.search.encoder import (
    ENCODER_FILE,
    MODEL_INFO_FILE,
    TOKENIZER_FILE,
    TRAINED_LINES_FILE,
    ModelSize,
)
from training.base_models import BASE_MODELS, unpack_base_model
from training.encoder_network import EncoderNetwork
from training.train import BUILD_DIR, WEIGHTS_FILE

_BLOCK_SIZE = 128  # weights that share a scale; smaller blocks are slower and 1 % nearer to the original
_INT8_MATMUL = 4  # onnxruntime's accuracy level: multiply in int8


def export_model(size: ModelSize, build: Path, folder: Path) -> None:
    """Write the encoder, its tokenizer, the record of its lines, and model.json with their hashes."""
    base, base_dir = BASE_MODELS[size], unpack_base_model(size, build)
    network = EncoderNetwork(base_dir, base)
    network.load_state_dict(torch.load(build / size / WEIGHTS_FILE, weights_only=True))
    network.eval()
    network.autocast = False
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full, quantized = Path(scratch) / "full.onnx", Path(scratch) / "quantized.onnx"
        _export_onnx(network, full)
        if size is ModelSize.LARGE:
            quantizer = MatMulNBitsQuantizer(
                onnx.load(full), bits=4, block_size=_BLOCK_SIZE, accuracy_level=_INT8_MATMUL
            )
            quantizer.process()
            quantizer.model.save_model_to_file(str(quantized))
            full, remaining = quantized, ["Gather"]  # the word vectors
        else:
            remaining = ["MatMul", "Gather"]
        quantize_dynamic(
            full,
            folder / ENCODER_FILE,
            op_types_to_quantize=remaining,
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    shutil.copy(base_dir / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    shutil.copy(build / size / TRAINED_LINES_FILE, folder / TRAINED_LINES_FILE)
    info = {
        "name": f"{base.name}, trained on the example questions in content/",
        "licence": "Apache-2.0; see LICENSE in this folder",
        "size": size,
        "width": network.width,
        "pad_token": network.pad_token,
        "sha256": {
            name: sha256((folder / name).read_bytes()).hexdigest()
            for name in (ENCODER_FILE, TOKENIZER_FILE, TRAINED_LINES_FILE)
        },
    }
    (folder / MODEL_INFO_FILE).write_text(json.dumps(info, indent=2) + "\n", encoding="utf-8")


def _export_onnx(network: EncoderNetwork, file: Path) -> None:
    example = torch.ones((2, 12), dtype=torch.long)
    torch.onnx.export(
        network,
        (example, example),
        str(file),
        input_names=["input_ids", "attention_mask"],
        output_names=["vector"],
        dynamic_axes={
            "input_ids": {0: "row", 1: "token"},
            "attention_mask": {0: "row", 1: "token"},
            "vector": {0: "row"},
        },
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    """Export to the folder that ships, or another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("size", type=ModelSize, choices=list(ModelSize))
    parser.add_argument("--build", type=Path, default=BUILD_DIR)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    export_model(options.size, options.build, options.out or options.size.folder)


if __name__ == "__main__":
    main()
