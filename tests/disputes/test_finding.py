"""What is a dispute, what is none, and whose word counts."""

from __future__ import annotations

import time

import polars as pl
import pytest
from departments import CIVIL, FACTS, HEALTH, NUMBER, OTHER, POLICE, form, owned, rows, stated
from forms import TODAY, field, submission, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.chronicle import chronicle
from reportkit.consolidation import Setting, consolidate
from reportkit.disputes import SCHEMA, Disputes, find_disputes
from reportkit.findings import Findings
from reportkit.mentions import mentions
from reportkit.periods import Period
from reportkit.reconciling import Tables
from reportkit.register import register
from reportkit.submissions import Submission
from reportkit.templates import Template
from reportkit.units import Unit, Units

UNITS = Units((Unit("11", "甲村", "village"), Unit("12", "乙村", "village")))
Said = dict[str, str]


def disputed(*said: tuple[Template, Said]) -> Disputes:
    """One row a form about one person, unless it says otherwise."""
    return find_disputes(stated([(of, rows(of, {"身份证号": NUMBER} | one)) for of, one in said]), UNITS)


def facts(found: Disputes) -> list[str]:
    return found.frame["field"].unique().sort().to_list()


def test_a_name_that_two_departments_write_with_other_characters_is_disputed_with_both_cells() -> None:
    found = disputed((POLICE, {"姓名": "曹文东"}), (CIVIL, {"姓名": "曹稳东"}))
    assert found.frame.schema == SCHEMA
    told = found.frame.select("department", "file", "row", "column", "field", "value", "to", "own").rows()
    assert sorted(told) == [
        ("公安局", "11/residents.xlsx", 3, "A", "姓名", "曹文东", "", False),
        ("民政局", "11/allowance.xlsx", 3, "A", "姓名", "曹稳东", "", False),
    ]
    assert found.number == 1


@pytest.mark.parametrize(
    ("fact", "one", "other"),
    [("性别", "男", "女"), ("出生日期", "1956-03-12", "1956-12-03"), ("身份证号", NUMBER, OTHER)],
)
def test_hard_facts_are_disputed_without_an_owner(fact: str, one: str, other: str) -> None:
    assert facts(disputed((POLICE, {fact: one}), (HEALTH, {fact: other}))) == [fact]


@pytest.mark.parametrize(
    ("fact", "one", "other"), [("住址", "甲村1号", "乙镇丙村3组85号"), ("电话", "13900000001", "13811112222")]
)
def test_what_changes_with_life_is_disputed_only_where_somebody_owns_it(fact: str, one: str, other: str) -> None:
    assert disputed((POLICE, {fact: one}), (CIVIL, {fact: other})).number == 0
    found = disputed((POLICE, {fact: one}), (owned(CIVIL, **{fact: "公安局"}), {fact: other}))
    assert [(line["department"], line["own"], line["to"]) for line in found.frame.sort("own").to_dicts()] == [
        ("民政局", False, "公安局"),
        ("公安局", True, "公安局"),
    ]


def test_spellings_of_an_address_are_no_dispute() -> None:
    police = owned(POLICE, 住址="公安局")
    assert disputed((police, {"住址": "莱山区甲村2组15号"}), (CIVIL, {"住址": "甲村2组15号"})).number == 0


def test_blanks_dispute_nothing() -> None:
    assert disputed((POLICE, {"姓名": "王芳"}), (CIVIL, {})).number == 0


def test_two_forms_of_one_department_have_no_dispute() -> None:
    other = form("visits", "民政局", *FACTS)
    assert disputed((CIVIL, {"姓名": "王芳"}), (other, {"姓名": "王房"})).number == 0


def test_a_form_that_holds_the_others_word_too_contradicts_itself_and_not_the_other() -> None:
    twice = rows(POLICE, {"身份证号": NUMBER, "姓名": "王芳"}, {"身份证号": NUMBER, "姓名": "王房"})
    found = find_disputes(stated([(POLICE, twice), (CIVIL, rows(CIVIL, {"身份证号": NUMBER, "姓名": "王芳"}))]), UNITS)
    assert found.number == 0


