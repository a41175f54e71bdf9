"""Submitted columns → fields: one-to-one, best over all, nothing dropped in silence."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from desk import identity
from forms import HEADER, PEOPLE, field, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.fields import mapping
from reportkit.fields.mapping import map_all, map_fields, wording
from reportkit.fields.matches import Match
from reportkit.sheets import Table
from reportkit.templates import Template

few = settings(max_examples=50, deadline=None)
NAMES = ["王芳", "李强", "张敏", "刘洋", "陈静", "杨磊", "赵丽", "黄勇", "周艳", "吴杰"]
IDS = [identity(n) for n in range(10)]
PHONES = [f"1390000{n:04}" for n in range(10)]


def taken(found: tuple[Match, ...]) -> dict[str, str]:
    return {match.header: match.field for match in found}


def rows(*columns: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*columns, strict=True))


def test_another_persons_attribute_is_not_the_rows_own() -> None:
    of = template(field("身份证号", "identity-number"), field("户主身份证号", "identity-number"))
    for header in (["身份证号", "户主身份证号"], ["户主身份证号", "身份证号"]):
        assert taken(map_fields(table(header), of)) == {one: one for one in header}
    own = template(field("身份证号", "identity-number"))
    found = map_fields(table(["户主身份证号", "身份证号"], rows(IDS, IDS[::-1])), own)
    assert taken(found) == {"户主身份证号": "", "身份证号": "身份证号"}
    assert wording(("户主身份证号",), "身份证号") < wording(("公民身份号码",), "身份证号")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["户主信息>电话", "监护人信息>电话"], ["户主信息>电话", "监护人信息>电话"]),
        (["监护人信息>电话", "户主信息>电话"], ["监护人信息>电话", "户主信息>电话"]),
        (["监护人电话", "户主电话"], ["监护人信息>电话", "户主信息>电话"]),
        (["户主>联系方式", "监护人>联系方式"], ["户主信息>电话", "监护人信息>电话"]),
    ],
)
def test_two_phones_under_two_groups_are_two_fields(written: list[str], meant: list[str]) -> None:
    of = template(field("户主信息>电话", "phone"), field("监护人信息>电话", "phone"))
    assert [match.field for match in map_fields(table(written, rows(PHONES, PHONES[::-1])), of)] == meant


@pytest.mark.parametrize("header", ["QX7", "编码", "代码串", "其他说明", ""])
def test_a_column_of_checksummed_numbers_is_the_identity_number_whatever_its_header_says(header: str) -> None:
    of = template(*PEOPLE.fields, field("备注"), key=["身份证号"])
    found = map_fields(table(["姓名", header, "联系电话"], rows(NAMES, IDS, PHONES)), of)
    assert found[1].field == "身份证号"
    assert found[1].how == "values"


def test_a_column_in_words_of_nobody_is_known_by_what_stands_in_it_and_what_others_write() -> None:
    of = template(field("姓名", "person-name"), field("村务类型"), field("去向"))
    known = table(["姓名", "村务类型", "去向"], rows(NAMES, ["修路", "打井"] * 5, ["外出务工", "在家"] * 5))
    odd = table(["姓名", "AAA", "BBB"], rows(NAMES[::-1], ["在家", "外出务工"] * 5, ["打井", "修路"] * 5))
    assert taken(map_all([known, odd], of)[1]) == {"姓名": "姓名", "AAA": "去向", "BBB": "村务类型"}


def test_a_code_list_tells_which_column_is_meant() -> None:
    of = template(field("姓名", "person-name"), field("性别", "code", "男", "女"), field("婚否", "code", "已婚", "未婚"))
    found = map_fields(table(["姓名", "XX", "YY"], rows(NAMES, ["已婚", "未婚"] * 5, ["男", "女"] * 5)), of)
    assert taken(found) == {"姓名": "姓名", "XX": "婚否", "YY": "性别"}


def test_the_same_amount_in_another_unit_of_measure_is_the_others_column() -> None:
    of = template(field("金额(元)", "amount"), field("金额(万元)", "amount"))
    assert [one.field for one in map_fields(table(["金额（万元）", "金额（元）"]), of)] == ["金额(万元)", "金额(元)"]
    assert wording(("金额(万元)",), "金额(元)") < wording(("金额",), "金额(元)")


def test_an_alias_of_the_spec_is_as_good_as_the_name() -> None:
    of = template(field("补贴对象类别"), field("人员去向", aliases=("流向",)))
    found = map_fields(table(["流向", "补贴对象类别"]), of)
    assert [(one.field, one.how) for one in found] == [("人员去向", "alias"), ("补贴对象类别", "exact")]


def test_what_was_decided_is_kept_against_words_and_values() -> None:
    sheet = table(["姓名", "联系电话", "甲"], rows(NAMES, PHONES, IDS))
    found = map_fields(sheet, PEOPLE, {"甲": "家庭住址"})
    assert (found[2].field, found[2].how) == ("家庭住址", "decided")
    assert "decided" not in {one.how for one in map_fields(sheet, PEOPLE)}


def test_the_running_number_is_no_field_with_or_without_a_header() -> None:
    of = template(field("序号名"), field("姓名", "person-name"))
    for first in ("序号", "", "No"):
        found = map_fields(table([first, "姓名"], rows([str(n) for n in range(1, 11)], NAMES)), of)
        assert [(one.field, one.how) for one in found] == [("", "number"), ("姓名", "exact")]


@given(st.permutations(list(HEADER)))
@few
def test_the_order_of_columns_is_irrelevant_under_known_headers(header: list[str]) -> None:
    assert taken(map_fields(table(header), PEOPLE)) == {one: one for one in HEADER}


VOCABULARY = [*HEADER, "户主姓名", "户主身份证号", "手机", "住址", "金额", "备注", "所在村", "ZZ", "", "人员信息>姓名"]
VALUES = st.sampled_from([NAMES, IDS, PHONES, ["100"] * 10, [""] * 10])


@st.composite
def sheets(draw: st.DrawFn) -> Table:
    header = draw(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=7))
    columns = [draw(VALUES) for _ in header]
    return table(header, rows(*columns) if draw(st.booleans()) else ())


@few
@given(sheets())
def test_each_column_has_one_field_or_candidates_and_no_field_two_columns(sheet: Table) -> None:
    found = map_fields(sheet, PEOPLE)
    assert [match.column for match in found] == [chr(64 + cell.column) for cell in sheet.header]
    fields = [match.field for match in found if match.field]
    assert len(set(fields)) == len(fields)
    assert set(fields) <= set(HEADER)
    for match in found:
        if match.field:
            assert 0.0 < match.score <= 1.0
            assert match.how in {"exact", "alias", "fuzzy", "values"}
        else:
            assert len(match.candidates) <= 3
            assert [score for _, score in match.candidates] == sorted((score for _, score in match.candidates), reverse=True)
            assert {name for name, _ in match.candidates} <= set(HEADER)


def test_a_column_that_maps_to_nothing_names_the_closest_fields() -> None:
    found = map_fields(table([*HEADER, "现住址"]), PEOPLE)
    assert (found[-1].field, found[-1].how) == ("", "")
    assert found[-1].candidates[0][0] == "家庭住址"


UNSURE = ["发放金额", "户主姓名", "户主身份证号", "所在村", "ZZ", "户籍地", "紧急联系人电话"]


def best(scores: np.ndarray) -> float:
    """The largest total of any one-to-one assignment, by trying all of them."""
    worth = scores if scores.shape[0] <= scores.shape[1] else scores.T
    lines = range(worth.shape[0])
    every = permutations(range(worth.shape[1]), len(lines))
    return float(max(sum(worth[i, j] for i, j in zip(lines, order, strict=True)) for order in every))


@few
@given(st.lists(st.tuples(st.sampled_from(UNSURE), VALUES), min_size=2, max_size=6, unique_by=lambda pair: pair[0]))
def test_where_words_are_not_sure_the_assignment_is_the_best_over_all(columns: list[tuple[str, list[str]]]) -> None:
    seen: list[np.ndarray] = []
    solve = mapping.assign

    def recorded(scores: np.ndarray) -> object:
        seen.append(scores)
        return solve(scores)

    sheet = table([header for header, _ in columns], rows(*(values for _, values in columns)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapping, "assign", recorded)
        found = map_fields(sheet, PEOPLE)
    assert {one.how for one in found} <= {"fuzzy", "values", ""}
    by_place = sum(one.score == mapping._MAPPED for one in found)
    assert sum(one.score for one in found) == pytest.approx(best(seen[-1]) + by_place * mapping._MAPPED, abs=1e-6)


@few
@given(st.lists(st.sampled_from(VOCABULARY[:-2]), min_size=1, max_size=3), st.sampled_from(VOCABULARY[:-2]))
def test_words_fit_between_nothing_and_one_and_only_the_name_itself_is_one(levels: list[str], name: str) -> None:
    fit = wording(tuple(levels), name)
    assert 0.0 <= fit <= 1.0
    assert (fit == 1.0) == ("".join(levels) == name)


def test_files_of_a_round_are_mapped_the_same_in_any_order() -> None:
    of: Template = PEOPLE
    one = table(["姓名", "AAA", "联系电话"], rows(NAMES, IDS, PHONES))
    two = table(["姓名", "身份证号", "联系电话"], rows(NAMES, IDS, PHONES))
    three = table(["人员姓名", "证件", "电话"], rows(NAMES, IDS, PHONES))
    forward = map_all([one, two, three], of)
    assert map_all([three, two, one], of) == forward[::-1]


def test_a_householders_number_is_never_the_persons_own() -> None:
    people = template(
        field("姓名", "person-name"), field("身份证号", "identity-number"), field("家庭住址", "address"), entity="person"
    )
    sheet = table(["姓名", "户主身份证号", "家庭住址"], [[name, identity(n), "前岭村"] for n, name in enumerate(NAMES)])
    assert {one.header: one.field for one in map_fields(sheet, people)} == {
        "姓名": "姓名",
        "户主身份证号": "",
        "家庭住址": "家庭住址",
    }


def test_a_column_without_a_meaning_is_the_field_in_its_place_unless_its_values_deny_it() -> None:
    sheet = table(["姓名", "F12", "家庭住址"], [[name, identity(n), "前岭村"] for n, name in enumerate(NAMES)])
    people = template(
        field("姓名", "person-name"), field("身份证号", "identity-number"), field("家庭住址", "address"), entity="person"
    )
    assert map_fields(sheet, people)[1].field == "身份证号"
    other = table(["姓名", "F12", "家庭住址"], [[name, "好", "前岭村"] for name in NAMES])
    assert map_fields(other, people)[1].field == ""
