"""Values that have to be one of a kind, and keys that have to stand elsewhere."""

from __future__ import annotations

import polars as pl
from desk import identity
from forms import PEOPLE, TODAY, field, part, records, submission, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.consolidation import Setting, consolidate
from reportkit.constraints import References, constraints, repetitions
from reportkit.constraints.references import Referred
from reportkit.findings import Findings
from reportkit.records import ID, Records, gather
from reportkit.templates import Constraints, Field, ForeignKey, Reference, Schema

UNIQUE = Field(name="卡号", constraints=Constraints(unique=True))
CARDS = template(field("姓名"), UNIQUE)
PLACES = template(field("村"), field("组"), field("人数", "integer"), key=["村", "组"])


def repeated(of: Records, clusters: pl.DataFrame | None = None) -> list[tuple[object, ...]]:
    return Findings.gather(repetitions(of, clusters)).frame.select("code", "row", "value", "detail").rows()


def test_every_row_of_a_repeated_value_is_named_with_another_of_them() -> None:
    rows = [("王芳", "1"), ("李强", "2"), ("赵敏", "1"), ("孙洋", "1"), ("周静", None), ("吴磊", None)]
    assert repeated(records(CARDS, *rows)) == [
        ("value-repeated", 3, "1", "a.xlsx Sheet1!5"),
        ("value-repeated", 5, "1", "a.xlsx Sheet1!3"),
        ("value-repeated", 6, "1", "a.xlsx Sheet1!3"),
    ]


def test_a_value_repeats_one_of_another_file_too() -> None:
    parts = [part(f"{name}.xlsx", table(["姓名", "卡号"], [("王芳", "7")]), CARDS, rank=n) for n, name in enumerate("ab")]
    found = Findings.gather(repetitions(gather(CARDS, parts, TODAY))).frame
    assert found.select("file", "detail").rows() == [("a.xlsx", "b.xlsx Sheet1!3"), ("b.xlsx", "a.xlsx Sheet1!3")]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([None, "1", "2", "3", "4", "5"]), max_size=12))
def test_repeated_are_just_the_values_that_stand_more_than_once(values: list[str | None]) -> None:
    found = repeated(records(CARDS, *[("王芳", value) for value in values]))
    assert [row for _, row, _, _ in found] == [n for n, v in enumerate(values, 3) if v and values.count(v) > 1]


def test_a_key_of_several_fields_repeats_as_a_whole_and_may_not_be_blank() -> None:
    of = records(PLACES, ("前岭", "1"), ("前岭", "2"), ("后岭", "1"), ("前岭", "1"), ("前岭", None), ("前岭", None))
    assert repeated(of) == [("key-repeated", 3, "前岭", "a.xlsx Sheet1!6"), ("key-repeated", 6, "前岭", "a.xlsx Sheet1!3")]
    found = Findings.gather(constraints(of, References())).frame
    assert found.select("code", "row", "field").rows() == [("key-blank", 7, "组"), ("key-blank", 8, "组")]


def test_a_unique_key_is_told_of_once() -> None:
    of = template(UNIQUE, key=["卡号"])
    assert [code for code, *_ in repeated(records(of, ("1",), ("1",)))] == ["key-repeated", "key-repeated"]


def test_rows_of_one_thing_are_no_repeated_values() -> None:
    of = records(CARDS, ("王芳", "1"), ("王芳", "1"), ("李强", "2"), ("赵敏", "2"))
    clusters = pl.DataFrame({ID: [0, 1, 2, 3], "cluster": [0, 0, 1, 2]}, schema={ID: pl.UInt32, "cluster": pl.UInt32})
    assert [row for _, row, _, _ in repeated(of, clusters)] == [5, 6]


def test_unique_keys_hold_beside_the_primary_key() -> None:
    schema = PLACES.table_schema.model_copy(
        update={"primaryKey": (), "uniqueKeys": (tuple(one.name for one in PLACES.fields[:2]),)}
    )
    of = records(PLACES.model_copy(update={"table_schema": schema}), ("前岭", "1"), ("前岭", "2"), ("前岭", "1"), ("前岭", None))
    assert [(code, row) for code, row, *_ in repeated(of)] == [("key-repeated", 3), ("key-repeated", 5)]


