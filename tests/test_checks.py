"""Checks of records against their elements, their schema, and each other."""

from __future__ import annotations

from datetime import date

import pytest
from desk import identity
from forms import PEOPLE, field, records, template
from hypothesis import settings

from reportkit.checks import check
from reportkit.findings import Findings
from reportkit.records import Records
from reportkit.sheets import Area

END = date(2026, 11, 30)
few = settings(max_examples=40, deadline=None)
ROW = ("王芳", identity(1), "13900000001", "前岭村1号", "100")


def lines(found: Findings, *names: str) -> list[tuple[object, ...]]:
    return found.frame.select(names or ("code", "row", "column", "field")).rows()


def codes(found: Findings) -> list[str]:
    return found.frame["code"].to_list()


def test_good_rows_have_no_finding() -> None:
    rows = [(f"王{c}", identity(n), f"1390000{n:04}", f"前岭村{n}号", "100") for n, c in enumerate("芳强敏洋静磊丽勇")]
    assert codes(check(records(PEOPLE, *rows), END)) == []


def test_a_wrong_cell_is_named_with_its_address_and_what_stands_there() -> None:
    broken = identity(1)[:-1] + ("0" if identity(1)[-1] != "0" else "1")
    found = check(records(PEOPLE, ROW, ("李强", broken, "1390000", "前岭村2号", "一百多")), END)
    assert lines(found, "code", "file", "sheet", "row", "column", "field", "value") == [
        ("identity-number-check-digit", "a.xlsx", "Sheet1", 4, "B", "身份证号", broken),
        ("phone-length", "a.xlsx", "Sheet1", 4, "C", "联系电话", "1390000"),
        ("not-a-number", "a.xlsx", "Sheet1", 4, "E", "补助金额(元)", "一百多"),
    ]


def test_a_required_cell_that_is_blank_is_missing_also_where_a_word_for_nothing_stands() -> None:
    found = check(records(PEOPLE, ("", identity(1)), ("无", identity(2)), ("王芳", identity(3))), END)
    assert lines(found) == [("required-missing", 3, "A", "姓名"), ("required-missing", 4, "A", "姓名")]


def test_a_missing_column_is_told_once_not_row_by_row() -> None:
    rows = [(f"王{c}", f"1390000{n:04}") for n, c in enumerate("芳强敏洋")]
    found = check(records(PEOPLE, *rows, header=["姓名", "联系电话"]), END)
    assert sorted(lines(found)) == [
        ("column-missing", 0, "", "家庭住址"),
        ("column-missing", 0, "", "补助金额(元)"),
        ("required-column-missing", 0, "", "身份证号"),
    ]


def test_a_merged_value_is_not_missing_on_the_rows_below() -> None:
    of = template(
        field("户主姓名", "person-name", required=True, per="household"),
        field("户编号", per="household"),
        field("姓名", "person-name"),
        key=["姓名"],
    )
    rows = [("王大", "1", "王大"), (None, None, "王二"), (None, "2", "李大")]
    found = check(records(of, *rows, merges=[Area(3, 1, 4, 1), Area(3, 2, 4, 2)]), END)
    assert lines(found) == [("required-missing", 5, "A", "户主姓名")]


def test_a_formula_that_nobody_calculated_is_a_finding() -> None:
    found = check(records(PEOPLE, ROW, uncalculated=frozenset({(3, 5), (9, 1)})), END)
    assert lines(found) == [("formula-without-value", 3, "E", "补助金额(元)")]


# -- what the identity number tells -----------------------------------------------------------------------

TOLD = template(
    field("姓名", "person-name"),
    field("身份证号", "identity-number"),
    field("性别", "code", "男", "女"),
    field("出生日期", "date"),
    field("年龄", "integer"),
    key=["身份证号"],
)
DAYS = [date(1950 + n, 1 + n, 10 + n) for n in range(8)]


def told(day: date, n: int) -> tuple[str, ...]:
    """A row that is right: sequence numbers are even for women; the age is that on 30 November 2026."""
    age = END.year - day.year - (1 if (day.month, day.day) > (11, 30) else 0)
    return (f"王{'芳强敏洋静磊丽勇'[n]}", identity(2 * n + n % 2, f"{day:%Y%m%d}"), "女男"[n % 2], day.isoformat(), str(age))


def changed(n: int, at: int, value: str) -> Records:
    rows = [list(told(day, n)) for n, day in enumerate(DAYS)]
    rows[n][at] = value
    return records(TOLD, *rows)


def test_what_the_identity_number_tells_agrees_with_right_rows() -> None:
    assert codes(check(changed(0, 2, "女"), END)) == []


@pytest.mark.parametrize(
    ("at", "value", "code", "right"),
    [
        (2, "男", "sex-differs-from-identity-number", "女"),
        (3, "1952-03-13", "birth-differs-from-identity-number", "1952-03-12"),
        (4, "60", "age-differs-from-identity-number", "74"),
    ],
)
def test_a_fact_that_the_identity_number_denies_is_named_with_what_it_tells(at: int, value: str, code: str, right: str) -> None:
    found = check(changed(2, at, value), END)
    assert lines(found, "code", "row", "field", "value", "suggestion") == [(code, 5, TOLD.fields[at].name, value, right)]


def test_an_age_counted_by_years_alone_is_no_contradiction() -> None:
    assert codes(check(changed(2, 4, "75"), END)) == []
    assert codes(check(changed(2, 4, "76"), END)) == ["age-differs-from-identity-number"]


def test_a_wrong_number_tells_nothing() -> None:
    found = check(changed(2, 1, identity(4, "19520312")[:-1] + "A"), END)
    assert codes(found) == ["identity-number-character"]


def test_a_column_that_tells_something_else_is_not_judged() -> None:
    rows = [(*told(day, n)[:3], f"2026-0{n + 1}-01", told(day, n)[4]) for n, day in enumerate(DAYS)]
    assert codes(check(records(TOLD, *rows), END)) == []
