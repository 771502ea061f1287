"""Results kept by the very object they were computed from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")


def by_identity(function: Callable[[A], R], keep: int = 64) -> Callable[[A], R]:
    """The function, with its last ``keep`` results kept for as long as they are of the same object.

    For functions of a frozen model: ``functools.cache`` would hash the whole model on each call, which takes
    longer than most of what could be saved. The object is kept too, so that its identity stays its own.
    """
    kept: dict[int, tuple[A, R]] = {}

    @wraps(function)
    def call(of: A) -> R:
        found = kept.get(id(of))
        if found is None:
            found = of, function(of)
            if len(kept) >= keep:
                kept.clear()
            kept[id(of)] = found
        return found[1]

    return call
