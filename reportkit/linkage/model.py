"""What agreement is worth: how probable each level is among records of one thing (m) and among others (u).

Fellegi & Sunter 1969, with m by expectation maximisation (Winkler 1988) on counts of patterns of levels, u from the values'
frequencies and random pairs of words. Who lives together shares a phone and an address, and who moves changes both: so a pair belongs to
one of four classes, by whether its own fields (name, number, birthday) are those of one person and whether its shared fields are those of
one household. What a household shares thereby counts once, and EM cannot take households for matches. Priors make forty rows behave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage import dependence
from reportkit.linkage.comparison import MISSING, words
from reportkit.linkage.patterns import DIFFERENT, SAME, Patterns
from reportkit.linkage.values import REPEATED, Column, Flags

Bits = NDArray[np.float64]

_SAMPLE, _SEED = 20_000, 20_261_124
#: Weight of the priors, in pairs.
_PRIOR_M, _PRIOR_U, _PRIOR_NEAR = 20.0, 50.0, 20.0
_ROUNDS, _STILL = 40, 1e-4
#: No single field says more than this, in bits.
_LEAST, _MOST = -9.0, 18.0
#: Two records of one thing differ at most this often in what is a person's alone, and in any other field.
_DIFFER_ALONE, _DIFFER = 0.2, 0.45
#: People who live together agree this often in what is a person's alone, beside chance.
_ALIKE, _MOST_ALIKE = 0.01, 0.3
#: Matches that the prior of a match is worth.
_PRIOR_MATCHES = 2.0
#: Share of matches that moved, and households a record, before anything is seen.
_MOVED, _NEIGHBOURS = 0.1, 0.05
#: A decision by a person or an identifier counts as so many pairs.
_TOLD = 1.0
#: A strong field that differs as often as it may and agrees less often than this is not learnt from one thing's records.
_AGREE = 0.3
#: Two starts of EM that end further apart than this have not found one answer.
_APART = 0.3


@dataclass(frozen=True, slots=True)
class Model:
    """Probabilities by field and level, and of the classes of pairs.

    Attributes:
        m: per field, among records of one thing (own fields) or of one household (shared fields): two rows, where the field's parent does not
            agree and where it does.
        parents: per field the field on whose agreement its own depends among records of one thing (a full name and its surname), -1 for
            none.
        u: per field, among records of others.
        near: per own field, among people of one household; as ``u`` for shared fields.
        alone: which fields are a person's alone (given name, birthday, number): no household shares them.
        given: fields × fields: the probability that a field agrees (by row) where another of its kind (by column) agrees, of others.
        shared: which fields are a household's.
        classes: logarithms (base 2) of the probabilities of same, moved, household, other among all pairs of records.
        doubts: why the weights are built-in and not learnt; empty where they are.
    """

    m: tuple[Bits, ...]
    parents: tuple[int, ...]
    u: tuple[Bits, ...]
    near: tuple[Bits, ...]
    given: Bits
    alone: Flags
    shared: Flags
    classes: Bits
    doubts: tuple[str, ...] = ()


#: Elements of what is a person's alone, beside valid identifiers.
_ALONE = ("given-name", "person-name", "date")
#: Classes of pairs in the order of ``Model.classes``: the first two are one thing.
MATCHES = 2


def fit(columns: Sequence[Column], patterns: Patterns, shared: Flags, size: int) -> Model:
    """The model of the pairs that the patterns count, or the built-in one where what EM finds cannot be right."""
    built_in = start(columns, shared, size)
    built_in = replace(built_in, given=_implied(columns, built_in), near=_neighbours(built_in, patterns))
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
    return [_share(levels, matches, one[0], _PRIOR_M) for levels, one in zip(patterns.levels, model.m, strict=True)]


def _implied(columns: Sequence[Column], model: Model) -> Bits:
    return dependence.implied(columns, model.shared, model.classes, [float(one[0, -1]) for one in model.m])


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


def _neighbours(model: Model, patterns: Patterns) -> tuple[Bits, ...]:
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
        u if model.shared[f] else _twins(u) if model.alone[f] else _share(patterns.levels[f], weight, u, _PRIOR_NEAR)
        for f, u in enumerate(model.u)
    )


def _second(built_in: Model) -> Model:
    """Another start: more matches, that agree less."""
    m = tuple(0.7 * one + 0.3 / one.shape[1] for one in built_in.m)
    return replace(built_in, m=m, classes=built_in.classes + np.array([2.0, 2.0, 0.0, 0.0]))


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


def _twins(u: Bits) -> Bits:
    """What is a person's alone, in a household: the namesake and the twin are somewhat likelier there."""
    near = (1 - _ALIKE) * u
    near[-1] += _ALIKE
    return near


# -- expectation maximisation ------------------------------------------------------------------------------


def _learn(model: Model, columns: Sequence[Column], patterns: Patterns, size: int) -> Model:
    every = max(size * (size - 1) / 2, 1.0)
    priors = start_priors(columns)
    before = np.exp2(model.classes)
    for _ in range(_ROUNDS):
        weight = responsibilities(model, patterns)
        last = model
        model = _updated(model, patterns, weight, (priors, before, every))
        if _moved(last, model) < _STILL:
            break
    return model


def start_priors(columns: Sequence[Column]) -> tuple[Bits, ...]:
    """Prior of m by field."""
    return tuple(column.usual for column in columns)


