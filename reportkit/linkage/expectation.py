"""Weights learnt without a label: expectation maximisation on counts of patterns (Dempster et al. 1977; Winkler 1988).

Priors make forty rows behave. What EM finds is not believed where two starts end in two answers, or where fields that ought to agree
mostly differ: then the built-in weights stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage import dependence
from reportkit.linkage.comparison import MISSING
from reportkit.linkage.model import MATCHES, Bits, Model, agrees_with, responsibilities
from reportkit.linkage.patterns import Patterns
from reportkit.linkage.priors import PRIOR_NEAR, neighbours, share, start, twins
from reportkit.linkage.values import Column, Flags

#: Weight of the prior of m, in pairs.
_PRIOR_M = 20.0
_ROUNDS, _STILL = 40, 1e-4
#: Two records of one thing differ at most this often in what is a person's alone, and in any other field.
_DIFFER_ALONE, _DIFFER = 0.2, 0.45
#: People who live together agree at most this often in what is a person's alone.
_MOST_ALIKE = 0.3
#: For one record of a thing that is where it was so many have moved, at most.
_MOST_MOVED = 0.5
#: Matches that the prior of a match is worth.
_PRIOR_MATCHES = 2.0
#: A strong field that differs as often as it may and agrees less often than this is not learnt from one thing's records.
_AGREE = 0.3
#: Two starts of EM that end further apart than this have not found one answer.
_APART = 0.3


def fit(columns: Sequence[Column], patterns: Patterns, shared: Flags, size: int) -> Model:
    """The model of the pairs that the patterns count, or the built-in one where what EM finds cannot be right."""
    built_in = start(columns, shared, size)
    built_in = replace(built_in, given=_implied(columns, built_in), near=neighbours(built_in, patterns))
    one = _learn(built_in, columns, patterns, size)
    other = _learn(_second(built_in), columns, patterns, size)
    doubts = _doubts(one, other, columns, patterns)
    if doubts:
        return replace(built_in, doubts=doubts)
    matches = responsibilities(one, patterns)[:MATCHES].sum(axis=0)
    parents = dependence.parents(columns, patterns, matches)
    return _learn(replace(one, parents=parents, given=_implied(columns, one)), columns, patterns, size)


def marginals(model: Model, patterns: Patterns) -> list[Bits]:
    """Per field the probability of each level among records of one thing, whatever its parent does."""
    matches = responsibilities(model, patterns)[:MATCHES].sum(axis=0)
    return [share(levels, matches, one[0], _PRIOR_M) for levels, one in zip(patterns.levels, model.m, strict=True)]


def _implied(columns: Sequence[Column], model: Model) -> Bits:
    return dependence.implied(columns, model.shared, model.classes, [float(one[0, -1]) for one in model.m])


def _second(built_in: Model) -> Model:
    """Another start: more matches, that agree less."""
    m = tuple(0.7 * one + 0.3 / one.shape[1] for one in built_in.m)
    return replace(built_in, m=m, classes=built_in.classes + np.array([2.0, 2.0, 0.0, 0.0]))


def _learn(model: Model, columns: Sequence[Column], patterns: Patterns, size: int) -> Model:
    every = max(size * (size - 1) / 2, 1.0)
    priors = tuple(column.usual for column in columns)
    before = np.exp2(model.classes)
    for _ in range(_ROUNDS):
        weight = responsibilities(model, patterns)
        last = model
        model = _updated(model, patterns, weight, (priors, before, every))
        if _moved(last, model) < _STILL:
            break
    return model


def _updated(model: Model, patterns: Patterns, weight: Bits, known: tuple[tuple[Bits, ...], Bits, float]) -> Model:
    """The maximisation step. ``weight``: classes × patterns; ``known``: priors of m and of the classes, and the number of all pairs."""
    priors, before, every = known
    same, moved, house = weight[0], weight[1], weight[2]
    m = []
    for f, levels in enumerate(patterns.levels):
        belongs = same + (house if model.shared[f] else moved)
        most = _DIFFER_ALONE if model.alone[f] else _DIFFER
        m.append(_by_parent(levels, belongs, (priors[f], most), agrees_with(model.parents[f], patterns.levels, model)))
    near = [
        _near(levels, house, model.u[f]) if model.alone[f] else one
        for f, (levels, one) in enumerate(zip(patterns.levels, model.near, strict=True))
    ]
    u = tuple(_seen(levels, weight[3], one, every) for levels, one in zip(patterns.levels, model.u, strict=True))
    strength = _PRIOR_MATCHES / max(before[0] + before[1], 1e-12)
    counted = np.array([weight[k].sum() for k in range(3)])
    shares = (counted + strength * before[:3]) / (every + strength)
    shares = np.minimum(shares, 0.45)
    # Namesakes in other houses look like somebody who moved, and there are many of them.
    shares[1] = min(shares[1], _MOST_MOVED * shares[0])
    with np.errstate(divide="ignore"):
        classes = np.log2(np.append(shares, max(1 - shares.sum(), 0.05)))
    return replace(model, m=tuple(m), near=tuple(near), u=u, classes=classes)


def _seen(levels: NDArray[np.uint8], other: Bits, u: Bits, every: float) -> Bits:
    """U of the levels between, at least as large as the candidate pairs of others alone make it: a sample sees no rare level."""
    seen = levels != MISSING
    least = np.bincount(levels[seen], weights=other[seen], minlength=len(u)) / every
    found = u.copy()
    found[1:-1] = np.maximum(u[1:-1], least[1:-1])
    found[0] = max(1 - found[1:].sum(), 0.05)
    return np.asarray(found / found.sum(), dtype=np.float64)


def _by_parent(levels: NDArray[np.uint8], weight: Bits, known: tuple[Bits, float], agrees: Flags | None) -> Bits:
    """M where the parent does not agree and where it does; the same without a parent. ``known``: its prior, and how often it may differ."""
    every = _bounded(share(levels, weight, known[0], _PRIOR_M), known[1])
    if agrees is None:
        return np.stack([every, every])
    return np.stack([_bounded(share(levels, weight * side, every, _PRIOR_M), 1.25 * known[1]) for side in (~agrees, agrees)])


def _bounded(m: Bits, most: float) -> Bits:
    """Records of one thing do not differ in most of what they say."""
    if m[0] <= most:
        return m
    found = m.copy()
    found[1:] *= (1 - most) / (1 - m[0])
    found[0] = most
    return found


def _near(levels: NDArray[np.uint8], house: Bits, u: Bits) -> Bits:
    """Shares among people of one household, who seldom agree in what is a person's alone."""
    near = share(levels, house, twins(u), 10 * PRIOR_NEAR)
    most = max(_MOST_ALIKE, u[-1])
    if near[-1] <= most:
        return near
    found = near.copy()
    found[:-1] *= (1 - most) / (1 - near[-1])
    found[-1] = most
    return found


def _moved(one: Model, other: Model) -> float:
    return max((float(np.abs(a - b).max()) for a, b in zip(one.m, other.m, strict=True)), default=0.0)


def _doubts(one: Model, other: Model, columns: Sequence[Column], patterns: Patterns) -> tuple[str, ...]:
    """What is suspicious of a learnt model."""
    found = []
    first, second = (responsibilities(model, patterns)[:MATCHES].sum() for model in (one, other))
    if abs(first - second) > _APART * max(first, second, 20.0):
        found.append("two-starts")
    for f, column in enumerate(columns):
        strong = not one.shared[f] and column.chance < 0.01
        most = _DIFFER_ALONE if one.alone[f] else _DIFFER
        if strong and one.m[f][0, 0] >= most and one.m[f][0, -1] < _AGREE:
            found.append(f"differs:{column.field.name}")
    strong_fields = sum(not one.shared[f] and column.chance < 0.01 for f, column in enumerate(columns))
    return tuple(found) if found[:1] == ["two-starts"] or 2 * len(found) > strong_fields else ()
