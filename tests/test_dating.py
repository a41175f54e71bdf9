"""For which period a file is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.dating import Source, period_in, round_period, said, together, usual


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026年11月困难群众花名册", "2026-11"),
        ("2026 年 1 月份报表", "2026-01"),
        ("２０２６年第四季度统计表", "2026-Q4"),
        ("2026年3季度", "2026-Q3"),
        ("2026年度工作统计表", "2026"),
        ("填报日期：2026年11月23日", ""),
        ("填报日期：2026年11月", ""),
        ("2026年11月23日", ""),
        ("制表时间 2026-11-23", ""),
        ("2026-11-23", ""),
        ("困难群众花名册", ""),
        ("截至2026.11.3", ""),
    ],
)
def test_a_title_names_a_period_a_filing_date_does_not(text: str, period: str) -> None:
    assert period_in(text) == period


@given(st.integers(2000, 2099), st.integers(1, 12), st.sampled_from(["", " "]), st.sampled_from(["", "份"]))
def test_every_month_is_read_as_itself(year: int, month: int, space: str, part: str) -> None:
    assert period_in(f"关于{year}{space}年{space}{month}{space}月{part}的报表") == f"{year}-{month:02}"


@pytest.mark.parametrize(
    "text", ["根据2025年文件要求填报", "2020年以来享受人员", "按鲁民〔2025〕年3号", "2025年标准：每人每月600元"]
)
def test_a_rule_that_is_cited_is_no_period(text: str) -> None:
    assert period_in(text) == ""


def test_stamp_comes_before_folder_and_folder_before_text_and_what_is_no_period_is_nobody() -> None:
    texts = ["2026年9月报表"]
    assert said("2026-11", "2026-10/甲镇/a.xlsx", texts).name == "2026-11"
    assert said("", "2026-10/甲镇/a.xlsx", texts) == said("2026-99", "2026-10/甲镇/a.xlsx", texts)
    found = said("", "2026-10/甲镇/a.xlsx", texts)
    assert (found.name, found.by, found.others) == ("2026-10", Source.FOLDER, ("2026-09",))
    assert said("", "2026-99/甲镇/a.xlsx", []).by is Source.NOBODY


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026", "2026-11", True),
        ("2026-Q4", "2026-11", True),
        ("2026-Q3", "2026-11", False),
        ("2025", "2026-11", False),
        ("", "2026", True),
    ],
)
def test_a_month_goes_with_its_quarter_and_year(one: str, other: str, *, same: bool) -> None:
    assert together(one, other) is same
    assert together(other, one) is same


def test_a_round_is_of_the_kind_of_period_that_most_files_name_and_the_latest_of_it() -> None:
    assert round_period(["2026-11", "2026-Q4", "2026-10", "2026-11", "2026", ""], "") == "2026-11"
    assert round_period(["2026-11"], "2026-09") == "2026-09"
    assert round_period(["", ""], "") == ""


@given(st.lists(st.sampled_from(["2026-10", "2026-11", "2026", ""])))
def test_what_most_name_is_named_most(named: list[str]) -> None:
    found = usual(named)
    assert found in {*named, ""}
    assert all(named.count(found) >= named.count(other) for other in named if other) or not found
