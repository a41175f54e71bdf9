"""A1 references when three prepared rows (5 to 7) become as many rows as there are records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.writers.references import LAST_ROW, Growth

TEN = Growth("表 1", 5, 7, 10)
ONE = Growth("表 1", 5, 7, 1)
NONE = Growth("表 1", 5, 4, 10)


@pytest.mark.parametrize(("row", "now"), [(1, 1), (4, 4), (5, 5), (7, 7), (8, 15), (100, 107), (LAST_ROW, LAST_ROW)])
def test_rows_above_stay_and_rows_below_move(row: int, now: int) -> None:
    assert TEN.row(row) == now


@pytest.mark.parametrize(("row", "now"), [(5, 5), (7, 5), (8, 6)])
def test_prepared_rows_that_are_gone_stand_on_the_last_that_is_left(row: int, now: int) -> None:
    assert ONE.row(row) == now


def test_a_total_row_under_the_records_moves_the_rest_once_more() -> None:
    assert Growth("表 1", 5, 7, 10, extra=1).row(8) == 16


def test_without_prepared_rows_the_records_stand_before_what_was_there() -> None:
    assert [NONE.row(4), NONE.row(5), NONE.end] == [4, 15, 14]


@pytest.mark.parametrize(
    ("area", "now"),
    [
        ("A1:E1", "A1:E1"),
        ("E5:E7", "E5:E14"),
        ("$A$1:$E$7", "$A$1:$E$14"),
        ("A1:E20", "A1:E27"),
        ("A8:E9", "A15:E16"),
        ("E6:E7", "E6:E14"),
        ("A5:A6", "A5:A14"),
    ],
)
def test_what_reaches_over_the_prepared_rows_grows_and_what_stands_below_moves(area: str, now: str) -> None:
    assert TEN.area(area) == now


@pytest.mark.parametrize(("area", "now"), [("E5:E7", "E5:E5"), ("E6:E7", ""), ("A1:E7", "A1:E5")])
def test_what_reached_over_rows_that_are_gone_shrinks_or_is_gone(area: str, now: str) -> None:
    assert ONE.area(area) == now


def test_a_rule_of_the_first_prepared_row_is_one_of_all_records() -> None:
    assert TEN.areas("B5 D5:D7 A9") == "B5:B14 D5:D14 A16"


@pytest.mark.parametrize(
    ("formula", "now"),
    [
        ("SUM(E5:E7)", "SUM(E5:E14)"),
        ("SUM($E$5:E7)+A9*2", "SUM($E$5:E14)+A16*2"),
        ("SUM(E:E)", "SUM(E:E)"),
        ("SUM(5:7)", "SUM(5:14)"),
        ("'表 1'!E8-Sheet2!E8", "'表 1'!E15-Sheet2!E8"),
        ('IF(A8="A8","E5:E7",1)', 'IF(A15="A8","E5:E7",1)'),
        ("LOG10(A8)+TAX2026X", "LOG10(A15)+TAX2026X"),
        ("A8.5", "A8.5"),
    ],
)
def test_formulas_follow_and_their_words_and_functions_do_not(formula: str, now: str) -> None:
    assert TEN.formula(formula, home="表 1") == now


def test_a_formula_of_another_sheet_follows_only_where_it_names_the_form() -> None:
    assert TEN.formula("SUM(E5:E7)+'表 1'!A8", home="别的") == "SUM(E5:E7)+'表 1'!A15"


def test_a_sheet_whose_name_holds_a_quote_is_known() -> None:
    assert Growth("李's", 5, 7, 10).formula("'李''s'!A8", home="") == "'李''s'!A15"


def test_a_range_of_rows_that_are_gone_is_a_broken_reference_and_no_other_cell() -> None:
    assert ONE.formula("SUM(E6:E7)", home="表 1") == "SUM(#REF!)"


@given(
    st.integers(1, 20), st.integers(0, 5), st.integers(1, 50), st.booleans(), st.tuples(st.integers(1, 200), st.integers(1, 200))
)
def test_the_order_of_rows_never_changes(first: int, prepared: int, length: int, total: bool, rows: tuple[int, int]) -> None:  # noqa: FBT001 - drawn
    growth = Growth("表", first, first + prepared - 1, length, int(total))
    low, high = sorted(rows)
    assert growth.row(low) <= growth.row(high)


@given(st.integers(1, 20), st.integers(1, 5), st.integers(0, 10), st.integers(0, 10))
def test_as_many_records_as_prepared_rows_change_nothing(first: int, prepared: int, above: int, below: int) -> None:
    growth = Growth("表", first, first + prepared - 1, prepared)
    text = f"SUM(A{max(1, first - above)}:A{first + prepared - 1 + below})"
    assert growth.formula(text, home="表") == text
