"""Controlled rounding: parts that add up to their totals also in 万元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.localisation import Sum
from reportkit.rounding import Balanced, apportion, balance, ordinary

few = settings(max_examples=60, deadline=None)
CENTS = st.integers(-10_000_000, 500_000_000)


def held(found: Balanced, sums: Sequence[Sum]) -> bool:
    """Whether every sum holds to the last digit."""
    figures = {name: Decimal(repr(value)) for name, value in found.figures.items() if value is not None}
    return all(figures[one.total] == sum(figures[part] for part in one.parts) for one in sums)


def furthest(found: Balanced, values: Mapping[str, float], factor: int, decimals: int) -> Decimal:
    """How many multiples the figure that moved most has moved."""
    off = [
        abs(Decimal(repr(found.figures[name])) - Decimal(repr(float(value))) / factor) * 10**decimals
        for name, value in values.items()
    ]
    return max(off)


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[str, float], list[Sum]]:
    """Figures of which some are the sums of others, to any depth."""
    sums: list[Sum] = []
    cents: dict[str, int] = {}

    def grow(name: str, depth: int) -> int:
        parts = draw(st.integers(2, 4)) if depth and draw(st.booleans()) else 0
        cents[name] = sum(grow(f"{name}{n}", depth - 1) for n in range(parts)) if parts else draw(CENTS)
        if parts:
            sums.append(Sum(name, tuple(f"{name}{n}" for n in range(parts))))
        return cents[name]

    grow("t", 3)
    return {name: value / 100 for name, value in cents.items()}, sums


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, float], list[Sum]]:
    """Two-way tables with totals on both sides."""
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    inner = {f"{i}.{j}": draw(CENTS) for i, j in product(range(rows), range(columns))}
    cents = dict(inner)
    sums = [Sum(f"r{i}", tuple(f"{i}.{j}" for j in range(columns))) for i in range(rows)]
    sums += [Sum(f"c{j}", tuple(f"{i}.{j}" for i in range(rows))) for j in range(columns)]
    cents |= {one.total: sum(inner[part] for part in one.parts) for one in sums}
    cents["t"] = sum(inner.values())
    sums += [Sum("t", tuple(f"r{i}" for i in range(rows))), Sum("t", tuple(f"c{j}" for j in range(columns)))]
    return {name: value / 100 for name, value in cents.items()}, sums


@few
@given(st.one_of(trees(), tables()), st.sampled_from([(1000, 0), (10_000, 2), (10_000, 0), (100_000_000, 2)]))
def test_every_sum_holds_and_no_figure_moves_a_whole_multiple(
    made: tuple[dict[str, float], list[Sum]], into: tuple[int, int]
) -> None:
    values, sums = made
    found = balance(values, sums, *into)
    assert held(found, sums)
    assert found.broken == ()
    assert furthest(found, values, *into) < 1


@few
@given(st.one_of(trees(), tables()))
def test_what_is_exact_already_stays_and_rounding_again_changes_nothing(made: tuple[dict[str, float], list[Sum]]) -> None:
    values, sums = made
    once = balance(values, sums, 10_000, 2)
    again = balance(once.figures, sums, 1, 2)
    assert (again.figures, again.moved) == (once.figures, {})


@few
@given(tables())
def test_only_what_is_told_differs_from_ordinary_rounding(made: tuple[dict[str, float], list[Sum]]) -> None:
    values, sums = made
    found, ordinary = balance(values, sums, 10_000, 1), balance(values, [], 10_000, 1).figures
    assert {name: ordinary[name] for name in values if found.figures[name] != ordinary[name]} == found.moved


@few
@given(trees())
def test_figures_below_nothing_are_rounded_like_those_above(made: tuple[dict[str, float], list[Sum]]) -> None:
    values, sums = made
    mirrored = balance({name: -value for name, value in values.items()}, sums, 1000)
    assert held(mirrored, sums)
    assert cost(mirrored, {name: -value for name, value in values.items()}) == pytest.approx(
        cost(balance(values, sums, 1000), values)
    )


def cost(found: Balanced, values: Mapping[str, float]) -> float:
    return sum(abs((found.figures[name] or 0) - value / 1000) for name, value in values.items())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 99_999), min_size=4, max_size=4))
def test_no_rounding_of_a_small_table_moves_less(inner: list[int]) -> None:
    a, b, c, d = inner
    values: dict[str, float] = {
        "a": a,
        "b": b,
        "c": c,
        "d": d,
        "ab": a + b,
        "cd": c + d,
        "ac": a + c,
        "bd": b + d,
        "t": sum(inner),
    }
    sums = [Sum("ab", ("a", "b")), Sum("cd", ("c", "d")), Sum("ac", ("a", "c")), Sum("bd", ("b", "d")), Sum("t", ("ab", "cd"))]
    sums.append(Sum("t", ("ac", "bd")))
    choices = [sorted({value // 1000, -(-value // 1000)}) for value in inner]
    best = float("inf")
    for w, x, y, z in product(*choices):
        tried = {"a": w, "b": x, "c": y, "d": z, "ab": w + x, "cd": y + z, "ac": w + y, "bd": x + z, "t": w + x + y + z}
        if all(abs(tried[name] - value / 1000) < 1 for name, value in values.items()):
            best = min(best, sum(abs(tried[name] - value / 1000) for name, value in values.items()))
    assert cost(balance(values, sums, 1000), values) == pytest.approx(best)


def test_three_halves_of_a_unit_do_not_make_three_out_of_one() -> None:
    values = {"合计": 15_000, "甲": 5_000, "乙": 5_000, "丙": 5_000}
    found = balance(values, [Sum("合计", ("甲", "乙", "丙"))], 10_000)
    assert held(found, [Sum("合计", ("甲", "乙", "丙"))])
    assert found.figures["合计"] == 2
    assert sorted(found.figures[name] for name in "甲乙丙") == [0, 1, 1]
    assert len(found.moved) == 1


def test_sums_that_cross_in_ways_no_neighbouring_multiple_allows_are_held_further_away() -> None:
    # a+b, b+c and c+a are each 1 of 3 exact figures: no whole a, b, c within one of 0.5 make it.
    values: dict[str, float] = {"a": 500, "b": 500, "c": 500, "p": 1000, "q": 1000, "r": 1000}
    sums = [Sum("p", ("a", "b")), Sum("q", ("b", "c")), Sum("r", ("c", "a"))]
    assert held(balance(values, sums, 1000), sums)


@few
@given(st.lists(st.integers(0, 5000), min_size=5, max_size=5), st.integers(0, 10**6))
def test_consistent_sums_of_any_shape_can_always_be_held(parts: list[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    values: dict[str, float] = {f"x{n}": float(value) for n, value in enumerate(parts)}
    sums = []
    for line in range(5):
        names = [f"x{n}" for n in sorted(chance.choice(5, 3, replace=False))]
        values[f"s{line}"] = sum(values[name] for name in names)
        sums.append(Sum(f"s{line}", tuple(names)))
    assert held(balance(values, sums, 1000), sums)


def test_a_sum_that_did_not_hold_is_not_forced_and_told() -> None:
    wrong, right = Sum("t", ("a", "b")), Sum("u", ("a", "c"))
    found = balance({"t": 99_999, "a": 4_000, "b": 5_000, "c": 6_000, "u": 10_000}, [wrong, right], 10_000)
    assert found.broken == (wrong,)
    assert held(found, [right])


def test_a_figure_that_is_unknown_stays_unknown() -> None:
    found = balance({"t": 99_999, "a": None, "b": 5_000}, [Sum("t", ("a", "b"))], 10_000)
    assert (found.figures, found.broken) == ({"t": 10, "a": None, "b": 1}, ())


def test_a_sum_holds_within_half_a_unit_of_the_last_decimal_that_is_written() -> None:
    sums = [Sum("t", ("a", "b"))]
    assert balance({"t": 100.01, "a": 50, "b": 50.014}, sums, 10, written=2).broken == ()
    assert balance({"t": 100.01, "a": 50, "b": 50.02}, sums, 10, written=2).broken != ()


# -- columns -----------------------------------------------------------------------------------------------


@few
@given(
    st.lists(st.integers(-1_000_000, 5_000_000), min_size=1, max_size=40), st.sampled_from([(1000, 0), (10_000, 2), (10_000, 0)])
)
def test_a_column_adds_up_to_its_total_rounded_ordinarily(cents: list[int], into: tuple[int, int]) -> None:
    factor, decimals = into
    values = np.array(cents) / 100
    figures = apportion(values, factor, decimals)
    total = balance({"t": sum(cents) / 100}, [], factor, decimals).figures["t"]
    assert round(float(figures.sum()), decimals) == total
    assert np.abs(figures - values / factor).max() < 10.0**-decimals
    usual = [balance({"x": value}, [], factor, decimals).figures["x"] for value in values]
    assert ordinary(values, factor, decimals).tolist() == usual


def test_a_row_without_a_number_stays_without() -> None:
    figures = apportion(np.array([4_000, np.nan, 4_000, 4_000]), 10_000)
    assert np.array_equal(figures, [1, np.nan, 0, 0], equal_nan=True)


def test_a_hundred_thousand_rows_take_no_time() -> None:
    values = np.random.default_rng(1).integers(0, 10**7, 100_000) / 100
    start = perf_counter()
    figures = apportion(values, 10_000, 2)
    assert perf_counter() - start < 1
    assert round(float(figures.sum()), 2) == round(float(values.sum()) / 10_000, 2)
