"""How two records compare, field by field: levels of agreement."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from reportkit.elements.pairing import Coded
from reportkit.linkage.values import Codes, Column, Flags

#: The level of a pair of which one side is blank: it says nothing.
MISSING = 255
Levels = NDArray[np.uint8]
#: Values of a field with fewer pairs of words than so many times the pairs of records are compared once each.
_FEW = 4
#: From so many pairs on two fields are compared at a time.
_MANY, _AT_ONCE = 100_000, 2


def compare(column: Column, left: Codes, right: Codes) -> Levels:
    """Level of every pair of records: 0 differ … the element's last the same; ``MISSING`` where a side is blank."""
    a, b = column.codes[left], column.codes[right]
    levels = np.full(len(a), MISSING, dtype=np.uint8)
    filled = (a >= 0) & (b >= 0)
    levels[filled & (a == b)] = column.top
    unequal = np.flatnonzero(filled & (a != b))
    if unequal.size:
        levels[unequal] = words(column, a[unequal], b[unequal])
    return levels


def words(column: Column, a: Codes, b: Codes) -> Levels:
    """Levels of pairs of words, given by their codes."""
    number = len(column.words)
    if number * number > _FEW * len(a):
        return _compared(column, a, b)
    pairs, where = np.unique(np.minimum(a, b).astype(np.int64) * number + np.maximum(a, b), return_inverse=True)
    return _compared(column, (pairs // number).astype(np.int32), (pairs % number).astype(np.int32))[where]


def _compared(column: Column, a: Codes, b: Codes) -> Levels:
    """The element's word, which sees each value that occurs once."""
    place = np.zeros(len(column.words), dtype=np.int64)
    place[a] = place[b] = 1
    used = np.flatnonzero(place)
    place[used] = np.arange(len(used))
    texts = column.words.gather(used)
    return column.element.compare(Coded(texts, place[a]), Coded(texts, place[b]))


def contradicts(column: Column, left: Codes, right: Codes, levels: Levels) -> Flags:
    """Pairs whose identifiers are both valid and different, or one valid and the other whole and more than slips away from it.

    ``levels`` of the column's values are what ``compare`` gives.
    """
    whole = np.append(column.whole, False)
    valid = np.append(column.valid, False)
    a, b = column.codes[left], column.codes[right]
    away: Flags = (levels == 0) & whole[a] & whole[b] & (valid[a] | valid[b])
    away |= _settled(column, left, right, same=False)
    return away


def confirms(column: Column, left: Codes, right: Codes) -> Flags:
    """Pairs whose identifiers are both valid and the same."""
    return _settled(column, left, right, same=True)


def _settled(column: Column, left: Codes, right: Codes, *, same: bool) -> Flags:
    valid = np.append(column.valid, False)
    a, b = column.codes[left], column.codes[right]
    settled: Flags = valid[a] & valid[b] & ((a == b) == same)
    return settled


def levels_of(columns: Sequence[Column], left: Codes, right: Codes) -> tuple[Levels, ...]:
    """Levels of all fields, two fields at a time where there are many pairs."""
    if len(left) < _MANY:
        return tuple(compare(column, left, right) for column in columns)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(lambda column: compare(column, left, right), columns))