def _updated(model: Model, patterns: Patterns, weight: Bits, known: tuple[tuple[Bits, ...], Bits, float]) -> Model:
    """The maximisation step. ``weight``: classes × patterns; ``known``: priors of m and of the classes, and the number of all pairs."""
    priors, before, every = known
    same, moved, house = weight[0], weight[1], weight[2]
    m = []
    for f, levels in enumerate(patterns.levels):
        belongs = same + (house if model.shared[f] else moved)
        most = _DIFFER_ALONE if model.alone[f] else _DIFFER
        m.append(_by_parent(levels, belongs, (priors[f], most), _agrees(model.parents[f], patterns.levels, model)))
    near = [
        _near(levels, house, model.u[f]) if model.alone[f] else one
        for f, (levels, one) in enumerate(zip(patterns.levels, model.near, strict=True))
    ]
    u = tuple(_seen(levels, weight[3], one, every) for levels, one in zip(patterns.levels, model.u, strict=True))
    strength = _PRIOR_MATCHES / max(before[0] + before[1], 1e-12)
    counted = np.array([weight[k].sum() for k in range(3)])
    shares = (counted + strength * before[:3]) / (every + strength)
    shares = np.minimum(shares, 0.45)
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
    every = _bounded(_share(levels, weight, known[0], _PRIOR_M), known[1])
    if agrees is None:
        return np.stack([every, every])
    return np.stack([_bounded(_share(levels, weight * side, every, _PRIOR_M), 1.25 * known[1]) for side in (~agrees, agrees)])


def _agrees(parent: int, levels: Sequence[NDArray[np.uint8]], model: Model) -> Flags | None:
    """Where a field's parent agrees; None without one."""
    return None if parent < 0 else np.asarray(levels[parent] == len(model.u[parent]) - 1, dtype=np.bool_)


def _share(levels: NDArray[np.uint8], weight: Bits, prior: Bits, strength: float) -> Bits:
    """Shares of the levels, weighted, with a prior worth ``strength`` pairs."""
    seen = levels != MISSING
    counts = np.bincount(levels[seen], weights=weight[seen], minlength=len(prior))
    share: Bits = (counts + strength * prior) / (counts.sum() + strength)
    return share


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
    near = _share(levels, house, _twins(u), 10 * _PRIOR_NEAR)
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


# -- weights -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """Logarithms (base 2) of the probability of each pattern: own and shared fields, each of one thing or of others."""

    own: Bits
    own_near: Bits
    own_other: Bits
    shared: Bits
    shared_other: Bits

    @property
    def parts(self) -> tuple[Bits, ...]:
        """All five."""
        return (self.own, self.own_near, self.own_other, self.shared, self.shared_other)


def likelihoods(model: Model, patterns: Patterns) -> Likelihoods:
    """Of every pattern; fields of which a side is blank say nothing."""
    terms = field_terms(model, patterns.levels)
    zero = np.zeros(patterns.number)
    parts = {
        (kind, side): sum((terms[f][kind] for f in range(len(terms)) if model.shared[f] == side), zero)
        for kind in range(3)
        for side in (False, True)
    }
    return Likelihoods(parts[0, False], parts[1, False], parts[2, False], parts[0, True], parts[2, True])


def field_terms(model: Model, levels: Sequence[NDArray[np.uint8]]) -> list[tuple[Bits, Bits, Bits]]:
    """Per field: log2 of m, near and u of each pattern's level, 0 where blank; u raised by what other fields' agreement implies."""
    agree = [one == len(model.u[f]) - 1 for f, one in enumerate(levels)]
    found = []
    for f, one in enumerate(levels):
        agrees = _agrees(model.parents[f], levels, model)
        m = np.maximum(model.m[f], model.u[f] * 2**_LEAST)
        u = np.maximum(model.u[f], m.max(axis=0) * 2**-_MOST)
        blank = one == MISSING
        at = np.where(blank, 0, one)
        implied = np.zeros(len(one))
        for g in np.flatnonzero(model.given[f] > 2 * u[-1]):
            implied = np.where(agree[g], np.maximum(implied, model.given[f, g]), implied)
        other = np.where(agree[f], np.maximum(u[at], np.minimum(implied, 1.0)), u[at])
        near = np.maximum(model.near[f][at], np.where(agree[f], other, 0.0))
        state = np.zeros(len(one), dtype=np.int64) if agrees is None else agrees.astype(np.int64)
        found.append(
            (
                np.where(blank, 0.0, np.log2(m[state, at])),
                np.where(blank, 0.0, np.log2(near)),
                np.where(blank, 0.0, np.log2(other)),
            )
        )
    return found


def class_bits(model: Model, found: Likelihoods, rare_own: Bits, rare_shared: Bits) -> Bits:
    """Classes × patterns: logarithms (base 2) of class and pattern together; rare values agree seldom by chance."""
    own_other, shared_other = found.own_other - rare_own, found.shared_other - rare_shared
    return np.stack(
        [
            model.classes[0] + found.own + found.shared,
            model.classes[1] + found.own + shared_other,
            model.classes[2] + np.maximum(found.own_near, own_other) + found.shared,
            model.classes[3] + own_other + shared_other,
        ]
    )


def responsibilities(model: Model, patterns: Patterns) -> Bits:
    """The expectation step: classes × patterns, how many pairs of each pattern are of each class; what was told is kept."""
    bits = class_bits(model, likelihoods(model, patterns), patterns.rare_own, patterns.rare_shared)
    bits[:MATCHES, patterns.told == DIFFERENT] = -np.inf
    bits[MATCHES:, patterns.told == SAME] = -np.inf
    bits -= bits.max(axis=0)
    weight = np.exp2(bits)
    return np.asarray(weight / weight.sum(axis=0) * patterns.counts, dtype=np.float64)


def weight(bits: Bits) -> Bits:
    """Log odds (base 2) that the pair is one thing, from its classes."""
    same = np.logaddexp2(bits[0], bits[1])
    other = np.logaddexp2(bits[2], bits[3])
    return np.asarray(same - other)
