"""Answers to findings: what an explanation or a waiver lets pass, for how long, and what became of a unit's problems."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit import answers
from reportkit.answers import Kind
from reportkit.findings import Finding, Findings

DAY = date(2026, 12, 31)
KEYS = pl.DataFrame(
    {"file": ["a.xlsx"] * 3, "sheet": ["S"] * 3, "row": [3, 4, 5], "key": ["甲", "乙", "丙"]}, schema_overrides={"row": pl.Int64}
)
AGE = Finding("age-differs-from-identity-number", "a.xlsx", "S", 3, "C", "年龄", "18")
SEX = Finding("sex-differs-from-identity-number", "a.xlsx", "S", 4, "D", "性别", "女")


def keyed(*findings: Finding) -> pl.DataFrame:
    return answers.keyed(Findings.of(findings), KEYS, {"a.xlsx": "11"})


def now_told(*findings: Finding, passes: bool = False) -> pl.DataFrame:
    return keyed(*findings).with_columns(pl.lit(passes).alias("passes"))


def line(kind: Kind, **said: str) -> dict[str, str]:
    usual = dict.fromkeys(answers.SCHEMA, "") | {"unit": "11", "kind": kind.value, "text": "已核实", "period": "2026-11"}
    return usual | said


def explained(**said: str) -> dict[str, str]:
    return line(Kind.EXPLAINED, code=AGE.code, field="年龄", key="甲", value="18") | said


def waived(**said: str) -> dict[str, str]:
    return line(Kind.WAIVED, code=SEX.code, by="王主任", until="2026-12-31") | said


def passes(found: pl.DataFrame, *lines: dict[str, str], day: date = DAY) -> list[tuple[int, bool]]:
    said = answers.answered(found, pl.DataFrame(list(lines), schema=answers.SCHEMA), day)
    return said.select("number", "passes").rows()


def test_a_warning_passes_with_an_explanation_of_this_very_row_and_value() -> None:
    assert passes(keyed(AGE), explained()) == [(0, True)]
    for other in ({"key": "乙"}, {"value": "19"}, {"unit": "12"}, {"field": "周岁"}, {"code": "row-repeated"}):
        assert passes(keyed(AGE), explained(**other)) == []


def test_an_error_does_not_pass_by_an_explanation_alone() -> None:
    said = explained(code=SEX.code, field="性别", key="乙", value="女")
    assert passes(keyed(SEX), said) == [(0, False)]
    assert passes(keyed(SEX), said, waived()) == [(0, True)]


def test_a_waiver_lets_an_error_pass_until_its_last_day() -> None:
    assert passes(keyed(AGE, SEX), waived()) == [(1, True)]
    assert passes(keyed(SEX), waived(), day=date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("said", "number"), [({}, 2), ({"key": "乙"}, 1), ({"unit": "12"}, 0), ({"field": "性别", "unit": ""}, 2)]
)
def test_what_a_waiver_leaves_blank_it_leaves_open(said: dict[str, str], number: int) -> None:
    other = Finding(SEX.code, "a.xlsx", "S", 5, "D", "性别", "男")
    assert len(passes(keyed(SEX, other), waived(**said))) == number


def test_an_explanation_is_kept_with_the_period_in_which_it_was_first_given() -> None:
    kept = answers.given([explained()], answers.none())
    again = answers.given([explained(period="2026-12")], kept)
    assert again.select("text", "period").rows() == [("已核实", "2026-11")]
    other = answers.given([explained(text="另有原因", period="2026-12")], kept)
    assert other.select("text", "period").rows() == [("另有原因", "2026-12")]


def test_problems_that_are_gone_are_fixed_those_that_stay_are_open_others_are_new() -> None:
    before, now = keyed(AGE, SEX), now_told(SEX, Finding("id-checksum", "a.xlsx", "S", 5, "B", "身份证号", "1"))
    assert answers.movement(before, now, "a.xlsx") == answers.Movement("a.xlsx", fixed=1, still=1, new=1)


def test_what_was_explained_or_waived_is_neither_fixed_nor_open_nor_new() -> None:
    assert answers.movement(keyed(AGE), now_told(AGE, SEX, passes=True), "a.xlsx") == answers.Movement("a.xlsx", 0, 0, 0)


def test_a_problem_stays_the_same_where_its_rows_key_was_mended() -> None:
    before = keyed(AGE).with_columns(pl.lit("甲的旧号码").alias("key"))
    assert answers.movement(before, now_told(AGE), "a.xlsx") == answers.Movement("a.xlsx", 0, 1, 0)


PROBLEMS = st.lists(st.sampled_from([AGE, SEX, Finding("row-repeated", "a.xlsx", "S", 5)]), max_size=6)


@given(PROBLEMS, PROBLEMS)
def test_every_problem_is_counted_once_before_and_once_now(before: list[Finding], now: list[Finding]) -> None:
    moved = answers.movement(keyed(*before), now_told(*now), "a.xlsx")
    assert moved.fixed + moved.still == len(before)
    assert moved.still + moved.new == len(now)
    assert answers.movement(keyed(*now), now_told(*now), "a.xlsx").still == len(now)
