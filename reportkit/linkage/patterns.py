"""Pairs counted by their pattern of levels: however many pairs there are, the patterns are few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage.comparison import Levels
from reportkit.linkage.hashing import mixed
from reportkit.linkage.values import Column

#: What is known of a pair before the model is asked.
FREE, SAME, DIFFERENT = 0, 1, 2
#: A value that agrees is at most so many bits rarer or commoner than its field's values are.
_RARER, _COMMONER = 2.5, -6.0


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct patterns.

    Attributes:
        levels: per field, one level a pattern.
        rare_own: bits by which the own values that agree are rarer than their fields' values are; ``rare_shared`` likewise.
        told: ``FREE``, ``SAME`` or ``DIFFERENT``.
        counts: pairs of each.
        of: the pattern of each pair.
    """

    levels: tuple[Levels, ...]
    rare_own: NDArray[np.float64]
    rare_shared: NDArray[np.float64]
    told: NDArray[np.uint8]
    counts: NDArray[np.float64]
    of: NDArray[np.int64]

    @property
    def number(self) -> int:
        """How many patterns there are."""
        return len(self.counts)


def rarity(column: Column, levels: Levels, left: NDArray[np.int32]) -> NDArray[np.float32]:
    """Bits by which the value on which each pair agrees is rarer than the field's values are; 0 where it does not agree."""
    bits = np.append(np.clip(np.log2(column.chance / column.frequency), _COMMONER, _RARER), 0.0).astype(np.float32)
    return np.where(levels == column.top, bits[column.codes[left]], np.float32(0.0))


def count(levels: Sequence[Levels], rare: Sequence[NDArray[np.float32]], told: NDArray[np.uint8]) -> Patterns:
    """Patterns of pairs. ``rare``: of own fields and of shared ones, in whole bits."""
    whole = [np.rint(one).astype(np.int8).view(np.uint8) for one in rare]
    table = np.stack([*levels, *whole, told], axis=1)
    packed = _packed(table)
    _, first, of, counts = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
    rows = table[first]
    bits = [rows[:, len(levels) + n].view(np.int8).astype(np.float64) for n in range(2)]
    return Patterns(
        tuple(rows[:, f] for f in range(len(levels))), bits[0], bits[1], rows[:, -1], counts.astype(np.float64), of.ravel()
    )


def _packed(table: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """A hash of each row of bytes, eight bytes at a time."""
    padded = np.ascontiguousarray(np.pad(table, ((0, 0), (0, -table.shape[1] % 8)))).view(np.uint64)
    packed = np.zeros(len(padded), dtype=np.uint64)
    for n in range(padded.shape[1]):
        packed = mixed(packed ^ padded[:, n])
    return packed
