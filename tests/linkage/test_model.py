"""The model of Fellegi and Sunter against its own formula."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import log2, prod

import numpy as np
import pytest
from weighing import patterns_of, weights

from reportkit.linkage.model import Model

#: Probabilities of the levels of two own fields and one that a household shares.
M = ([0.05, 0.15, 0.8], [0.1, 0.9], [0.3, 0.7])
U = ([0.9, 0.08, 0.02], [0.99, 0.01], [0.995, 0.005])
NEAR = ([0.8, 0.1, 0.1], [0.98, 0.02], [0.995, 0.005])
CLASSES = (0.01, 0.002, 0.02, 0.968)
SHARED = np.array([False, False, True])
EVERY = list(product([0, 1, 2, None], [0, 1, None], [0, 1, None]))


def made_up() -> Model:
    return Model(
        m=tuple(np.array([one, one]) for one in M),
        parents=(-1, -1, -1),
        u=tuple(np.array(one) for one in U),
        near=tuple(np.array(one) for one in NEAR),
        given=np.zeros((3, 3)),
        alone=~SHARED,
        shared=SHARED,
        classes=np.log2(np.array(CLASSES)),
    )


def by_hand(levels: tuple[int | None, ...], own: float = 1.0, shared: float = 1.0) -> float:
    """Log odds of one thing. ``own`` and ``shared``: how many times likelier by chance the values are that agree."""

    def product_of(table: tuple[list[float], ...], fields: tuple[int, ...]) -> float:
        return prod(table[f][level] for f in fields if (level := levels[f]) is not None)

    one, home = (0, 1), (2,)
    others = product_of(U, one) * own
    family = max(product_of(NEAR, one), others)
    strangers = product_of(U, home) * shared
    same, moved, house, rest = CLASSES
    ones = product_of(M, one) * (same * product_of(M, home) + moved * strangers)
    return log2(ones / (house * family * product_of(M, home) + rest * others * strangers))


def test_a_pairs_weight_is_the_log_odds_of_its_levels() -> None:
    assert weights(made_up(), patterns_of(EVERY)) == pytest.approx([by_hand(one) for one in EVERY])


def test_without_households_it_is_the_prior_and_a_ratio_a_field() -> None:
    model = replace(made_up(), shared=np.zeros(3, dtype=np.bool_), classes=np.array([log2(0.01), -np.inf, -np.inf, log2(0.99)]))
    wanted = [
        log2(0.01 / 0.99) + sum(log2(M[f][level] / U[f][level]) for f, level in enumerate(one) if level is not None)
        for one in EVERY
    ]
    assert weights(model, patterns_of(EVERY)) == pytest.approx(wanted)


def test_values_that_are_rare_by_some_bits_agree_so_much_seldomer_by_chance() -> None:
    levels = [(2, 1, 1)]
    assert weights(made_up(), patterns_of(levels, own=2.0)) == pytest.approx([by_hand((2, 1, 1), own=0.25)])
    assert weights(made_up(), patterns_of(levels, own=-3.0)) == pytest.approx([by_hand((2, 1, 1), own=8.0)])
    assert weights(made_up(), patterns_of(levels, shared=2.0)) == pytest.approx([by_hand((2, 1, 1), shared=0.25)])


def test_missing_is_neutral() -> None:
    nothing, phone = weights(made_up(), patterns_of([(None, None, None), (None, None, 1)]))
    assert nothing == pytest.approx(log2((CLASSES[0] + CLASSES[1]) / (CLASSES[2] + CLASSES[3])))
    # The shared phone alone makes a household likelier as well as one thing: most of it says nothing.
    assert phone - nothing < log2(M[2][1] / U[2][1]) - 1


def test_what_another_agreement_implies_is_not_counted_again() -> None:
    """Field 0 agrees by chance in nine of ten where field 1 agrees: then it says no more than its m against that."""
    implied = np.zeros((3, 3))
    implied[0, 1] = 0.9
    model = replace(
        made_up(), given=implied, shared=np.zeros(3, dtype=np.bool_), classes=np.array([log2(0.01), -np.inf, -np.inf, log2(0.99)])
    )
    both, one = weights(model, patterns_of([(2, 1, None), (None, 1, None)]))
    assert both - one == pytest.approx(log2(M[0][2] / 0.9))
    alone, without = weights(model, patterns_of([(2, 0, None), (None, 0, None)]))
    assert alone - without == pytest.approx(log2(M[0][2] / U[0][2]))


def test_a_field_with_a_parent_is_judged_by_whether_that_agrees() -> None:
    m = list(made_up().m)
    m[0] = np.array([[0.6, 0.2, 0.2], [0.02, 0.08, 0.9]])
    model = replace(
        made_up(),
        m=tuple(m),
        parents=(1, -1, -1),
        shared=np.zeros(3, dtype=np.bool_),
        classes=np.array([log2(0.01), -np.inf, -np.inf, log2(0.99)]),
    )
    prior = log2(0.01 / 0.99)
    agrees, differs = weights(model, patterns_of([(2, 1, None), (2, 0, None)]))
    assert agrees == pytest.approx(prior + log2(0.9 / U[0][2]) + log2(M[1][1] / U[1][1]))
    assert differs == pytest.approx(prior + log2(0.2 / U[0][2]) + log2(M[1][0] / U[1][0]))
