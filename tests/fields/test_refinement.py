"""What the units' values tell of an inferred template."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from desk import identity
from forms import field, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.fields.mapping import map_all
from reportkit.fields.refinement import refine
from reportkit.sheets import Area, Table
from reportkit.templates import Template

NAMES = [f"{a}{b}" for a in "王李张" for b in "芳强敏洋"]
LIST = template(field("姓名", "person-name"), field("编码甲"), key=["姓名"], entity="person", inferred=True)


def refined(of: Template, *tables: Table) -> Template:
    return refine(of, tables, map_all(tables, of))


def filled(values: Sequence[str | None], header: Sequence[str] = ("姓名", "编码甲")) -> Table:
    return table(header, [[name, value] for name, value in zip(NAMES, values, strict=False)])


def test_values_tell_an_identity_number_that_no_word_told_and_it_becomes_the_key() -> None:
    found = refined(LIST, filled([identity(n) for n in range(12)]))
    assert found.field("编码甲").element == "identity-number"
    assert (found.key, found.entity) == (("编码甲",), "person")


@pytest.mark.parametrize(
    ("values", "element"),
    [
        ([f"1390000{n:04}" for n in range(12)], "phone"),
        ([f"2026-01-{n + 1:02}" for n in range(12)], "date"),
        ([f"芝阳区前岭村{n}号" for n in range(12)], "address"),
        ([str(n % 5 + 1) for n in range(12)], "integer"),
        ([f"{n}.5" for n in range(12)], "amount"),
        ([f"{n + 60}" if n % 6 else f"{n + 60}周岁" for n in range(12)], "integer"),
        ([f"{n}00" if n % 6 else f"{n}00元" for n in range(12)], "integer"),
        ([f"{n}栋" for n in range(12)], "text"),
        ([f"甲类{n}" for n in range(12)], "text"),
        ([f"00{n:02}" for n in range(12)], "text"),
        ([identity(n) if n < 6 else f"不详{n}" for n in range(12)], "text"),
        ([identity(n) for n in range(4)], "text"),
        ([], "text"),
    ],
)
def test_a_columns_values_show_its_element_where_most_of_enough_agree(values: list[str], element: str) -> None:
    assert refined(LIST, filled(values)).field("编码甲").element == element


def test_values_overrule_a_word_that_they_deny_but_not_one_that_some_bear_out() -> None:
    of = template(field("姓名", "person-name"), field("编码甲", "date"), key=["姓名"], entity="person", inferred=True)
    assert refined(of, filled([f"1390000{n:04}" for n in range(12)])).field("编码甲").element == "phone"
    half = [f"1390000{n:04}" if n % 2 else f"2026-01-{n + 1:02}" for n in range(12)]
    assert refined(of, filled(half)).field("编码甲").element == "date"


@pytest.mark.parametrize("element", ["person-name", "organisation-name", "address"])
def test_figures_under_a_header_that_seemed_to_name_somebody_are_figures(element: str) -> None:
    of = template(field("姓名", "person-name"), field("劳动力多少人", element), inferred=True)
    found = refined(of, filled(["2", "0", "1", "2", "4", "0", "2", "3"], ("姓名", "劳动力多少人")))
    assert found.field("劳动力多少人").element == "integer"


def test_numbers_that_a_spreadsheet_rounded_are_still_numbers_of_persons() -> None:
    shown = [f"{int(identity(n)[:15])}000" for n in range(1, 12)]
    found = refined(LIST, filled([f"{text[0]}.{text[1:15]}E+17" for text in shown]))
    assert found.field("编码甲").element == "identity-number"


def test_dates_under_a_header_that_counts_are_dates_and_no_figures() -> None:
    of = template(field("姓名", "person-name"), field("来电间", "integer"), key=["姓名"], entity="person", inferred=True)
    for written in ("2026/11/{}", "202611{:02}", "2026-11-{:02}"):
        column = filled([written.format(n + 1) for n in range(12)], header=("姓名", "来电间"))
        assert refined(of, column).field("来电间").element == "date"


def test_a_column_of_nothing_but_sexes_is_a_choice_between_two() -> None:
    found = refined(LIST, filled(["男", "女", "男", "女性", "女", "男", "女", "男", "1-男", "女", "男", "3"]))
    assert (found.field("编码甲").element, found.field("编码甲").values) == ("code", ("男", "女"))
    assert refined(LIST, filled(["1", "2"] * 6)).field("编码甲").values == ()
    assert refined(LIST, filled(["子", "女", "配偶"] * 4)).field("编码甲").values == ()


def test_names_of_many_persons_are_names_however_many_rows_there_are() -> None:
    letters = "芳强敏洋静磊丽勇艳杰娟涛明超兰霞平刚桂英"
    people = [f"{a}{b}{c}" for a in "王李张刘陈" for b in letters for c in letters]
    of = template(field("名"), field("编号"), key=["编号"], entity="person", inferred=True)
    assert (
        refined(of, table(["名", "编号"], [(one, f"A{n}") for n, one in enumerate(people)])).field("名").element == "person-name"
    )


def test_names_of_villages_are_no_names_of_persons() -> None:
    villages = ["王家村", "李家庄", "张家屯", "刘家沟", "陈家岭", "杨家营"] * 2
    of = LIST.model_copy(update={"table_schema": template(field("姓名", "person-name"), field("所在")).table_schema})
    assert refined(of, filled(villages, ["姓名", "所在"])).field("所在").element == "text"


def test_a_spec_that_a_person_accepted_is_not_overruled() -> None:
    accepted = LIST.model_copy(update={"inferred": False})
    assert refined(accepted, filled([identity(n) for n in range(12)])) == accepted


def test_a_code_list_stays_one() -> None:
    of = template(field("姓名", "person-name"), field("编码甲", "code", "1", "2"), key=["姓名"], entity="person", inferred=True)
    assert refined(of, filled([identity(n) for n in range(12)])).field("编码甲") == of.field("编码甲")


def test_a_key_that_repeats_gives_way_to_one_that_does_not() -> None:
    of = template(field("检查日期", "date"), field("地点"), key=["检查日期"], entity="record", inferred=True)
    rows = [[f"2026-01-{n // 6 + 1:02}", f"第{n}处"] for n in range(12)]
    found = refined(of, table(["检查日期", "地点"], rows))
    assert "地点" in found.key
    unique = [[f"2026-01-{n + 1:02}", "同一处"] for n in range(12)]
    assert refined(of, table(["检查日期", "地点"], unique)).key == ("检查日期",)


def test_what_units_merge_down_again_and_again_is_one_value_a_group() -> None:
    of = template(field("户编号"), field("姓名", "person-name"), key=["姓名"], entity="person", inferred=True)
    rows = [[None if n % 2 else f"{n}户", name] for n, name in enumerate(NAMES[:6])]
    merges = [Area(row, 1, row + 1, 1) for row in (3, 5, 7)]
    assert refined(of, table(["户编号", "姓名"], rows, merges=merges)).field("户编号").per == "household"
    assert refined(of, table(["户编号", "姓名"], rows, merges=merges[:1])).field("户编号").per == ""


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from([*[identity(n) for n in range(6)], "13900000001", "2026-01-01", "前岭村3号", "12", "", "无"]),
        max_size=12,
    )
)
def test_refining_twice_is_refining_once_and_fields_keep_their_names(values: list[str]) -> None:
    sheet = filled(values)
    once = refined(LIST, sheet)
    assert refined(once, sheet) == once
    assert [one.name for one in once.fields] == [one.name for one in LIST.fields]
    assert set(once.key) <= {one.name for one in once.fields}


def members(number: str) -> Template:
    """A list of members as words alone understand it: of households, for the householder's number is the only known one."""
    head = (field("户主姓名", "person-name"), field("户主身份证号", "identity-number"))
    return template(
        *head,
        field("姓名", "person-name"),
        field(number),
        key=["户主身份证号"],
        entity="household",
        inferred=True,
        title="花名册",
    )


def test_a_list_whose_rows_another_number_than_the_householders_tells_apart_is_about_members() -> None:
    rows = [[NAMES[n // 4], identity(n // 4), NAMES[n], identity(n + 20)] for n in range(12)]
    found = refined(members("编码甲"), table(["户主姓名", "户主身份证号", "姓名", "编码甲"], rows))
    assert (found.entity, found.key) == ("person", ("编码甲",))
    assert [one.concept for one in found.fields][:3] == ["householder.name", "householder.identity_number", "person.name"]


def test_a_list_of_householders_stays_one_of_households() -> None:
    rows = [[NAMES[n], identity(n), NAMES[n], f"甲类{n}"] for n in range(12)]
    found = refined(members("类别"), table(["户主姓名", "户主身份证号", "姓名", "类别"], rows))
    assert (found.entity, found.key) == ("household", ("户主身份证号",))
