"""Levels of agreement for many pairs at once: exact lower bounds in numpy, then rapidfuzz for what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

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


def edits(left: Sequence[str], right: Sequence[str], most: int, *, alphabet: str) -> NDArray[np.int64]:
    """Optimal string alignment distance, ``most + 1`` where it is larger.

    The counts of the alphabet's characters bound it from below: an edit changes at most two of them.
    """
    found = np.full(len(left), most + 1, dtype=np.int64)
    if not len(left):
        return found
    apart = np.abs(_counts(left, alphabet) - _counts(right, alphabet)).sum(axis=1)
    near = np.flatnonzero(apart <= 2 * most)
    if near.size:
        some = cpdist(texts(left)[near], texts(right)[near], scorer=OSA.distance, score_cutoff=most, dtype=np.int64)
        found[near] = some
    return found


def _counts(values: Sequence[str], alphabet: str) -> NDArray[np.int16]:
    letters = matrix(values)
    return np.stack([(letters == ord(character)).sum(axis=1) for character in alphabet], axis=1).astype(np.int16)


def matrix(values: Sequence[str]) -> NDArray[np.uint32]:
    """Code points, one row a value, zeros behind its end."""
    array = np.array(values, dtype=np.str_)
    width = max(array.dtype.itemsize // 4, 1)
    return array.view(np.uint32).reshape(len(values), width)


def same_or_not(left: Sequence[str], right: Sequence[str]) -> Levels:
    """1 where equal, else 0."""
    return equal(left, right).astype(np.uint8)


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
