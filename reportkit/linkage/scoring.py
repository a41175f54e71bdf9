"""Candidate pairs compared and weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage import model as fellegi_sunter
from reportkit.linkage.blocking import Pairs
from reportkit.linkage.comparison import Levels, levels_of
from reportkit.linkage.model import Bits, Model
from reportkit.linkage.patterns import Patterns, count, rarity
from reportkit.linkage.swaps import turn
from reportkit.linkage.values import Codes, Column, Flags

#: Pairs that are compared at a time.
_BATCH = 4_000_000


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs with the level of every field, and how rare the values are on which they agree: own and shared fields apart, in bits."""

    left: Codes
    right: Codes
    levels: tuple[Levels, ...]
    rare: tuple[NDArray[np.float32], NDArray[np.float32]]

    @property
    def number(self) -> int:
        """How many pairs there are."""
        return len(self.left)

    def where(self, chosen: NDArray[np.int64]) -> Compared:
        """Some of them."""
        levels = tuple(one[chosen] for one in self.levels)
        return Compared(self.left[chosen], self.right[chosen], levels, (self.rare[0][chosen], self.rare[1][chosen]))


def compare_all(columns: Sequence[Column], shared: Flags, batches: Iterable[Pairs]) -> Compared:
    """All pairs compared, batch by batch."""
    parts = [_compared(columns, shared, pairs) for pairs in _gathered(batches)]
    if not parts:
        none = np.zeros(0, dtype=np.int32)
        parts = [_compared(columns, shared, Pairs(none, none))]
    return joined(*parts)


def _gathered(batches: Iterable[Pairs]) -> Iterator[Pairs]:
    """Small batches as few large ones: what an element has to know of a value it finds out once a batch."""
    waiting: list[Pairs] = []
    for pairs in batches:
        waiting.append(pairs)
        if sum(len(one.left) for one in waiting) >= _BATCH:
            yield _together(waiting)
            waiting = []
    if waiting:
        yield _together(waiting)


def _together(pairs: Sequence[Pairs]) -> Pairs:
    return Pairs(np.concatenate([one.left for one in pairs]), np.concatenate([one.right for one in pairs]))


def joined(*parts: Compared) -> Compared:
    """Pairs after pairs."""
    return Compared(
        np.concatenate([one.left for one in parts]),
        np.concatenate([one.right for one in parts]),
        tuple(np.concatenate([one.levels[f] for one in parts]) for f in range(len(parts[0].levels))),
        (np.concatenate([one.rare[0] for one in parts]), np.concatenate([one.rare[1] for one in parts])),
    )


def _compared(columns: Sequence[Column], shared: Flags, pairs: Pairs) -> Compared:
    levels = levels_of(columns, pairs.left, pairs.right)
    turn(columns, pairs, levels)
    rare = [np.zeros(len(pairs.left), dtype=np.float32) for _ in range(2)]
    for f, column in enumerate(columns):
        rare[int(shared[f])] += rarity(column, levels[f], pairs.left)
    return Compared(pairs.left, pairs.right, levels, (np.clip(rare[0], -100, 100), np.clip(rare[1], -100, 100)))


def count_patterns(pairs: Compared, told: NDArray[np.uint8]) -> Patterns:
    """The pairs by their patterns."""
    return count(pairs.levels, pairs.rare, told)


def weigh(model: Model, pairs: Compared, patterns: Patterns) -> Bits:
    """Log odds (base 2) of every pair."""
    return fellegi_sunter.weight(classes_of(model, pairs, patterns))


def classes_of(model: Model, pairs: Compared, patterns: Patterns) -> Bits:
    """Classes × pairs: logarithms (base 2) as ``class_bits`` gives them of patterns, with each pair's own rarity."""
    found = fellegi_sunter.likelihoods(model, patterns)
    each = fellegi_sunter.Likelihoods(*(one[patterns.of] for one in found.parts))
    rare_own, rare_shared = (one.astype(np.float64) for one in pairs.rare)
    return fellegi_sunter.class_bits(model, each, rare_own, rare_shared)
