"""Totals and subtotals of lists, and what explains that they don't add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest
from forms import TODAY, field, part, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.findings import Findings
from reportkit.messages import Language
from reportkit.records import gather
from reportkit.sheets import Table
from reportkit.totals import check_totals
from reportkit.wording import worded

few = settings(max_examples=40, deadline=None)

SUMS = template(field("姓名", "person-name"), field("金额", "amount", total=True), key=["姓名"])


def lines(found: Findings, *names: str) -> list[tuple[object, ...]]:
    return found.frame.select(names).rows()


def codes(found: Findings) -> list[str]:
    return found.frame["code"].to_list()


def said(found: Findings) -> list[str]:
    """What stands behind the two sums, without the brackets."""
    messages = worded(found, SUMS.entries, Language.ZH)["message"]
    return [message.partition("相加为 ")[2].partition("（")[2].removesuffix("）") for message in messages]


def totalled(figures: list[str], total: str, repeated: list[bool] | None = None) -> Findings:
    rows = [(f"王{chr(0x4E00 + n)}", figure) for n, figure in enumerate(figures)]
    one = gather(SUMS, [part("a.xlsx", table(["姓名", "金额"], rows, total=["合计", total]), SUMS)], TODAY)
    return check_totals(one, pl.Series(repeated or [False] * len(rows)))


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=8), st.integers(-5, 5))
@few
def test_a_total_is_a_finding_exactly_where_it_is_not_the_sum(cents: list[int], off: int) -> None:
    figures = [f"{n / 100:.2f}" for n in cents]
    total = sum(cents) + off
    found = totalled(figures, f"{total / 100:.2f}")
    assert codes(found) == (["total-differs"] if off else [])


def test_a_wrong_total_is_named_with_the_right_one() -> None:
    found = totalled(["100", "200.5"], "３００元")
    assert lines(found, "row", "column", "field", "value", "suggestion") == [(5, "B", "金额", "300", "300.5")]


def test_a_total_may_leave_out_rows_typed_twice() -> None:
    assert codes(totalled(["100", "200", "200"], "300", [False, False, True])) == []
    assert codes(totalled(["100", "200", "200"], "500", [False, False, True])) == []
    assert codes(totalled(["100", "200", "200"], "400", [False, False, True])) == ["total-differs"]


def test_a_cell_that_is_no_number_is_in_no_total() -> None:
    assert codes(totalled(["100", "约200"], "100")) == []


# -- what explains a difference ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "total", "why"),
    [
        (["100", "200.5", "370"], "871", "多加了一次的是：B4"),
        (["100", "200.5", "370"], "300.5", "漏加的是：B5"),
        (["100", "30", "370"], "440", "正负号加反的是：B4"),
        (["111", "235", "370"], "761", "合计有两位数字颠倒：761→716"),
        (["100", "253", "371"], "706", "有两位数字颠倒的是：B4"),
        (["100", "253", "311"], "2941", "小数点错了一位的是：B4"),
        (["1000", "253", "311"], "664", "小数点错了一位的是：B3"),
    ],
)
def test_what_alone_explains_a_difference_is_named_with_its_cell(figures: list[str], total: str, why: str) -> None:
    assert said(totalled(figures, total)) == [why]


@pytest.mark.parametrize(
    ("figures", "total", "cells"),
    [
        (["100", "-30", "370"], "500", "B4"),
        (["100", "约253", "311"], "664", "B4"),
        (["100", "约253", "另70", "311"], "734", "B4/B5"),
    ],
)
def test_a_total_of_what_is_written_is_no_error_where_a_cell_that_it_counts_is(
    figures: list[str], total: str, cells: str
) -> None:
    found = totalled(figures, total)
    assert lines(found, "code", "severity", "suggestion") == [("total-counts-wrong-cell", "note", "")]
    assert f"算进了有误的单元格 {cells}；" in worded(found, SUMS.entries, Language.ZH)["message"][0]


def test_where_several_things_explain_it_their_number_is_told_and_none_is_named() -> None:
    assert said(totalled(["100", "100", "37"], "337")) == ["正好等于差额的情形不止一种，共：2"]


def test_where_nothing_explains_it_only_the_sums_are_told() -> None:
    assert said(totalled(["100", "200", "370"], "1234")) == [""]


def test_the_sum_that_a_difference_is_explained_from_is_the_one_that_is_suggested() -> None:
    # Rows typed twice left out, the total lacks one row more.
    found = totalled(["100", "250", "250", "7000"], "350", [False, False, True, False])
    assert lines(found, "suggestion") == [("7350",)]
    assert said(found) == ["漏加的是：B6"]


@given(st.lists(st.integers(1, 99_999), min_size=2, max_size=30, unique=True), st.data())
@few
def test_a_row_left_out_is_always_among_what_explains_it(cents: list[int], data: st.DataObject) -> None:
    missing = data.draw(st.integers(0, len(cents) - 1))
    found = totalled([f"{n / 100:.2f}" for n in cents], f"{(sum(cents) - cents[missing]) / 100:.2f}")
    (why,) = said(found)
    assert why == f"漏加的是：B{3 + missing}" or why.startswith("正好等于差额的情形不止一种")


# -- subtotals ---------------------------------------------------------------------------------------------


def sectioned(*rows: tuple[str, str], total: Sequence[str] = ()) -> Table:
    """Rows of a list of which those called 小计 are set aside as subtotals."""
    whole = table(["姓名", "金额"], rows, total=total)
    sums = pl.col("A") == "小计"
    aside = whole.body.filter(sums).with_columns(pl.lit("subtotal").alias("_role"))
    return replace(whole, body=whole.body.filter(~sums), aside=pl.concat([aside, whole.aside.select(aside.columns)]))


def checked(one: Table) -> Findings:
    records = gather(SUMS, [part("a.xlsx", one, SUMS)], TODAY)
    return check_totals(records, pl.repeat(value=False, n=records.height, dtype=pl.Boolean, eager=True))


def test_a_subtotal_that_is_not_the_sum_of_the_rows_above_it_is_named() -> None:
    good = [("王芳", "100"), ("李强", "250"), ("小计", "350"), ("张敏", "70"), ("赵刚", "31"), ("小计", "101")]
    assert codes(checked(sectioned(*good))) == []
    found = checked(sectioned(*good, ("钱勇", "500"), ("孙丽", "600"), ("小计", "1700")))
    assert lines(found, "code", "row", "column", "value", "suggestion") == [("total-differs", 11, "B", "1700", "1100")]


def test_a_subtotal_may_stand_above_its_rows() -> None:
    good = [("小计", "350"), ("王芳", "100"), ("李强", "250"), ("小计", "101"), ("张敏", "70"), ("赵刚", "31")]
    assert codes(checked(sectioned(*good))) == []
    found = checked(sectioned(*good, ("小计", "9"), ("钱勇", "500")))
    assert lines(found, "row", "value", "suggestion") == [(9, "9", "500")]


def test_what_is_called_a_subtotal_and_mostly_is_none_is_not_judged() -> None:
    assert codes(checked(sectioned(("王芳", "100"), ("小计", "7"), ("李强", "250"), ("小计", "9")))) == []


def test_a_total_that_adds_the_subtotals_again_is_told_so() -> None:
    rows = [("王芳", "100"), ("李强", "250"), ("小计", "350"), ("张敏", "70"), ("赵刚", "31"), ("小计", "101")]
    assert said(checked(sectioned(*rows, total=["合计", "902"]))) == ["小计又被加了一次：B5/B8"]


def test_a_total_in_ten_thousands_of_yuan_is_right_to_the_yuan() -> None:
    assert codes(totalled(["1.2345", "2.0001"], "3.2346")) == []
    assert codes(totalled(["1.2345", "2.0001"], "3.2456")) == ["total-differs"]


# -- groups -------------------------------------------------------------------------------------------------

HOUSEHOLDS = template(
    field("户主", "person-name", per="household"),
    field("户主电话", "phone", per="household"),
    field("住址", "address", per="household"),
    field("姓名", "person-name"),
    field("金额", "amount", per="household"),
)


def households(rows: Sequence[tuple[str, ...]], total: str) -> list[str]:
    header = [one.name for one in HOUSEHOLDS.fields]
    whole = table(header, rows, total=["合计", "", "", "", total])
    one = gather(HOUSEHOLDS, [part("a.xlsx", whole, HOUSEHOLDS)], TODAY)
    return codes(check_totals(one, pl.repeat(value=False, n=len(rows), dtype=pl.Boolean, eager=True)))


def test_a_household_counts_once_though_a_cell_that_names_it_is_wrong_in_one_row() -> None:
    wang, li = ("王芳", "13900000001", "前岭村1号"), ("李强", "13900000002", "前岭村2号")
    slipped = ("王芳", "13900000007", "前岭村1号")
    rows = [(*wang, "王芳", "500"), (*slipped, "张敏", "500"), (*li, "李强", "300"), (*li, "赵丽", "300")]
    assert households(rows, "800") == []
    assert households(rows, "1600") == []
    assert households(rows, "900") == ["total-differs"]


def test_households_side_by_side_that_share_an_address_are_two() -> None:
    rows = [("王芳", "13900000001", "前岭村1号", "王芳", "500"), ("李强", "13900000002", "前岭村1号", "李强", "500")]
    assert households(rows, "1000") == []
    assert households(rows, "500") == ["total-differs"]
