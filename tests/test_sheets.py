from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from reportkit.sheets import HeaderCell, letter, number, text


@given(st.integers(min_value=1, max_value=16384))
def test_letters_and_numbers_of_columns_are_each_others_inverse(column: int) -> None:
    assert number(letter(column)) == column


def test_excels_last_column_is_xfd() -> None:
    assert [letter(1), letter(26), letter(27), letter(16384)] == ["A", "Z", "AA", "XFD"]


def test_whole_numbers_lose_their_point_and_fractions_keep_it() -> None:
    assert [text(3.0), text(3), text(0.5), text(-2.0)] == ["3", "3", "0.5", "-2"]


def test_a_number_too_large_to_be_exact_invents_no_digits() -> None:
    assert text(370602194503070976.0) == "3.70602194503071E+17"


def test_the_largest_exact_number_keeps_all_its_digits() -> None:
    assert text(float(2**53 - 1)) == "9007199254740991"


def test_dates_are_iso_and_midnight_is_not_shown() -> None:
    assert text(datetime(2026, 11, 23)) == "2026-11-23"  # noqa: DTZ001 - cells know no zone
    assert text(datetime(2026, 11, 23, 8, 30)) == "2026-11-23 08:30:00"  # noqa: DTZ001 - cells know no zone
    assert [text(date(2026, 1, 2)), text(time(8, 30))] == ["2026-01-02", "08:30:00"]


def test_blanks_are_empty_and_text_stays_as_written() -> None:
    assert [text(None), text(""), text(" 张 三\n")] == ["", "", " 张 三\n"]


def test_truth_values_are_what_excel_shows() -> None:
    assert [text(value=True), text(value=False)] == ["TRUE", "FALSE"]


def test_levels_of_a_header_are_joined() -> None:
    assert HeaderCell(2, ("户主信息", "姓名")).name == "户主信息>姓名"
    assert HeaderCell(2, ()).name == ""
