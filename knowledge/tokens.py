"""Counts tokens as current language models do (o200k_base), from a table that comes with the installation."""

from __future__ import annotations

import base64
import lzma
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from tiktoken import Encoding

TABLE = "o200k_base.tiktoken.xz"
"""The table in ``knowledge/data``, as published with tiktoken (MIT licence), compressed."""

TABLE_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
"""The hash that tiktoken expects of the table once unpacked."""

_BYTES_A_TOKEN = 4
_WORD_ENDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_PATTERN = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + _WORD_ENDS,
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + _WORD_ENDS,
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TokenCount:
    """A number of tokens; ``approximate`` where it was estimated from the length."""

    tokens: int
    approximate: bool

    def __str__(self) -> str:
        """As people read it, with *about* where it is an estimate."""
        return f"{'about ' if self.approximate else ''}{self.tokens:,} tokens"


def count(text: str) -> TokenCount:
    """The tokens of ``text``; special markers in it are counted as the plain text they are.

    If the table is missing or damaged the count is estimated (four bytes a token) and says so.
    """
    encoding = _encoding()
    if encoding is None:
        return TokenCount(math.ceil(len(text.encode(errors="replace")) / _BYTES_A_TOKEN), approximate=True)
    return TokenCount(len(encoding.encode_ordinary(text)), approximate=False)


def problem() -> str | None:
    """What keeps tokens from being counted exactly, for ``preflight doctor``; ``None`` if nothing does."""
    if _encoding() is None:
        return (
            f"Token counts are approximate: knowledge/data/{TABLE} is missing or damaged. "
            "Restore it from the release, or run `make setup` again."
        )
    return None


@lru_cache(maxsize=1)
def _encoding() -> Encoding | None:
    # Imported here, and built once: a fifth of a second that only those who count tokens pay.
    import tiktoken
    from tiktoken.load import check_hash

    try:
        table = lzma.decompress(resources.files("knowledge").joinpath("data", TABLE).read_bytes())
    except (OSError, lzma.LZMAError) as error:
        _log.warning("token_table_unreadable", error=type(error).__name__)
        return None
    if not check_hash(table, TABLE_SHA256):
        _log.warning("token_table_damaged")
        return None
    # tiktoken's own reader of such tables takes a path or an address and keeps a copy in a shared temporary
    # folder; ours is checked in memory, so only its three lines of reading are repeated here.
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, table.splitlines())}
    return tiktoken.Encoding(
        name="o200k_base",
        pat_str=_PATTERN,
        mergeable_ranks=ranks,
        special_tokens={"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
    )
