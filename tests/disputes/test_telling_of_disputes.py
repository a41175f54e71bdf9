"""Both sides of a dispute are told of each other."""

from __future__ import annotations

from departments import CIVIL, HEALTH, NUMBER, OTHER, POLICE, owned, rows, stated

from reportkit.disputes import find_disputes, told
from reportkit.findings import Findings
from reportkit.messages import Language, catalogue
from reportkit.templates import Template
from reportkit.units import Unit, Units
from reportkit.wording import worded

UNITS = Units((Unit("11", "甲村", "village"), Unit("12", "乙村", "village")))


def findings(*said: tuple[Template, str, dict[str, str]]) -> dict[str, Findings]:
    forms = [(of, rows(of, {"身份证号": NUMBER} | one, unit=unit)) for of, unit, one in said]
    return dict(told(find_disputes(stated(forms), UNITS), UNITS))


def words(one: Findings, language: Language = Language.ZH) -> list[str]:
    return worded(one, catalogue(), language)["message"].to_list()


def test_the_rows_of_both_sides_bear_a_finding_on_the_whole_row() -> None:
    found = findings((POLICE, "11", {"姓名": "王芳"}), (CIVIL, "11", {"姓名": "王房"}))
    assert sorted(found) == ["allowance", "residents"]
    for one in found.values():
        assert one.frame.select("code", "row", "column", "field", "severity").rows() == [
            ("value-disputed", 3, "", "姓名", "warning")
        ]


def test_a_side_is_told_the_others_department_form_row_and_value() -> None:
    (text,) = words(findings((POLICE, "11", {"姓名": "王芳"}), (CIVIL, "11", {"姓名": "王房"}))["residents"])
    assert "本行为 王芳" in text
    assert "民政局 allowance名册 11/allowance.xlsx Sheet1!3: 王房" in text
    assert "已转" not in text


def test_it_is_said_to_whom_it_was_sent() -> None:
    police = owned(POLICE, 姓名="公安局")
    (text,) = words(findings((police, "11", {"姓名": "王芳"}), (CIVIL, "11", {"姓名": "王房"}))["allowance"])
    assert text.endswith("（已转：公安局）")


def test_numbers_of_another_unit_are_masked_and_a_units_own_are_not() -> None:
    police = owned(POLICE, 电话="公安局")
    for unit, shown in (("11", "13811112222"), ("12", "138****2222")):
        found = findings((police, "11", {"电话": "13900000001"}), (CIVIL, unit, {"电话": "13811112222"}))
        assert shown in words(found["residents"])[0]
    found = findings((POLICE, "11", {"姓名": "王芳"}), (CIVIL, "12", {"姓名": "王芳", "身份证号": OTHER}))
    assert OTHER not in words(found["residents"])[0]


def test_where_the_owner_has_spoken_the_others_are_told_its_word_alone() -> None:
    police = owned(POLICE, 姓名="公安局")
    found = findings((police, "11", {"姓名": "王芳"}), (CIVIL, "11", {"姓名": "王房"}), (HEALTH, "11", {"姓名": "王方"}))
    (civil,) = words(found["allowance"])
    assert "王芳" in civil
    assert "王方" not in civil
    (own,) = words(found["residents"], Language.EN)
    assert "王房" in own
    assert "王方" in own


def test_nothing_disputed_nothing_told() -> None:
    assert findings((POLICE, "11", {"姓名": "王芳"}), (CIVIL, "11", {"姓名": "王芳"})) == {}
