"""What is known of pairs before anything is learnt: m as is usual of each element, u from this data's frequencies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportkit.linkage.comparison import MISSING, Levels, words
from reportkit.linkage.model import Bits, Model
from reportkit.linkage.patterns import Patterns
from reportkit.linkage.values import REPEATED, Column, Flags

_SAMPLE, _SEED = 20_000, 20_261_124
#: Weight of the priors of u and of neighbours, in pairs.
_PRIOR_U, PRIOR_NEAR = 50.0, 20.0
#: People who live together agree this often in what is a person's alone, beside chance.
_ALIKE = 0.01
#: Share of matches that moved, and households a record, before anything is seen.
_MOVED, _NEIGHBOURS = 0.1, 0.05
#: Elements of what is a person's alone, beside valid identifiers.
_ALONE = ("given-name", "person-name", "date")


def start(columns: Sequence[Column], shared: Flags, size: int) -> Model:
    """The built-in weights: what is usual of each element, with this data's frequencies."""
    m = tuple(np.stack([column.usual, column.usual]) for column in columns)
    u = tuple(_chance(column) for column in columns)
    matches = min(0.2, 2 * REPEATED / max(size - 1, 1))
    near = min(0.2, 2 * _NEIGHBOURS / max(size - 1, 1)) if shared.any() else 0.0
    moved = _MOVED if shared.any() else 0.0
    shares = np.array([matches * (1 - moved), matches * moved, near, 1 - matches - near])
    with np.errstate(divide="ignore"):
        classes = np.log2(shares)
    alone = np.array([column.element.name in _ALONE or column.element.linking.identifies for column in columns], dtype=np.bool_)
    return Model(m, (-1,) * len(columns), u, u, np.zeros((len(columns), len(columns))), alone, shared, classes)


def neighbours(model: Model, patterns: Patterns) -> tuple[Bits, ...]:
    """``near`` before anything is learnt: of pairs that agree in a shared field and in nothing that is a person's alone."""
    tops = [len(one) - 1 for one in model.u]
    together = np.zeros(patterns.number, dtype=np.bool_)
    strangers, said = np.ones(patterns.number, dtype=np.bool_), np.zeros(patterns.number, dtype=np.bool_)
    for f, levels in enumerate(patterns.levels):
        if model.shared[f]:
            together |= levels == tops[f]
        elif model.alone[f]:
            strangers &= (levels == 0) | (levels == MISSING)
            said |= levels == 0
    weight = patterns.counts * (together & strangers & said)
    return tuple(
        u if model.shared[f] else twins(u) if model.alone[f] else share(patterns.levels[f], weight, u, PRIOR_NEAR)
        for f, u in enumerate(model.u)
    )


def _chance(column: Column) -> Bits:
    """U of each level: the same by the values' frequencies, levels between by random pairs of words."""
    number = column.top + 1
    pick = np.random.default_rng(_SEED)
    share = column.counts / column.counts.sum()
    left, right = (pick.choice(len(share), _SAMPLE, p=share).astype(np.int32) for _ in range(2))
    unequal = left != right
    levels = words(column, left[unequal], right[unequal])
    counts = np.bincount(levels, minlength=number).astype(np.float64)
    rare = np.array([1.0, *[min(0.01, 20 * column.chance + 1e-5)] * (number - 2), 0.0])
    u: Bits = (counts + _PRIOR_U * rare) / (counts.sum() + _PRIOR_U)
    u[-1] = column.chance
    u[0] = max(1 - u[1:].sum(), 0.05)
    return np.asarray(u / u.sum(), dtype=np.float64)


def twins(u: Bits) -> Bits:
    """What is a person's alone, in a household: the namesake and the twin are somewhat likelier there."""
    near = (1 - _ALIKE) * u
    near[-1] += _ALIKE
    return near


def share(levels: Levels, weight: Bits, prior: Bits, strength: float) -> Bits:
    """Shares of the levels, weighted, with a prior worth ``strength`` pairs."""
    seen = levels != MISSING
    counts = np.bincount(levels[seen], weights=weight[seen], minlength=len(prior))
    found: Bits = (counts + strength * prior) / (counts.sum() + strength)
    return found
