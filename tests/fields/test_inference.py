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


# -- what stands on the blank beside its header -------------------------------------------------------------


def noted(*notes: str, header: list[str] | None = None, above: list[str] | None = None) -> Template:
    lines = tuple(Line(9 + n, 1, note) for n, note in enumerate(notes))
    return inferred(table(header or ["姓名", "身份证号"], above=above or [], below=lines))


@pytest.mark.parametrize(
    ("title", "caption", "period"),
    [
        ("困难儿童情况季报", "", "quarterly"),
        ("2026年第三季度信访工作统计表", "", "quarterly"),
        ("2026年上半年就业情况表", "", "quarterly"),
        ("2026年度党员花名册", "", "yearly"),
        ("死亡人员月报表", "注：每年度汇总一次", "monthly"),
        ("党员花名册", "注：每年12月报组织部", "yearly"),
        ("党员花名册", "注：每季度后15日内上报", "quarterly"),
        ("党员花名册", "2026年11月", "monthly"),
        ("Dog Licence Register (Quarterly)", "", "quarterly"),
        ("党员花名册", "填报日期：2026年1月5日", "monthly"),
    ],
)
def test_title_and_captions_say_how_often(title: str, caption: str, period: str) -> None:
    assert noted(caption, above=[title]).period == period


@pytest.mark.parametrize(
    ("note", "due"),
    [
        ("每季度后15日内报送", 15),
        ("每季度终了后10日内上报市民政局", 10),
        ("每月25日前报区农业农村局", 25),
        ("次月5日前报送", 5),
        ("于下月3日前报送", 3),
        ("月后8日内报", 8),
        ("本表保存15日", None),
    ],
)
def test_the_day_by_which_a_form_is_due(note: str, due: int | None) -> None:
    assert noted(note).due == due


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("是否独居（是/否）", ("是", "否")),
        ("性别(男/女)", ("男", "女")),
        ("消防（合格/不合格）", ("合格", "不合格")),
        ("去向（①务工②经商③其他）", ("务工", "经商", "其他")),
        ("去向:①务工②经商③其他", ("务工", "经商", "其他")),
        ("房屋类型（1.自住2.出租3.空置）", ("自住", "出租", "空置")),
        ("就业状况(已就业、未就业)", ("已就业", "未就业")),
        ("性别", ("男", "女")),
        ("补助标准(元/月)", ()),
        ("所在村(村/社区)", ()),
        ("负责人(法人/经营者)", ()),
        ("出生日期(年/月/日)", ()),
        ("困难类型（孤寡、独居等）", ()),
    ],
)
def test_choices_in_a_header(header: str, values: tuple[str, ...]) -> None:
    assert one(header).values == values
    assert (one(header).element == "code") is bool(values)


@pytest.mark.parametrize(
    ("note", "values"),
    [
        ("注：1.困境类型填：孤儿、事实无人抚养儿童、其他；2.备注可不填", ("孤儿", "事实无人抚养儿童", "其他")),
        ("困境类型：孤儿、事实无人抚养儿童。", ("孤儿", "事实无人抚养儿童")),
        ("“困境类型”栏填“孤儿/弃婴”", ("孤儿", "弃婴")),
        ("困境类型分为一类、二类、三类", ("一类", "二类", "三类")),
        ("困境类型填：①孤儿②弃婴", ("孤儿", "弃婴")),
        ("困境类型填：孤儿、弃婴等", ()),
        ("困境类型、姓名必填", ()),
        ("其他困境类型：孤儿、弃婴", ()),
    ],
)
def test_choices_in_a_note(note: str, values: tuple[str, ...]) -> None:
    assert noted(note, header=["姓名", "困境类型"]).field("困境类型").values == values


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("“监护人信息>电话”必填", {"监护人信息>电话"}),
        ("姓名、身份证号为必填项", {"姓名", "身份证号"}),
        ("除备注外均为必填项", {"姓名", "身份证号", "监护人信息>电话"}),
        ("备注非必填", set()),
        ("带*为必填", set()),
        ("请认真填写姓名", set()),
    ],
)
def test_a_note_may_say_what_has_to_be_filled_in(note: str, names: set[str]) -> None:
    found = noted(note, header=["姓名", "身份证号", "监护人信息>电话", "备注"])
    assert {field.name for field in found.fields if field.constraints.required} == names


@pytest.mark.parametrize(
    ("header", "total"),
    [
        ("补助资金（万元）", True),
        ("救助金额(元)", True),
        ("项目投资(万元)", True),
        ("注册资金（万元）", False),
        ("临时救助资金", True),
        ("人均补贴(元)", False),
        ("补贴标准(元/月)", False),
        ("面积(亩)", False),
    ],
)
def test_money_adds_up_rates_do_not(header: str, total: bool) -> None:  # noqa: FBT001 - the answer
    assert (one(header).element, one(header).total) == ("amount", total)


def test_two_things_in_one_cell_are_text() -> None:
    assert one("开户行及账号").element == "text"
    assert one("与户主关系").element == "text"
    assert one("户主及成员姓名").element == "person-name"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (["附件2：困难儿童花名册"], "困难儿童花名册"),
        (["附件 3", "困难 儿童 花名册"], "困难儿童花名册"),
        (["Dog Licence Register 2026"], "Dog Licence Register 2026"),
        (["Annex 1: Dog Licence Register"], "Dog Licence Register"),
        (["烟台市 IT 设备登记表"], "烟台市IT设备登记表"),
    ],
)
def test_a_title_without_what_stands_before_it(above: list[str], title: str) -> None:
    assert inferred(table(["姓名", "电话"], above=above)).title == title


@pytest.mark.parametrize(
    ("title", "header", "key"),
    [
        ("犬只登记台账", ["犬证号", "犬名", "犬主姓名", "身份证号", "联系电话"], "犬证号"),
        ("Dog register", ["Licence No.", "Dog Name", "Breed", "Owner Name", "Phone"], "Licence No."),
        ("电梯台账", ["设备代码", "使用单位", "联系人"], "设备代码"),
    ],
)
def test_what_bears_a_number_of_its_own_is_not_keyed_by_its_owner(title: str, header: list[str], key: str) -> None:
    found = inferred(table(header, above=[title]))
    assert (found.entity, found.key) == ("record", (key,))


def test_english_headers() -> None:
    found = inferred(table(["No.", "Name", "ID No.", "Phone", "Address", "Date", "Amount", "Remarks"]))
    assert [field.element for field in found.fields] == [
        "person-name",
        "identity-number",
        "phone",
        "address",
        "date",
        "amount",
        "text",
    ]
    assert (found.entity, found.key) == ("person", ("ID No.",))
    assert found.field("Amount").total