def test_a_helper_is_no_fact_about_the_person() -> None:
    assert disputed((POLICE, {"帮扶人": "王芳"}), (CIVIL, {"帮扶人": "李强"})).number == 0


def test_a_remark_is_no_fact() -> None:
    assert disputed((owned(POLICE, 备注="公安局"), {"备注": "无"}), (CIVIL, {"备注": "已迁出"})).number == 0


def test_words_that_only_one_list_offers_may_mean_the_same() -> None:
    schools = [
        template(
            FACTS["身份证号"],
            field("学历", "code", *words, concept="person.education"),
            name=name,
            department=name,
            entity="person",
        )
        for name, words in (("教育局", ("小学", "初中", "高中")), ("人社局", ("小学", "初中及以下", "高中")))
    ]
    assert disputed((schools[0], {"学历": "初中"}), (schools[1], {"学历": "初中及以下"})).number == 0
    assert disputed((schools[0], {"学历": "小学"}), (schools[1], {"学历": "高中"})).number == 1


def test_where_the_owner_has_spoken_only_who_denies_it_is_named() -> None:
    police = owned(POLICE, 姓名="公安局")
    found = disputed((police, {"姓名": "王芳"}), (CIVIL, {"姓名": "王房"}), (HEALTH, {"姓名": "王芳"}))
    assert sorted(found.frame["department"]) == ["公安局", "民政局"]


def test_where_the_owner_is_silent_the_others_are_sent_to_it() -> None:
    police = owned(POLICE, 姓名="公安局")
    found = disputed((police, {}), (CIVIL, {"姓名": "王房"}), (HEALTH, {"姓名": "王芳"}))
    assert set(found.frame["to"]) == {"公安局"}
    assert not found.frame["own"].any()


def test_specs_that_name_two_owners_name_none() -> None:
    found = disputed((owned(POLICE, 姓名="公安局"), {"姓名": "王芳"}), (owned(CIVIL, 姓名="民政局"), {"姓名": "王房"}))
    assert set(found.frame["to"]) == {""}


def test_an_owner_may_be_a_unit_by_its_name() -> None:
    police = rows(owned(POLICE, 电话="甲村"), {"身份证号": NUMBER, "电话": "13900000001", "_unit": "11"})
    civil = rows(CIVIL, {"身份证号": NUMBER, "电话": "13811112222", "_unit": "12"})
    found = find_disputes(stated([(owned(POLICE, 电话="甲村"), police), (CIVIL, civil)]), UNITS)
    assert found.frame.filter("own")["unit"].to_list() == ["11"]
    assert set(found.frame["to"]) == {"11"}


def test_forms_without_a_department_are_nobodys_word() -> None:
    assert disputed((form("a", "", *FACTS), {"姓名": "王芳"}), (form("b", "", *FACTS), {"姓名": "王房"})).number == 0


def test_another_thing_is_another_matter() -> None:
    found = find_disputes(
        stated([(POLICE, rows(POLICE, {"姓名": "王芳"})), (CIVIL, rows(CIVIL, {"姓名": "王房", "_entity": "e2"}))]), UNITS
    )
    assert found.number == 0


def test_a_dispute_bears_its_name_over_periods_whatever_rows_and_clusters_it_stands_in() -> None:
    def found(row: int, entity: str) -> list[str]:
        before = [{"姓名": "甲", "身份证号": "", "_entity": f"x{n}"} for n in range(row)]
        both = [(of, rows(of, *before, {"身份证号": NUMBER, "姓名": name, "_entity": entity})) for of, name in names]
        return find_disputes(stated(both), UNITS).frame["dispute_id"].unique().to_list()

    names = ((POLICE, "王芳"), (CIVIL, "王房"))
    assert found(0, "e1") == found(5, "e9")
    assert found(0, "e1") != disputed((POLICE, {"性别": "男"}), (CIVIL, {"性别": "女"})).frame["dispute_id"].unique().to_list()


