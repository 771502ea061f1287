"""The code itself, read once for all the tests that look at it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@cache
def nodes(room: str) -> tuple[tuple[str, tuple[ast.AST, ...]], ...]:
    """Each file below a room, by its path from the root, with every node of it, outermost first."""
    return tuple(
        (str(path.relative_to(ROOT)), tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
        for path in sorted((ROOT / room).rglob("*.py"))
    )


def all_nodes(*rooms: str) -> tuple[tuple[str, tuple[ast.AST, ...]], ...]:
    """The same of several rooms."""
    return tuple(found for room in rooms for found in nodes(room))
