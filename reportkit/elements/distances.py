"""Levels of agreement of pairs that need a look each, once those that are equal are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from reportkit.elements.shape import Levels

Flags = NDArray[np.bool_]


def texts(values: Sequence[str]) -> NDArray[np.object_]:
    """Values as an array of Python strings."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def equal(left: Sequence[str], right: Sequence[str]) -> Flags:
    """Where both are the same text."""
    return np.asarray(texts(left) == texts(right), dtype=np.bool_)


def unequal(levels: Levels) -> list[int]:
    """Places of pairs that no test has graded yet."""
    return [int(at) for at in np.flatnonzero(levels == 0)]


def graded(left: Sequence[str], right: Sequence[str], top: int, level: Callable[[str, str], int]) -> Levels:
    """``top`` where equal; other pairs are looked at one by one."""
    levels: Levels = np.where(equal(left, right), top, 0).astype(np.uint8)
    rest = unequal(levels)
    levels[rest] = one_by_one([left[at] for at in rest], [right[at] for at in rest], level)
    return levels


def one_by_one(left: Sequence[str], right: Sequence[str], level: Callable[[str, str], int]) -> Levels:
    """Levels of pairs that need a look each."""
    return np.fromiter(map(level, left, right), dtype=np.uint8, count=len(left))
