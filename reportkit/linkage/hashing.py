"""Integers as hashes that are the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage.values import Column

Hashes = NDArray[np.uint64]


def mixed(values: NDArray[np.uint64]) -> Hashes:
    """A hash of each integer (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), dtype=np.uint64)


#: So many fields, those with most values, are enough to choose a sample by.
_TELLING = 3


def contents(columns: Sequence[Column], rows: NDArray[np.int64]) -> Hashes:
    """A hash of what each of these records holds: of use where an order is wanted that the order of rows does not change."""
    found = np.zeros(len(rows), dtype=np.uint64)
    for column in columns:
        found = mixed(found ^ column.codes[rows].astype(np.int64).view(np.uint64))
    return found


def sample(columns: Sequence[Column], size: int, number: int) -> NDArray[np.int64]:
    """Rows of ``number`` of the ``size`` records, or of all, chosen and ordered by what they hold."""
    telling = sorted(columns, key=lambda column: -len(column.words))[:_TELLING]
    hashes = contents(telling, np.arange(size))
    chosen = np.arange(size) if size <= number else np.argpartition(hashes, number)[:number]
    return chosen[np.argsort(hashes[chosen], kind="stable")]
