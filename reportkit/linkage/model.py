"""What agreement is worth: a pair's log odds from how probable each level is among records of one thing (m) and among others (u).

Fellegi & Sunter 1969. Who lives together shares a phone and an address, and who moves changes both: so a pair belongs to one of four
classes, by whether its own fields (name, number, birthday) are those of one person and whether its shared fields are those of one
household. What a household shares thereby counts once. ``priors`` says what is known before anything is learnt, ``expectation`` learns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportkit.linkage.comparison import MISSING
from reportkit.linkage.patterns import DIFFERENT, SAME, Patterns
from reportkit.linkage.values import Flags

Bits = NDArray[np.float64]

#: No single field says more than this, in bits.
_LEAST, _MOST = -9.0, 18.0
#: Classes of pairs in the order of ``Model.classes``: the first two are one thing.
MATCHES = 2


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
        agrees = agrees_with(model.parents[f], levels, model)
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


def agrees_with(parent: int, levels: Sequence[NDArray[np.uint8]], model: Model) -> Flags | None:
    """Where a field's parent agrees; None without one."""
    return None if parent < 0 else np.asarray(levels[parent] == len(model.u[parent]) - 1, dtype=np.bool_)


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
