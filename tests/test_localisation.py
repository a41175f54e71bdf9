"""Which cells are to blame where totals don't add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.localisation import Blame, Bounds, Sum, Verdict, locate

few = settings(max_examples=60, deadline=None)
NAMES = tuple("abcdefgh")


def table(rows: int, columns: int) -> list[Sum]:
    """A two-way table: ``r1`` … row totals, ``c1`` … column totals, ``t`` the total of all, ``11`` … the cells."""
    lines = [Sum(f"r{i}", tuple(f"{i}{j}" for j in range(columns))) for i in range(rows)]
    stacks = [Sum(f"c{j}", tuple(f"{i}{j}" for i in range(rows))) for j in range(columns)]
    ends = [Sum("t", tuple(f"r{i}" for i in range(rows))), Sum("t", tuple(f"c{j}" for j in range(columns)))]
    return [*lines, *stacks, *ends]


def filled(rows: int, columns: int) -> dict[str, float | None]:
    """A two-way table whose sums hold."""
    inner = {f"{i}{j}": float(10 * i + j + 1) for i in range(rows) for j in range(columns)}
    line = {f"r{i}": sum(inner[f"{i}{j}"] for j in range(columns)) for i in range(rows)}
    stack = {f"c{j}": sum(inner[f"{i}{j}"] for i in range(rows)) for j in range(columns)}
    return {**inner, **line, **stack, "t": sum(line.values())}


def one(found: Sequence[Blame]) -> Blame:
    (blame,) = found
    return blame


def test_where_all_sums_hold_nothing_is_to_blame() -> None:
    assert locate(filled(3, 4), table(3, 4)) == ()


@pytest.mark.parametrize("cell", ["11", "r1", "c2", "t", "23"])
def test_in_a_two_way_table_one_wrong_cell_is_named_with_the_value_it_needs(cell: str) -> None:
    values = filled(3, 4)
    right = values[cell]
    blame = one(locate({**values, cell: (right or 0) + 7}, table(3, 4)))
    assert (blame.certain, blame.sets) == (True, ({cell: right},))


def test_where_one_sum_alone_fails_each_of_its_cells_may_be_wrong() -> None:
    blame = one(locate({"a": 9, "b": 2, "c": 3}, [Sum("a", ("b", "c"))]))
    assert not blame.certain
    assert sorted(blame.sets, key=str) == [{"a": 5}, {"b": 6}, {"c": 7}]


def test_a_weight_says_which_of_several_cells_is_less_likely_to_be_wrong() -> None:
    blame = one(locate({"a": 9, "b": 2, "c": 3}, [Sum("a", ("b", "c"))], weights={"b": 2, "c": 2}))
    assert (blame.certain, blame.sets) == (True, ({"a": 5},))


def test_two_wrong_cells_are_named_together() -> None:
    values = filled(3, 3)
    blame = one(locate({**values, "00": 50, "22": 90}, table(3, 3)))
    assert {"00": values["00"], "22": values["22"]} in blame.sets
    assert {len(each) for each in blame.sets} == {2}


def test_sums_that_share_no_cell_are_explained_apart() -> None:
    sums = [Sum("a", ("b", "c")), Sum("d", ("e", "f")), Sum("g", ("h", "i"))]
    values = {"a": 5, "b": 2, "c": 2, "d": 1, "e": 1, "f": 0, "g": 0, "h": 1, "i": 0}
    assert [blame.failing for blame in locate(values, sums)] == [(sums[0],), (sums[2],)]


def test_a_cell_without_a_number_is_what_its_sum_needs_and_blames_nobody() -> None:
    assert locate({"a": 5, "b": 2, "c": None}, [Sum("a", ("b", "c"))]) == ()
    assert locate({"a": 5, "b": 2}, [Sum("a", ("b", "c"))]) == ()


def test_an_unknown_cell_of_two_sums_ties_them_together() -> None:
    # Both need the same x, and cannot have it: 5 − 2 and 9 − 4.
    sums = [Sum("a", ("b", "x")), Sum("c", ("d", "x"))]
    blame = one(locate({"a": 5, "b": 2, "c": 9, "d": 4, "x": None}, sums))
    assert blame.failing == ()
    assert sorted(blame.sets, key=str) == [{"a": 7}, {"b": 0}, {"c": 7}, {"d": 6}]


def test_a_difference_within_the_tolerance_is_none() -> None:
    assert locate({"a": 0.3, "b": 0.1, "c": 0.2}, [Sum("a", ("b", "c"))]) == ()
    assert locate({"a": 10, "b": 4.6, "c": 5.1}, [Sum("a", ("b", "c"))], bounds=Bounds(tolerance=0.5)) == ()


def test_too_many_ways_are_unknown_and_said_in_bounded_time() -> None:
    values = {name: (number or 0) + (hash_of(name) % 9) for name, number in filled(12, 12).items()}
    start = perf_counter()
    blame = one(locate(values, table(12, 12)))
    assert (blame.verdict, blame.sets, blame.certain) == (Verdict.UNKNOWN, (), False)
    assert perf_counter() - start < 5


def hash_of(name: str) -> int:
    return sum(ord(character) * 31**at for at, character in enumerate(name))


def test_the_order_of_sums_changes_nothing() -> None:
    values = {**filled(3, 3), "01": 44, "t": 1}
    forward, backward = (one(locate(values, sums)) for sums in (table(3, 3), table(3, 3)[::-1]))
    assert sorted(map(str, map(sorted, (each.items() for each in forward.sets)))) == sorted(
        map(str, map(sorted, (each.items() for each in backward.sets)))
    )


# -- against trying every set ------------------------------------------------------------------------------


@st.composite
def systems(draw: st.DrawFn) -> tuple[dict[str, float | None], list[Sum]]:
    sums = [
        Sum(line[0], tuple(line[1:]))
        for line in draw(st.lists(st.permutations(NAMES).map(lambda all_of: all_of[:4]), min_size=1, max_size=4))
    ]
    numbers = st.one_of(st.none(), st.integers(-9, 9).map(float))
    return {name: draw(numbers) for name in NAMES}, sums


def solvable(values: Mapping[str, float | None], sums: Sequence[Sum], free: Sequence[str]) -> bool:
    """Whether the free cells can have values with which every sum holds."""
    columns, wanted = np.zeros((len(sums), len(NAMES))), np.zeros(len(sums))
    for line, each in enumerate(sums):
        for name, sign in [(each.total, 1), *((part, -1) for part in each.parts)]:
            columns[line, NAMES.index(name)] += sign
            wanted[line] -= sign * (values[name] or 0)
    chosen = columns[:, [NAMES.index(name) for name in free]]
    change = np.linalg.lstsq(chosen, wanted, rcond=None)[0] if free else np.zeros(0)
    return bool(np.allclose(chosen @ change, wanted, atol=1e-6))


@few
@given(systems())
def test_no_smaller_set_explains_it_and_none_as_small_is_left_out(
    given_system: tuple[dict[str, float | None], list[Sum]],
) -> None:
    values, sums = given_system
    unknown = [name for name in NAMES if values[name] is None]
    known = [name for name in NAMES if values[name] is not None]
    found = locate(values, sums)
    sizes = [len(blame.sets[0]) for blame in found]
    least = next(
        size for size in range(len(known) + 1) if any(solvable(values, sums, [*unknown, *s]) for s in combinations(known, size))
    )
    assert sum(sizes) == least
    every = [set(s) for s in combinations(known, least) if solvable(values, sums, [*unknown, *s])]
    told: list[set[str]] = [set()]
    for blame in found:
        assert blame.complete
        told = [before | set(each) for before in told for each in blame.sets]
    assert sorted(map(sorted, told)) == sorted(map(sorted, every))


@few
@given(systems())
def test_with_the_values_that_are_named_every_sum_holds(given_system: tuple[dict[str, float | None], list[Sum]]) -> None:
    values, sums = given_system
    for blame in locate(values, sums):
        for each in blame.sets:
            if None not in each.values():
                mended = {**values, **each}
                assert all(cells_agree(mended, failing) for failing in blame.failing)


def cells_agree(values: Mapping[str, float | None], each: Sum) -> bool:
    right, total = each.of_parts(values), values[each.total]
    return right is None or total is None or abs(right - total) < 0.01
