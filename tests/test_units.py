from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import UsageError
from reportkit.units import Unit, Units

CITY = """code,name,level,parent,aliases
370000,海州市,city,,海州
370100,东城区,district,370000,东城
370200,西城区,district,370000,西城
370100001,白石街道,township,370100,白石|白石街道办事处
370100002,白石桥镇,township,370100,白石桥
370200001,新安镇,township,370200,新安|新安镇人民政府
370100003,新安镇,township,370100,
370200002,龙门乡,township,370200,
"""


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.parse(CITY)


def named(units: Units, text: str) -> str:
    found = units.find(text)
    return found.code if found else ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("白石街道", "370100001"),
        ("白石", "370100001"),
        ("白石街道办事处", "370100001"),
        ("填报单位(盖章):白石街道办事处", "370100001"),
        ("白石街道2026年11月报表", "370100001"),
        ("附件1 低保名单龙门乡", "370200002"),
        ("龙门乡人民政府", "370200002"),
        ("西城区龙门", "370200002"),
        (" 白 石　街 道 ", "370100001"),
        ("白石街道辦事處", "370100001"),
        ("龍門鄉", "370200002"),
        ("海州市东城区白石街道", "370100001"),
        ("东城区", "370100"),
        ("370200002", "370200002"),
        ("370200002_花名册", "370200002"),
    ],
)
def test_a_unit_is_found_by_every_way_of_writing_it(units: Units, text: str, code: str) -> None:
    assert named(units, text) == code


def test_the_longest_name_wins_where_one_is_part_of_another(units: Units) -> None:
    assert named(units, "白石桥镇报表") == "370100002"
    assert named(units, "白石桥") == "370100002"


@pytest.mark.parametrize("text", ["", "   ", "某某单位", "白石村", "龙门路", "1370200002001"])
def test_nobody_is_found_where_nobody_is_named(units: Units, text: str) -> None:
    assert named(units, text) == ""


def test_two_units_of_one_name_are_told_apart_by_the_district_above_or_not_at_all(units: Units) -> None:
    assert named(units, "新安镇汇总") == ""
    assert named(units, "西城区新安镇") == "370200001"
    assert named(units, "东城区新安镇") == "370100003"


def test_two_units_in_one_text_are_ambiguous(units: Units) -> None:
    assert named(units, "白石街道、龙门乡") == ""


def test_the_lowest_level_files_unless_another_is_named(units: Units) -> None:
    assert units.lowest_level == "township"
    assert [unit.level for unit in units.reporting()] == ["township"] * 5
    assert [unit.code for unit in units.reporting("district")] == ["370100", "370200"]


def test_who_is_above_and_who_is_below(units: Units) -> None:
    dragon = units.find("龙门乡")
    assert dragon is not None
    assert [unit.code for unit in units.ancestors(dragon)] == ["370200", "370000"]
    assert dragon in units.children(units.ancestors(dragon)[0])


def test_a_name_is_given_for_a_code_and_the_code_where_it_is_unknown(units: Units) -> None:
    assert units.name("370200002") == "龙门乡"
    assert units.name("9") == "9"


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        ("code,level\n1,city\n", "units-column-missing", "1"),
        ("code,name,level,parent,aliases\n1,甲市,city,,\n2,乙县,district,7,\n", "units-parent-unknown", "3"),
        ("code,name,level,parent,aliases\n1,甲市,city,2,\n2,乙县,district,1,\n", "units-parent-unknown", "2"),
        ("code,name,level,parent,aliases\n1,,city,,\n", "units-value-missing", "2"),
    ],
)
def test_a_wrong_list_of_units_is_refused_with_its_line(lines: str, code: str, line: str) -> None:
    with pytest.raises(UsageError) as refused:
        Units.parse(lines, "units.csv")
    assert (refused.value.code, refused.value.facts["line"]) == (code, line)


@given(st.text(max_size=40))
def test_any_text_names_a_unit_of_the_list_or_nobody(text: str) -> None:
    units = Units((Unit("1", "甲镇", "township"), Unit("2", "乙街道", "township", "", ("乙办",))))
    assert units.find(text) in {None, *units}


def test_a_code_used_twice_is_told_and_both_units_stay() -> None:
    units = Units.parse("code,name,level,parent,aliases\n1,甲市,city,,\n1,乙市,city,,\n")
    assert units.repeated == ((3, "1", "乙市"),)
    first, second = units.find("甲市"), units.find("乙市")
    assert first is not None
    assert second is not None
    assert (first.code, second.code == "1") == ("1", False)
