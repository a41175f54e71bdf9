"""Certificates of disabled persons."""

from __future__ import annotations

import pytest
from desk import identity
from forms import table
from hypothesis import given
from hypothesis import strategies as st

from reportkit.elements import disability_certificate, element
from reportkit.elements.shape import Scope
from reportkit.fields.inference import infer_template
from reportkit.sheets import SheetTables

KIND = element("disability-certificate")
NUMBER = identity(1)


@given(st.integers(0, 999), st.sampled_from("1234567"), st.sampled_from("1234"), st.sampled_from(["", "B1", "B2", "B12"]))
def test_a_certificate_is_the_same_however_it_is_written(number: int, category: str, grade: str, reissued: str) -> None:
    right = f"{identity(number)}{category}{grade}{reissued}"
    wide = "".join(chr(ord(c) + 0xFEE0) for c in right)
    written = [right, right.lower(), f"{right[:18]} {right[18:]}", f"{right[:18]}-{right[18:]}", wide, f"'{right}\n"]
    assert {KIND.normalise(one, Scope()) for one in written} == {right}
    assert KIND.check(right, Scope()) == ""
    assert KIND.resembles(right)
    assert disability_certificate.number(right) == right[:18]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (NUMBER, "disability-certificate-form"),
        (NUMBER + "4", "disability-certificate-form"),
        (NUMBER + "43C1", "disability-certificate-form"),
        (NUMBER + "83", "disability-certificate-grade"),
        (NUMBER + "45", "disability-certificate-grade"),
        (NUMBER[:16] + str((int(NUMBER[16]) + 1) % 10) + NUMBER[17] + "43", "disability-certificate-number"),
        ("3.70602195603121E+19", "digits-lost"),
        (NUMBER[:15] + "00000", "digits-lost"),
    ],
)
def test_what_is_wrong_with_a_certificate_has_a_name(wrong: str, code: str) -> None:
    assert KIND.check(KIND.normalise(wrong, Scope()), Scope()) == code
    assert not KIND.resembles(wrong)
    assert disability_certificate.number(wrong) == ""


def test_a_mask_hides_birthday_and_sequence() -> None:
    assert KIND.mask(NUMBER + "43") == NUMBER[:6] + "*" * 10 + NUMBER[16:18] + "43"


def test_a_blanks_header_asks_for_it() -> None:
    form = table(["姓名", "身份证号", "残疾证号", "残疾类别"])
    spec = infer_template("a", [SheetTables("Sheet1", visible=True, tables=(form,))], {}, workbook="a.xlsx")
    assert spec.field("残疾证号").element == "disability-certificate"
