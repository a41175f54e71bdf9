"""Which template a workbook is of."""

from __future__ import annotations

from forms import HEADER, PEOPLE, field, grid, table, template

from reportkit.fields.recognition import fits, recognise
from reportkit.sheets import Line
from reportkit.templates import GridCell

ELDERLY = template(
    field("姓名"), field("身份证号"), field("年龄"), field("津贴标准(元/月)"), name="elderly", title="高龄老人津贴发放花名册"
)
DISABLED = template(
    field("姓名"), field("身份证号"), field("残疾类别"), field("残疾等级"), name="disabled", title="残疾人两项补贴花名册"
)
FIRMS = template(
    field("企业名称"), field("统一社会信用代码"), field("法定代表人"), field("行业类别"), name="firms", title="企业基本情况登记表"
)
ALL = (ELDERLY, DISABLED, FIRMS)
SEASONS = (("relief", "临时救助花名册"), ("heating", "冬季取暖补贴花名册"))


def lines(*texts: str) -> list[Line]:
    return [Line(n, 1, text) for n, text in enumerate(texts, 1)]


def test_a_blank_filled_under_its_own_title_and_headers_is_of_its_template() -> None:
    for one in ALL:
        sheet = table(["序号", *(wanted.name for wanted in one.fields)])
        assert recognise([sheet], lines(one.title), "a.xlsx", ALL).template == one.name


def test_the_order_of_templates_is_irrelevant() -> None:
    sheet = table(["姓名", "身份证号", "残疾类别", "残疾等级"])
    forward, backward = (recognise([sheet], [], "a.xlsx", order) for order in (ALL, ALL[::-1]))
    assert forward == backward
    assert forward.template == "disabled"


def test_headers_in_other_words_and_order_still_tell() -> None:
    sheet = table(["残疾级别", "残疾类型", "居民身份证号", "人员姓名", "备注"])
    assert recognise([sheet], [], "新建文件.xlsx", ALL).template == "disabled"


def test_the_title_decides_between_templates_that_share_their_headers() -> None:
    spring, autumn = (template(*PEOPLE.fields, name=name, title=title) for name, title in SEASONS)
    sheet = table(HEADER)
    for one in (spring, autumn):
        found = recognise([sheet], lines("附件2", f"2026年{one.title}"), "a.xlsx", (spring, autumn))
        assert found.template == one.name


def test_the_files_name_decides_where_nothing_could_be_read() -> None:
    assert recognise([], [], "登州街道/高龄津贴11月.xls", ALL).template == "elderly"
    assert recognise([], [], "登州街道/企业登记表.xls", ALL).template == "firms"
    assert recognise([], [], "登州街道/aaa.xls", ALL).template == ""


def test_a_foreign_workbook_is_of_no_template() -> None:
    sheet = table(["菜名", "单价", "口味"], [["鱼", "30", "辣"]])
    found = recognise([sheet], lines("食堂菜谱"), "菜谱.xlsx", ALL)
    assert found.template == ""
    assert recognise([sheet], [], "a.xlsx", []).template == ""


def test_a_few_everyday_columns_make_no_template() -> None:
    sheet = table(["姓名", "身份证号", "电话", "班级", "学号", "宿舍"])
    assert recognise([sheet], lines("篮球队队员名单"), "队员.xlsx", [ELDERLY]).template == ""


def test_hidden_sheets_have_no_word() -> None:
    hidden = table([one.name for one in FIRMS.fields], visible=False)
    shown = table([one.name for one in ELDERLY.fields])
    assert recognise([hidden, shown], [], "a.xlsx", ALL).template == "elderly"


def test_a_small_side_table_and_a_hidden_list_are_not_of_the_template() -> None:
    assert fits(table(["姓名", "身份证号", "年龄"]), ELDERLY)
    assert not fits(table(["代码", "含义"]), PEOPLE)
    assert not fits(table([one.name for one in ELDERLY.fields], visible=False), ELDERLY)


def test_a_statistics_form_is_known_by_its_columns() -> None:
    form = grid(
        GridCell(name="a", row="合计", column="受理件数", at="B4"),
        GridCell(name="b", row="合计", column="办结件数", at="C4"),
        title="热线工单办理情况统计表",
    )
    sheet = table(["镇街", "受理件数", "办结件数"], [["合计", "3", "2"]])
    assert recognise([sheet], lines("热线工单办理情况统计表"), "a.xlsx", [*ALL, form]).template == "figures"
    assert fits(sheet, form)