def test_a_key_that_was_only_guessed_is_held_against_nobody() -> None:
    guessed = PLACES.model_copy(update={"inferred": True})
    of = records(guessed, ("前岭", None), ("前岭", "1"), ("前岭", "1"))
    assert repeated(of) == []
    assert not Findings.gather(constraints(of, References())).frame.height


def test_a_person_typed_twice_is_told_of_as_a_repeated_row_alone() -> None:
    mine = [("王芳", identity(1), "13900000001", "前岭村1号"), ("王芳", identity(1), "13900000001", "前岭村1号")]
    others = [(f"李{c}", identity(n), f"1390000{n:04}", f"后岭村{n}号") for n, c in enumerate("强敏洋静磊", 20)]
    header = [one.name for one in PEOPLE.fields]
    found = consolidate(PEOPLE, [submission("a.xlsx", table(header, [*mine, *others]), unit="甲村")], Setting(TODAY, TODAY))
    codes = found.findings.frame["code"].to_list()
    assert (codes.count("row-repeated"), codes.count("key-repeated")) == (1, 0)


# -- foreign keys -----------------------------------------------------------------------------------------


def referring(*keys: ForeignKey, **more: object) -> Records:
    schema = Schema(fields=(field("编号"), field("上级"), field("村"), field("组")), foreignKeys=keys)
    of = template(field("编号")).model_copy(update={"table_schema": schema})
    rows = [("1", None, "前岭", "1"), ("2", "1", "前岭", "2"), ("3", "9", "后岭", "1")]
    return records(of, *rows, **more)


def lost(of: Records, *later: str, **tables: Referred) -> list[tuple[object, ...]]:
    found = Findings.gather(constraints(of, References(tables, frozenset(later)))).frame
    return found.select("code", "row", "field", "value", "detail").rows()


def test_a_value_that_the_list_itself_does_not_hold_is_missing_and_a_blank_is_not() -> None:
    key = ForeignKey(fields=("上级",), reference=Reference(fields=("编号",)))
    assert lost(referring(key)) == [("reference-missing", 5, "上级", "9", "编号")]


def test_fields_of_a_reference_are_matched_together() -> None:
    key = ForeignKey(fields=("村", "组"), reference=Reference(resource="places", fields=("村名", "组号")))
    places = pl.DataFrame({"村名": ["前岭", "前岭", "后岭"], "组号": [1, 2, 2]})
    assert lost(referring(key), places=Referred(places)) == [("reference-missing", 5, "村", "后岭", "places: 村名、组号")]


def test_a_reference_that_is_not_there_is_not_judged_and_that_is_said() -> None:
    key = ForeignKey(fields=("村",), reference=Reference(resource="units", fields=("名称",)))
    assert lost(referring(key)) == [("reference-not-judged", 0, "村", "", "units: 名称")]
    found = Findings.gather(constraints(referring(key), References())).frame
    assert found["severity"].to_list() == ["note"]


def test_a_reference_that_is_judged_at_the_rounds_end_is_not_spoken_of_before() -> None:
    key = ForeignKey(fields=("村",), reference=Reference(resource="villages", fields=("村名",)))
    assert lost(referring(key), "villages") == []


def test_where_the_units_own_part_of_the_reference_has_not_come_nothing_is_judged_and_that_is_said() -> None:
    key = ForeignKey(fields=("村",), reference=Reference(resource="villages", fields=("村名",)))
    villages = pl.DataFrame({"村名": ["前岭"]})
    of = referring(key, unit="甲镇")
    assert lost(of, villages=Referred(villages, frozenset({"乙镇"}))) == [
        ("reference-missing", 5, "村", "后岭", "villages: 村名")
    ]
    assert lost(of, villages=Referred(villages, frozenset({"甲镇"}))) == [("reference-not-judged", 0, "村", "", "villages: 村名")]
