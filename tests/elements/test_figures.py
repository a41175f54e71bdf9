"""Amounts, integers and telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.elements import element
from reportkit.elements.shape import Scope


@given(st.integers(0, 10**10), st.sampled_from(["{:,}", "¥{}", "{}元", "{}.00", " {} ", "{}元/月", "￥{:,}.00元"]))
def test_an_amount_is_the_same_however_it_is_written(number: int, form: str) -> None:
    assert element("amount").normalise(form.format(number), Scope()) == str(number)


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("1.2万", "", "12000"),
        ("16万元", "万元", "16"),
        ("16", "万元", "16"),
        ("160000元", "万元", "16"),
        ("300元", "万元", "300"),
        ("３００．５", "", "300.5"),
        ("三百元", "", "300"),
        ("(300)", "", "-300"),
        ("0.50", "", "0.5"),
        ("41.400000000000006", "", "41.4"),
        ("120平方米", "㎡", "120"),
        ("87.5%", "%", "87.5"),
        ("1E+05", "", "100000"),
        ("-0", "", "0"),
    ],
)
def test_amounts(written: str, unit: str, value: str) -> None:
    assert element("amount").normalise(written, Scope(unit=unit)) == value


@pytest.mark.parametrize("words", ["若干", "见附件", "约300", "100-200", "1,2", "两千五", "120亩"])
def test_words_and_ranges_are_no_numbers(words: str) -> None:
    given_scope = Scope(unit="㎡")
    kind = element("amount")
    assert kind.check(kind.normalise(words, given_scope), given_scope) == "not-a-number"


@pytest.mark.parametrize(
    ("value", "scope", "code"),
    [
        ("-5", Scope(), "amount-negative"),
        ("-5", Scope(minimum=-10), ""),
        ("501", Scope(maximum=500), "number-outside"),
        ("300", Scope(values=("100", "300.0")), ""),
        ("200", Scope(values=("100", "300")), "code-unknown"),
    ],
)
def test_amounts_keep_to_their_bounds(value: str, scope: Scope, code: str) -> None:
    assert element("amount").check(value, scope) == code


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("3人", "3", ""),
        ("65周岁", "65", ""),
        ("３", "3", ""),
        ("3.0", "3", ""),
        ("两人", "2", ""),
        ("3.5", "3.5", "integer-fraction"),
        ("好几个", "好几个", "not-a-number"),
        ("-3", "-3", "integer-negative"),
    ],
)
def test_integers(written: str, value: str, code: str) -> None:
    kind = element("integer")
    assert (kind.normalise(written, Scope()), kind.check(value, Scope())) == (value, code)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_is_the_same_however_it_is_written(number: str) -> None:
    a, b, c = number[:3], number[3:7], number[7:]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    written = [
        number,
        f"{a}-{b}-{c}",
        f"{a} {b} {c}",
        f"+86 {number}",
        f"86-{number}",
        f"0086{number}",
        f"'{number}",
        wide,
        f"{number}（本人）",
    ]
    kind = element("phone")
    assert {kind.normalise(one, Scope()) for one in written} == {number}
    assert kind.check(number, Scope()) == ""
    assert kind.resembles(f"+86 {number}")


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("0535-6234567", "0535-6234567", ""),
        ("(0535)6234567转8", "0535-6234567-8", ""),
        ("010 6234 5678", "010-62345678", ""),
        ("05356234567", "0535-6234567", ""),
        ("4008001234", "4008001234", ""),
        ("400-800-1234", "4008001234", ""),
        ("13812345678、0535-6234567", "13812345678/0535-6234567", ""),
        ("138 1234 5678/139 1234 5678", "13812345678/13912345678", ""),
        ("1381234567", "1381234567", "phone-length"),
        ("138123456789", "138123456789", "phone-length"),
        ("12812345678", "12812345678", "phone-unknown"),
        ("打不通", "打不通", "phone-character"),
        ("1.38123E+10", "1.38123E+10", "digits-lost"),
    ],
)
def test_phones(written: str, value: str, code: str) -> None:
    kind = element("phone")
    assert (kind.normalise(written, Scope()), kind.check(value, Scope())) == (value, code)


def test_one_of_several_numbers_is_enough_to_agree() -> None:
    left = ["13812345678/13912345678", "13812345678", "13812345678", "0535-6234567"]
    right = ["13912345678", "13812345679", "13711112222", "6234567"]
    assert element("phone").compare(left, right).tolist() == [3, 2, 0, 3]


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("每月2次", "", "每月2次"),
        ("每月300元", "", "300"),
        ("每月300", "元/月", "300"),
        ("月300元", "元/月", "300"),
        ("300/月", "元/月", "300"),
        ("2026/11/6", "", "2026/11/6"),
    ],
)
def test_how_often_is_no_count_and_so_much_a_month_is_an_amount(raw: str, unit: str, value: str) -> None:
    assert element("amount").normalise(raw, Scope(unit=unit)) == value
    if not unit and value == raw:
        assert element("integer").normalise(raw, Scope()) == raw