def test_two_things_that_nothing_tells_apart_are_two_disputes() -> None:
    pair = [{"姓名": "王芳", "性别": sex, "_entity": one} for one in ("e1", "e2") for sex in ("男",)]
    other = [{"姓名": "王芳", "性别": "女", "_entity": one} for one in ("e1", "e2")]
    assert find_disputes(stated([(POLICE, rows(POLICE, *pair)), (CIVIL, rows(CIVIL, *other))]), UNITS).number == 2


sexes = st.lists(st.tuples(st.sampled_from(["e1", "e2", "e3"]), st.sampled_from(["男", "女"])), max_size=8)


@settings(max_examples=40, deadline=None)
@given(sexes, sexes)
def test_the_order_of_rows_and_forms_is_irrelevant(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    def of(left: list[tuple[str, str]], right: list[tuple[str, str]], *, turned: bool) -> set[tuple[str, str, str]]:
        forms = [(POLICE, left), (CIVIL, right)]
        made = [(form, rows(form, *({"性别": sex, "_entity": who} for who, sex in said))) for form, said in forms]
        frame = find_disputes(stated(made[::-1] if turned else made), UNITS).frame
        return set(frame.select("dispute_id", "template", "value").rows())

    assert of(one, other, turned=False) == of(one[::-1], other[::-1], turned=True)


def test_a_hundred_thousand_rows_take_seconds() -> None:
    number = 50_000
    base = pl.DataFrame({"_row": pl.int_range(number, eager=True)}).with_columns(
        pl.lit("a.xlsx").alias("_file"),
        pl.lit("Sheet1").alias("_sheet"),
        pl.lit("11").alias("_unit"),
        pl.concat_str(pl.lit("e"), "_row").alias("_entity"),
        pl.concat_str(pl.lit("王"), (pl.col("_row") % 5000 + 0x4E00).map_elements(chr, pl.String)).alias("姓名"),
        pl.lit("男").alias("性别"),
    )
    other = base.with_columns(pl.when(pl.col("_row") % 100 == 0).then(pl.lit("女")).otherwise("性别").alias("性别"))
    start = time.process_time()
    assert find_disputes(stated([(POLICE, base), (CIVIL, other)]), UNITS).number == number // 100
    assert time.process_time() - start < 10


def in_a_round(police: Said, civil: Said) -> pl.DataFrame:
    """What is disputed where both forms went through a round."""
    lists = [(of, consolidate(of, [_sent(of, said)], Setting(TODAY, TODAY))) for of, said in ((POLICE, police), (CIVIL, civil))]
    chronicles = {of.name: chronicle(result, Findings.empty()) for of, result in lists}
    lines = register([named for _, result in lists for named in mentions(result)]).lines
    tables = Tables({of.name: of for of, _ in lists}, chronicles, lines, Period.parse("2026-11"), lambda *_: None, UNITS)
    return find_disputes(stated([(of, tables.rows(of.name)) for of, _ in lists]), UNITS).frame


def _sent(of: Template, said: Said) -> Submission:
    whole = {"姓名": "王芳", "身份证号": NUMBER, "电话": "13900000001"} | said
    return submission(f"{of.name}.xlsx", table(list(whole), [tuple(whole.values())]), unit="11", of=of.name)


def test_what_a_round_keeps_of_its_forms_is_what_they_state() -> None:
    frame = in_a_round({"出生日期": "1956年3月12日"}, {"出生日期": "1956-12-03"})
    assert sorted(frame.select("template", "file", "row", "value").rows()) == [
        ("allowance", "allowance.xlsx", 3, "1956-12-03"),
        ("residents", "residents.xlsx", 3, "1956-03-12"),
    ]


def test_formats_are_no_dispute() -> None:
    assert in_a_round({"出生日期": "1956年3月12日", "姓名": "王 芳"}, {"出生日期": "1956.3.12", "姓名": "王芳"}).height == 0


def test_a_value_that_is_wrong_in_itself_disputes_nothing() -> None:
    broken = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    assert in_a_round({"身份证号": broken}, {}).height == 0
    assert in_a_round({"性别": "未知"}, {"性别": "男"}).height == 0
    assert in_a_round({"出生日期": "1956-02-30"}, {"出生日期": "1956-03-12"}).height == 0
