"""Decisions are kept by what rows say, and meet next month's rows."""

from __future__ import annotations

import json

import polars as pl
from forms import PEOPLE, field, records, template
from hypothesis import given
from hypothesis import strategies as st
from villagers import villagers

from reportkit import decisions
from reportkit.linkage import DECIDED

ROWS = [(*one, "100") for one in villagers(4)]
SIGNED = ("王科", "2026-11-30", "2026-11")


def decided(*lines: tuple[int, int, str], of: list[tuple[object, ...]] | None = None) -> pl.DataFrame:
    keys = decisions.keys(records(PEOPLE, *(of or ROWS)))
    made = [decisions.decision("person", (keys[left], keys[right]), verdict, SIGNED) for left, right, verdict in lines]
    return pl.DataFrame(made, schema=decisions.SCHEMA)


def test_a_row_is_known_by_who_it_is_about_not_by_its_amount() -> None:
    keys = decisions.keys(records(PEOPLE, ROWS[0], (*ROWS[0][:4], "999"), ROWS[1]))
    assert keys[0] == keys[1] != keys[2]
    assert set(json.loads(keys[0])) == {"姓名", "身份证号", "联系电话", "家庭住址"}


def test_a_row_without_any_such_value_has_no_key() -> None:
    assert decisions.keys(records(PEOPLE, (None, None, None, None, "100"))).to_list() == [None]


def test_the_concept_names_a_value_so_that_a_header_may_change() -> None:
    one, other = (template(field(name, "person-name", concept="person.name")) for name in ("姓名", "老人姓名"))
    assert decisions.keys(records(one, ("王芳",))).to_list() == decisions.keys(records(other, ("王芳",))).to_list()


def test_the_day_of_an_event_is_no_part_of_who_a_person_is_but_the_birthday_is() -> None:
    visits = template(
        field("姓名", "person-name"),
        field("探访日期", "date", concept="visit.date"),
        field("出生日期", "date", concept="person.birth_date"),
    )
    (key,) = decisions.keys(records(visits, ("王芳", "2026-11-03", "1956-03-12")))
    assert json.loads(key) == {"person.birth_date": "1956-03-12", "姓名": "王芳"}


def test_a_decision_meets_the_rows_wherever_they_stand() -> None:
    made = decided((0, 2, "same"), (1, 3, "different"))
    later = records(PEOPLE, *((*one[:4], "777") for one in reversed(ROWS)))
    found = decisions.pairs(later, made)
    assert found.schema == DECIDED
    assert sorted(found.rows()) == [(0, 2, False), (1, 3, True)]


def test_a_row_that_says_something_else_of_the_person_is_not_the_row_that_was_decided_about() -> None:
    changed = [(ROWS[0][0], ROWS[0][1], "13000000000", *ROWS[0][3:]), *ROWS[1:]]
    assert decisions.pairs(records(PEOPLE, *changed), decided((0, 1, "same"))).height == 0


def test_decisions_about_another_entity_are_none_of_ours() -> None:
    made = decided((0, 1, "same")).with_columns(pl.lit("house").alias("entity"))
    assert decisions.pairs(records(PEOPLE, *ROWS), made).height == 0


def test_the_later_decision_on_a_pair_wins_whichever_side_comes_first() -> None:
    made = decisions.last(decided((0, 1, "same"), (1, 0, "different")))
    assert made["decision"].to_list() == ["different"]


def test_rows_that_say_the_same_can_be_decided_to_be_different() -> None:
    twice = [ROWS[0], (*ROWS[0][:4], "300"), ROWS[1]]
    assert decisions.pairs(records(PEOPLE, *twice), decided((0, 1, "different"), of=twice)).rows() == [(0, 1, False)]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_a_key_is_json_whatever_a_cell_holds(names: list[str]) -> None:
    one = template(field('备"注\\', "text"), key=['备"注\\'])
    rows = records(one, *((name,) for name in names))
    for key, value in zip(decisions.keys(rows), rows.frame['备"注\\'], strict=True):
        assert key is None if value is None else set(json.loads(key)) == {'备"注\\'}
