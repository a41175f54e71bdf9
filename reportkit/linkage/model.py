"""The Fellegi–Sunter model: how often each level of agreement occurs among matches (m) and among others (u).

Fellegi & Sunter 1969; m by expectation maximisation (Winkler 1988) with priors, so that forty rows behave; u from the values'
frequencies, random pairs, and pairs that valid identifiers tell apart: what a household shares says little about its members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportkit.elements import element
from reportkit.linkage.comparison import MISSING, Levels, levels_of
from reportkit.linkage.values import Column

_SAMPLE, _SEED = 8_000, 20_261_124
#: Weight of the priors, in pairs.
_PRIOR_M, _PRIOR_U = 20.0, 50.0
_ROUNDS = 8
#: Duplicates expected a record, before anything is seen.
_REPEATED = 0.15
#: No single field says more than this, in bits.
_LEAST, _MOST = -9.0, 18.0
#: A value that agrees is at most so much rarer or commoner than its field's values are.
_COMMON = (0.2, 50.0)

Bits = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """Probabilities by field and level, and the prior odds of a match in bits."""

    m: tuple[Bits, ...]
    u: tuple[Bits, ...]
    prior: float


@dataclass(frozen=True, slots=True)
class Labels:
    """What identifiers settle of candidate pairs, and which fields each pair was blocked on."""

    same: NDArray[np.bool_]
    other: NDArray[np.bool_]
    blocked: NDArray[np.bool_]  # pairs × fields


def fit(columns: Sequence[Column], levels: Sequence[Levels], labels: Labels, size: int) -> Model:
    """Estimate the model from candidate pairs."""
    u = _chance(columns, levels, labels, size)
    prior = _prior(size)
    m = tuple(_expected(len(one)) for one in u)
    rows = _sample(len(labels.same))
    seen = [one[rows] for one in levels]
    same, other = labels.same[rows], labels.other[rows]
    for _ in range(_ROUNDS):
        bits = prior + sum((_bits(one, m[f], u[f]) for f, one in enumerate(seen)), np.zeros(len(rows)))
        weight = np.where(same, 1.0, np.where(other, 0.0, 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))))
        m = tuple(_share(one, weight, _expected(len(u[f])), _PRIOR_M) for f, one in enumerate(seen))
    return Model(m, u, prior)


def _sample(number: int) -> NDArray[np.int64]:
    if number <= 200_000:
        return np.arange(number)
    return np.sort(np.random.default_rng(_SEED).choice(number, 200_000, replace=False))


def _prior(size: int) -> float:
    """Log odds that two random records match: each has ``_REPEATED`` twins among the others."""
    share = min(0.2, 2 * _REPEATED / max(size - 1, 1))
    return float(np.log2(share / (1 - share)))


def _expected(number: int) -> Bits:
    """What m is before anything is seen: mostly the same, seldom different."""
    middle = number - 2
    shape = np.array([0.05, *([0.1 / middle] * middle if middle > 0 else []), 0.85])
    share: Bits = shape / shape.sum()
    return share


def _share(levels: Levels, weight: Bits, prior: Bits, strength: float) -> Bits:
    """Shares of the levels, weighted, with a prior worth ``strength`` pairs."""
    counts = np.bincount(levels[levels != MISSING], weights=weight[levels != MISSING], minlength=len(prior))
    share: Bits = (counts + strength * prior) / (counts.sum() + strength)
    return share


def _chance(columns: Sequence[Column], levels: Sequence[Levels], labels: Labels, size: int) -> tuple[Bits, ...]:
    """U by field: random pairs, sharpened by the values' frequencies; raised to what known non-matches share."""
    pick = np.random.default_rng(_SEED)
    left, right = pick.integers(0, max(size, 1), _SAMPLE), pick.integers(0, max(size, 1), _SAMPLE)
    left, right = left[left != right], right[left != right]
    found = []
    for f, (column, random) in enumerate(zip(columns, levels_of(columns, left, right), strict=True)):
        number = len(element(column.field.element).levels)
        u = _share(random, np.ones(len(random)), _rare(number, column.chance), _PRIOR_U)
        u[-1] = column.chance
        known = labels.other & ~labels.blocked[:, f]
        if known.sum() >= 10 and not column.valid.any():
            told = _share(levels[f][known], np.ones(int(known.sum())), _rare(number, column.chance), _PRIOR_U)
            u[1:] = np.maximum(u[1:], told[1:])
        u[0] = max(1 - u[1:].sum(), 0.05)
        found.append(u / u.sum())
    return tuple(found)


def _rare(number: int, chance: float) -> Bits:
    shape = np.array([1.0, *[0.01] * (number - 2), max(chance, 1e-6)])
    share: Bits = shape / shape.sum()
    return share


def _bits(levels: Levels, m: Bits, u: Bits) -> Bits:
    """A field's weight for each pair; 0 where a side is blank."""
    table = np.zeros(256)
    table[: len(m)] = np.clip(np.log2(m / u), _LEAST, _MOST)
    return table[levels]


def score(model: Model, columns: Sequence[Column], levels: Sequence[Levels], left: NDArray[np.int64]) -> tuple[Bits, Bits]:
    """Log odds of every pair, and each field's weight (pairs × fields); a rare value that agrees weighs more than a common one."""
    weights = (
        np.stack([_bits(one, model.m[f], model.u[f]) for f, one in enumerate(levels)], axis=1)
        if levels
        else np.zeros((len(left), 0))
    )
    for f, column in enumerate(columns):
        top = np.flatnonzero(levels[f] == len(model.m[f]) - 1)
        if top.size:
            found = column.frequency[column.codes[left[top]]]
            own = model.u[f][-1] * np.clip(found / max(column.chance, 1e-9), *_COMMON)
            weights[top, f] = np.clip(np.log2(model.m[f][-1] / own), 0.0, _MOST)
    return model.prior + weights.sum(axis=1), weights
