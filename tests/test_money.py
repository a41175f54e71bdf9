"""Units of money in the words of a form."""

from __future__ import annotations

import pytest

from reportkit.money import is_rate, restated, unit_of


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("本月发放保障金(元)", "元"),
        ("投资额（万元）", "万元"),
        ("单位：元", "元"),
        ("单位:人、元", "元"),
        ("津贴标准(元/月)", "元"),
        ("人民币元", "元"),
        ("元", "元"),
        ("人均补助(元/人)", ""),
        ("单元", ""),
        ("元旦慰问人数", ""),
        ("金额(美元)", ""),
        ("户数(户)", ""),
        ("", ""),
    ],
)
def test_the_unit_of_money_that_a_label_names(label: str, unit: str) -> None:
    assert unit_of(label) == unit


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("单位：元", "单位：万元"),
        ("单位:人、元", "单位:人、万元"),
        ("金额(千元)", "金额(万元)"),
        ("津贴(元/月)", "津贴(万元/月)"),
        ("1单元(元/人)", "1单元(元/人)"),
    ],
)
def test_a_label_names_another_unit(before: str, after: str) -> None:
    assert restated(before, "万元") == after


def test_so_much_a_head_is_a_rate() -> None:
    assert [is_rate(label) for label in ("人均支出(元)", "补助标准(元)", "占比(%)", "支出合计(元)")] == [True, True, True, False]
