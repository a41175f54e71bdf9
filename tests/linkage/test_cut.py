"""Where one thing begins."""

from __future__ import annotations

import numpy as np
import pytest

from reportkit.linkage.cut import valley

NOBODY = np.zeros(0)


def hills(low: float, high: float, many: int = 20_000, few: int = 1_000) -> tuple[np.ndarray, np.ndarray]:
    """Scores of others and of pairs of one thing, each a hill of the normal distribution."""
    draw = np.random.default_rng(5)
    return draw.normal(low, 2.0, many), draw.normal(high, 2.0, few)


@pytest.mark.parametrize(("low", "high"), [(-12, 12), (-10, 8), (-14, 9), (-8, 14)])
def test_the_cut_lies_between_two_hills_and_loses_next_to_nothing(low: float, high: float) -> None:
    others, ones = hills(low, high)
    cut = valley(np.concatenate([others, ones]), NOBODY, NOBODY)
    assert low < cut < high
    assert (others >= cut).sum() <= 0.01 * len(ones)
    assert (ones < cut).sum() <= 0.01 * len(ones)


@pytest.mark.parametrize("wrong", [-4.0, -2.0, 2.0])
def test_a_model_that_errs_by_some_bits_does_not_move_what_is_joined(wrong: float) -> None:
    others, ones = hills(-10, 10)
    cut = valley(np.concatenate([others, ones]) + wrong, NOBODY, NOBODY)
    joined = (others + wrong >= cut).sum() + (ones + wrong >= cut).sum()
    assert joined == pytest.approx(len(ones), rel=0.02)


def test_without_a_second_hill_nobody_is_above_the_cut() -> None:
    others, _ = hills(-14, 0)
    assert (others >= valley(others, NOBODY, NOBODY)).sum() == 0


def test_without_pairs_the_cut_is_at_even_odds() -> None:
    assert valley(NOBODY, NOBODY, NOBODY) == 0.0


def test_what_persons_decided_moves_the_cut_to_their_side() -> None:
    others, ones = hills(-10, 8)
    bits = np.concatenate([others, ones])
    neutral = valley(bits, NOBODY, NOBODY)
    strict = valley(bits, NOBODY, np.full(30, neutral + 1.0))
    lenient = valley(bits, np.full(30, neutral - 1.0), NOBODY)
    assert strict > neutral + 1.0
    assert lenient <= neutral - 1.0


def test_one_decision_does_not_move_the_cut_into_a_hill() -> None:
    others, ones = hills(-10, 10)
    bits = np.concatenate([others, ones])
    cut = valley(bits, NOBODY, np.array([11.0]))
    assert (ones < cut).sum() <= 0.02 * len(ones)


def test_the_cut_does_not_depend_on_the_order_of_pairs() -> None:
    bits = np.concatenate(hills(-9, 7))
    assert valley(bits, NOBODY, NOBODY) == valley(bits[::-1], NOBODY, NOBODY)
