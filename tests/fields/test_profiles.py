"""Profiles: what a column's values look like."""

from __future__ import annotations

import polars as pl
import pytest
from desk import identity
from forms import table
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.fields.profiles import column, likeness, listed, profile, resembling, together

few = settings(max_examples=50, deadline=None)
CELLS = st.lists(
    st.sampled_from(["男", "女", "13900000001", "370602195603120019", "2026-11-23", "前岭村3号", "100", "abc"]), max_size=30
)
IDENTITIES = [identity(n) for n in range(40)]
PHONES = [f"1390000{n:04}" for n in range(40)]
NAMES = [f"{a}{b}" for a in "王李张刘" for b in "芳强敏洋静磊丽勇艳杰"]


def test_the_share_of_values_that_look_like_an_element_counts_distinct_ones() -> None:
    values = pl.Series([*IDENTITIES[:3], "不详", None, IDENTITIES[0]])
    assert resembling(values.drop_nulls().unique().to_list(), "identity-number") == pytest.approx(3 / 4)
    assert resembling([], "phone") == 0.0


@few
@given(CELLS, CELLS)
def test_likeness_is_symmetric_whole_with_oneself_and_undecided_without_values(one: list[str], other: list[str]) -> None:
    left, right = profile(one, 30), profile(other, 30)
    assert likeness(left, right) == pytest.approx(likeness(right, left))
    if one and other:
        assert likeness(left, left) == pytest.approx(1.0)
        assert 0.0 <= likeness(left, right) <= 1.0 + 1e-9
    else:
        assert likeness(left, right) == 0.5


@few
@given(CELLS.filter(bool))
def test_the_order_of_rows_is_no_property_of_a_column(cells: list[str]) -> None:
    shuffled = sorted(cells)
    assert likeness(profile(cells, 30), profile(shuffled, 30)) == pytest.approx(1.0)
    assert profile(cells, 30).words == pytest.approx(profile(shuffled, 30).words)


def test_columns_of_one_element_are_alike_even_without_a_common_value() -> None:
    kinds = [IDENTITIES, PHONES, NAMES]
    for one in kinds:
        first, second = profile(one[:20], 20), profile(one[20:], 20)
        assert likeness(first, second) > 2 * max(likeness(first, profile(other, 40)) for other in kinds if other is not one)


def test_columns_of_a_few_words_are_told_apart_by_their_words() -> None:
    sex, more_sex = profile(["男", "女", "女"] * 8, 24), profile(["女", "男"] * 12, 24)
    yes, kinds = profile(["是", "否"] * 12, 24), profile(["汉", "回"] * 12, 24)
    assert likeness(sex, more_sex) > 0.85
    assert likeness(sex, yes) < 0.6
    assert likeness(yes, kinds) < 0.6


def test_the_share_of_a_code_list_is_counted_up_to_spelling() -> None:
    seen = profile(["男", "男 ", "女性", "不知道"], 4)
    assert listed(seen, ("男", "女")) == pytest.approx(3 / 4)
    assert listed(seen, ()) == 0.0
    assert listed(profile([], 4), ("男", "女")) == 0.0


def test_several_columns_count_by_their_cells() -> None:
    both = together([profile(["是"] * 3, 3), profile(["否"], 1), profile([], 5)])
    assert both.words == pytest.approx({"是": 3 / 4, "否": 1 / 4})
    assert both.count == 4
    assert together([]).empty


def test_a_columns_blank_cells_are_no_values_but_show_in_how_full_it_is() -> None:
    seen = column(table(["联系电话"], [[PHONES[0]], [None], [PHONES[1]], [""]]), "A")
    assert seen.count == 2
    assert seen.filled == pytest.approx(0.5)


def test_a_long_column_is_sampled_and_looks_the_same() -> None:
    many = [f"139{n:08}" for n in range(9000)]
    whole = column(table(["联系电话"], [[one] for one in many]), "A")
    assert likeness(whole, profile(PHONES, 40)) > 0.9


def test_dates_make_one_profile_however_a_township_writes_them() -> None:
    days = [f"19{50 + n}-0{n % 9 + 1}-1{n % 10}" for n in range(20)]
    usual = profile(days, 20)
    for written in (
        [day.replace("-", "") for day in days],
        [day.replace("-", ".") for day in days],
        [f"{day[:4]}年{int(day[5:7])}月{int(day[8:])}日" for day in days],
    ):
        assert likeness(profile(written, 20), usual) > 0.9
    assert likeness(profile([str(n) for n in range(20)], 20), usual) < 0.5
