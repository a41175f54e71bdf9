"""How two records compare, field by field: levels of agreement, on distinct pairs of values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportkit.elements import element
from reportkit.linkage.values import Column

#: The level of a pair of which one side is blank: it says nothing.
MISSING = 255
Levels = NDArray[np.uint8]


def compare(column: Column, left: NDArray[np.int64], right: NDArray[np.int64]) -> Levels:
    """Level of every pair: 0 differ … the element's last the same; ``MISSING`` where a side is blank."""
    a, b = column.codes[left], column.codes[right]
    top = len(element(column.field.element).levels) - 1
    levels = np.full(len(a), MISSING, dtype=np.uint8)
    filled = (a >= 0) & (b >= 0)
    levels[filled & (a == b)] = top
    open_pairs = np.flatnonzero(filled & (a != b))
    if open_pairs.size:
        levels[open_pairs] = _distinct(column, a[open_pairs], b[open_pairs])
    return levels


def _distinct(column: Column, a: NDArray[np.int64], b: NDArray[np.int64]) -> Levels:
    low, high = np.minimum(a, b), np.maximum(a, b)
    pairs, where = np.unique(low * len(column.words) + high, return_inverse=True)
    words = column.words
    one = [words[i] for i in (pairs // len(words)).tolist()]
    other = [words[i] for i in (pairs % len(words)).tolist()]
    return element(column.field.element).compare(one, other)[where]


def contradicts(column: Column, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Pairs whose identifiers are both valid and different."""
    return _settled(column, left, right, same=False)


def confirms(column: Column, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Pairs whose identifiers are both valid and the same."""
    return _settled(column, left, right, same=True)


def _settled(column: Column, left: NDArray[np.int64], right: NDArray[np.int64], *, same: bool) -> NDArray[np.bool_]:
    valid = np.append(column.valid, False)
    a, b = column.codes[left], column.codes[right]
    settled: NDArray[np.bool_] = valid[a] & valid[b] & ((a == b) == same)
    return settled


def levels_of(columns: Sequence[Column], left: NDArray[np.int64], right: NDArray[np.int64]) -> list[Levels]:
    """Levels of all fields."""
    return [compare(column, left, right) for column in columns]
