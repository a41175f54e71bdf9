"""Facts that are no two facts: fields whose agreement follows from another's.

A town has few postcodes, a full name holds the surname: who agrees in one agrees in the other. Fellegi & Sunter's model takes fields for
independent; here each field may depend on one other among records of one thing (a tree, Chow & Liu 1968), and on any among others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage.comparison import MISSING
from reportkit.linkage.hashing import sample
from reportkit.linkage.patterns import Patterns
from reportkit.linkage.values import Codes, Column, Flags

Bits = NDArray[np.float64]
#: Records of the sample, pairs of it that agree in one field, and how few say nothing.
_SAMPLE, _PAIRS, _FEW = 20_000, 4_000, 50
#: Weight of independence, in pairs.
_PRIOR = 10.0
#: A field depends on another from so many bits of mutual information on, seen in so many pairs.
_BITS, _SEEN = 0.03, 40.0


def implied(columns: Sequence[Column], shared: Flags, classes: Bits, most: Sequence[float]) -> Bits:
    """Fields × fields: the probability that a field (by row) agrees where another of its kind (by column) does, among records of others.

    0 where nothing is known. Taken from pairs of a sample that agree in the other field, less those that are likely one thing by the
    classes' and the fields' probabilities: ``most``, that two records of one thing agree in each.
    """
    number = len(columns)
    given = np.zeros((number, number))
    rows = sample(columns, len(columns[0].codes) if columns else 0, _SAMPLE)
    codes = [column.codes[rows] for column in columns]
    prior = np.logaddexp2(classes[0], classes[1])
    for g in range(number):
        left, right = _agreeing(codes[g])
        if len(left) < _FEW:
            continue
        filled = [(one[left] >= 0) & (one[right] >= 0) for one in codes]
        equal = [has & (one[left] == one[right]) for one, has in zip(codes, filled, strict=True)]
        other = 1 - _likely(columns, filled, equal, (prior, most))
        for f in range(number):
            if f != g and shared[f] == shared[g] and columns[g].chance < columns[f].chance:
                weight = other * filled[f]
                given[f, g] = (float(weight[equal[f]].sum()) + _PRIOR * columns[f].chance) / (float(weight.sum()) + _PRIOR)
    return given


def _likely(
    columns: Sequence[Column], filled: Sequence[Flags], equal: Sequence[Flags], known: tuple[float, Sequence[float]]
) -> Bits:
    """The probability that pairs are one thing, by which fields are equal."""
    bits = np.full(len(equal[0]), known[0])
    for column, has, same, most in zip(columns, filled, equal, known[1], strict=True):
        unequal = max(1 - most, 1e-3) / (1 - column.chance)
        bits += np.where(same, np.log2(most / column.chance), np.where(has, np.log2(unequal), 0.0))
    return np.asarray(1 / (1 + np.exp2(-np.clip(bits, -60, 60))))


def _agreeing(codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Some pairs of records that hold one value: neighbours and next neighbours among those that do."""
    order = np.argsort(codes, kind="stable")
    order = order[codes[order] >= 0]
    left, right = [], []
    for step in (1, 2):
        one, other = order[:-step], order[step:]
        same = codes[one] == codes[other]
        left.append(one[same])
        right.append(other[same])
    every = np.concatenate(left), np.concatenate(right)
    step = max(1, len(every[0]) // _PAIRS)
    return every[0][::step], every[1][::step]


def parents(columns: Sequence[Column], patterns: Patterns, matches: Bits) -> tuple[int, ...]:
    """Per field the rarer field on whose agreement its own depends most among records of one thing; -1 for none."""
    return tuple(_parent(f, columns, patterns, matches) for f in range(len(columns)))


def _parent(f: int, columns: Sequence[Column], patterns: Patterns, matches: Bits) -> int:
    best, found = _BITS, -1
    for g, column in enumerate(columns):
        if (column.chance, g) < (columns[f].chance, f):
            bits = _information(
                patterns.levels[f] == columns[f].top,
                patterns.levels[g] == column.top,
                matches * (patterns.levels[f] != MISSING) * (patterns.levels[g] != MISSING),
            )
            if bits > best:
                best, found = bits, g
    return found


def _information(one: Flags, other: Flags, weight: Bits) -> float:
    """Mutual information of two agreements in bits."""
    total = float(weight.sum())
    if total < _SEEN:
        return 0.0
    table = np.array([[weight[(one == a) & (other == b)].sum() for b in (False, True)] for a in (False, True)]) / total
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
    seen = table > 0
    return float((table[seen] * np.log2(table[seen] / expected[seen])).sum())
