"""A blank → its spec: what a district gets without writing any."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from forms import table

from reportkit.fields.inference import infer_template
from reportkit.sheets import Line, SheetTables, Table
from reportkit.templates import Aggregate, Field, Kind, Template


def inferred(blank: Table, choices: Mapping[str, tuple[str, ...]] | None = None) -> Template:
    sheet = SheetTables(blank.sheet, blank.visible, (blank,))
    return infer_template("blank", [sheet], {blank.sheet: choices or {}}, workbook="blank.xlsx")


def one(header: str) -> Field:
    return inferred(table(["姓名", header])).fields[1]


def test_a_list_is_understood_from_its_words() -> None:
    blank = table(
        ["序号", "姓名", "性别", "身份证号", "出生日期", "联系电话", "家庭住址", "年龄", "备注"],
        above=["附件1", "石良镇高龄老人花名册", "填报单位："],
    )
    found = inferred(blank, {"C": ("男", "女")})
    assert (found.kind, found.entity, found.key, found.title) == (Kind.LIST, "person", ("身份证号",), "石良镇高龄老人花名册")
    assert {field.name: field.element for field in found.fields} == {
        "姓名": "person-name",
        "性别": "code",
        "身份证号": "identity-number",
        "出生日期": "date",
        "联系电话": "phone",
        "家庭住址": "address",
        "年龄": "integer",
        "备注": "text",
    }
    assert found.field("性别").values == ("男", "女")
    assert found.field("身份证号").concept == "person.identity_number"


def test_a_householders_number_is_another_concept_than_ones_own() -> None:
    found = inferred(table(["姓名", "身份证号", "户主姓名", "户主身份证号"]))
    assert found.key == ("身份证号",)
    assert found.field("户主身份证号").element == found.field("身份证号").element == "identity-number"
    assert found.field("户主身份证号").concept == "householder.identity_number"
    assert found.field("身份证号").concept == "person.identity_number"


def test_a_list_that_only_names_householders_is_about_households() -> None:
    found = inferred(table(["户主信息>户主姓名", "户主信息>身份证号", "家庭人口", "住址"], above=["城乡低保花名册"]))
    assert found.entity == "household"
    assert found.key == ("户主信息>身份证号",)


@pytest.mark.parametrize(
    ("title", "header", "entity", "key"),
    [
        ("规上企业名录", ["企业名称", "统一社会信用代码", "法定代表人"], "enterprise", ("统一社会信用代码",)),
        ("12345热线工单台账", ["工单编号", "来电人", "诉求内容"], "order", ("工单编号",)),
        ("出租房屋登记表", ["房屋坐落", "房主姓名", "房主身份证号"], "house", ("房屋坐落", "房主身份证号")),
        ("安全隐患排查台账", ["企业名称", "检查日期", "隐患描述"], "hazard", ("企业名称", "检查日期", "隐患描述")),
        ("防汛值班表", ["日期", "值班人员", "值班电话"], "shift", ("日期", "值班人员")),
        ("学生名单", ["姓名", "班级"], "person", ("姓名",)),
    ],
)
def test_the_title_and_the_identifying_columns_say_what_a_row_is_about(
    title: str, header: list[str], entity: str, key: tuple[str, ...]
) -> None:
    found = inferred(table(header, above=[title]))
    assert (found.entity, found.key) == (entity, key)


@pytest.mark.parametrize(
    ("header", "element", "unit"),
    [
        ("补助标准(元/月)", "amount", "元/月"),
        ("耕地面积（亩）", "amount", "亩"),
        ("家庭成员(人)", "integer", "人"),
        ("走访次数", "integer", ""),
        ("网格员", "person-name", ""),
        ("致贫原因", "text", ""),
    ],
)
def test_a_unit_of_measure_and_the_last_words_tell_the_element(header: str, element: str, unit: str) -> None:
    assert (one(header).element, one(header).unit) == (element, unit)


def test_money_takes_the_unit_that_the_forms_head_states() -> None:
    found = inferred(table(["姓名", "发放金额", "年龄"], above=["救助花名册", "单位：万元"]))
    assert [field.unit for field in found.fields] == ["", "万元", ""]
    assert [field.total for field in found.fields] == [False, True, False]


def test_a_column_is_required_only_where_the_form_marks_it() -> None:
    found = inferred(table(["姓名*", "身份证号（必填）", "联系电话", "★住址"]))
    assert [field.constraints.required for field in found.fields] == [True, True, False, True]


@pytest.mark.parametrize(
    ("note", "department", "due"),
    [
        ("请于每月5日前报区民政局", "民政局", 5),
        ("次月10日前上报至市应急管理局。", "应急管理局", 10),
        ("本表一式两份", "", None),
    ],
)
def test_the_notes_say_who_asks_and_by_when(note: str, department: str, due: int | None) -> None:
    found = inferred(table(["姓名", "身份证号"], below=(Line(9, 1, note),)))
    assert (found.department, found.due) == (department, due)


def test_a_form_with_row_labels_and_no_records_is_a_statistics_form() -> None:
    blank = table(
        ["项目", "计量单位", "受理数", "办结数", "办结率(%)"], [["热线", "件"], ["信访", "件"], ["合计", "件"]], above=["月报表"]
    )
    found = inferred(blank)
    assert found.kind is Kind.GRID
    assert len(found.cells) == 9
    assert {cell.at for cell in found.cells} == {f"{column}{row}" for column in "CDE" for row in (3, 4, 5)}
    assert {cell.aggregate for cell in found.cells if cell.column == "办结率(%)"} == {Aggregate.RATIO}
    assert {cell.aggregate for cell in found.cells if cell.column != "办结率(%)"} == {Aggregate.SUM}


def test_a_blank_without_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="blank"):
        infer_template("blank", [SheetTables("Sheet1", visible=True, tables=())], {}, workbook="blank.xlsx")
    hidden = table(["姓名"], visible=False)
    with pytest.raises(ValueError, match="blank"):
        inferred(hidden)


def test_every_column_but_the_running_number_becomes_one_field() -> None:
    header = ["序号", "姓名", "姓名", "", "户主>姓名", "备注"]
    assert [field.name for field in inferred(table(header)).fields] == ["姓名", "户主>姓名", "备注"]
