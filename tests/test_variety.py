from __future__ import annotations

import polars as pl
import pytest

from reportkit.variety import few

ROWS = 100_000


def column(values: list[str | None]) -> pl.Series:
    return pl.Series((values * (ROWS // len(values) + 1))[:ROWS], dtype=pl.String)


@pytest.mark.parametrize("number", [1, 2, 300, 4000])
def test_a_long_column_of_few_values_is_told_by_each_of_them(number: int) -> None:
    words: list[str | None] = [f"{n}号" for n in range(number)]
    found = few(column([*words, None]))
    assert found is not None
    assert sorted(found) == sorted(filter(None, words))


def test_a_value_that_stands_in_one_row_alone_is_among_them() -> None:
    values = column(["男", "女"]).to_list()
    values[54_321] = "难"
    found = few(pl.Series(values))
    assert found is not None
    assert set(found) == {"男", "女", "难"}


def test_values_that_are_mostly_different_are_many() -> None:
    assert few(pl.Series([f"R{n}" for n in range(ROWS)])) is None


def test_many_values_are_many_though_half_of_the_rows_say_the_same() -> None:
    assert few(pl.Series(["无" if n % 2 else f"R{n}" for n in range(ROWS)])) is None


def test_a_blank_column_has_no_values() -> None:
    found = few(pl.Series([None] * ROWS, dtype=pl.String))
    assert found is not None
    assert found.to_list() == []


def test_of_a_short_column_nothing_is_told() -> None:
    assert few(pl.Series(["男", "女"] * 50)) is None
