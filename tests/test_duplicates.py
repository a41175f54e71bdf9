"""Rows about one thing: typed twice, reported by several units, stated differently, not compared."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from desk import identity
from forms import HEADER, PEOPLE, TODAY, Row, field, part, submission, table, template
from villagers import nothing, villagers

from reportkit.consolidation import Consolidation, Setting, consolidate
from reportkit.duplicates import check_doubtful, check_repeats
from reportkit.findings import Findings
from reportkit.records import ID, gather
from reportkit.templates import Template
from reportkit.units import Unit, Units

ROW = ("王芳", identity(1), "13900000001", "前岭村1号", "100")
OTHERS: list[Row] = [(*one, "100") for one in villagers(40)]
UNITS = Units(tuple(Unit(code, name, "village") for code, name in (("01", "前岭村"), ("02", "后岭村"), ("03", "石湾村"))))


def lines(found: Findings, *names: str) -> list[tuple[object, ...]]:
    return found.frame.select(names).rows()


def grouped(*groups: tuple[str, str, int], of: Template = PEOPLE) -> tuple[Findings, list[bool]]:
    """Rows (unit, file, cluster), each file of one unit."""
    files = list(dict.fromkeys((unit, file) for unit, file, _ in groups))
    parts = [part(file, table(HEADER, [ROW for _, name, _ in groups if name == file]), of, unit=unit) for unit, file in files]
    order = [cluster for _, file in files for _, name, cluster in groups if name == file]
    rows = gather(of, parts, TODAY)
    frame = rows.frame.select(ID).with_columns(pl.Series("cluster", order, dtype=pl.UInt32))
    found, repeated = check_repeats(rows, frame)
    return found, repeated.to_list()


def test_a_row_typed_twice_is_told_at_the_later_rows_key() -> None:
    found, repeated = grouped(("甲", "a.xlsx", 0), ("甲", "a.xlsx", 1), ("甲", "a.xlsx", 0))
    assert repeated == [False, False, True]
    assert lines(found, "code", "row", "column", "field", "value") == [("row-repeated", 5, "B", "身份证号", ROW[1])]
    assert found.frame["detail"].to_list() == ["Sheet1!3"]


def test_where_several_fields_make_the_key_no_one_cell_is_repeated_but_the_row() -> None:
    schema = PEOPLE.table_schema.model_copy(update={"primaryKey": ("姓名", "联系电话")})
    found, _ = grouped(("甲", "a.xlsx", 0), ("甲", "a.xlsx", 0), of=PEOPLE.model_copy(update={"table_schema": schema}))
    assert lines(found, "code", "row", "column", "field", "detail") == [("row-repeated", 4, "", "", "Sheet1!3")]


def test_things_of_their_own_are_no_repeats() -> None:
    found, repeated = grouped(("甲", "a.xlsx", 0), ("甲", "a.xlsx", 1), ("乙", "b.xlsx", 2))
    assert found.frame.height == 0
    assert not any(repeated)


def round_of(*rows: Row, of: Template = PEOPLE) -> Consolidation:
    """The first village's row stands among many; each other village files one row."""
    files = [[rows[0], *OTHERS], *([row] for row in rows[1:])]
    filed = [submission(f"{n}/a.xlsx", table(HEADER, lot), unit=f"0{n}") for n, lot in enumerate(files, 1)]
    return consolidate(of, filed, Setting(TODAY, TODAY, units=UNITS))


def told(found: Consolidation, code: str) -> list[tuple[object, ...]]:
    frame = found.findings.frame.filter(code=code)
    return sorted(frame.select("file", "row", "column", "field", "detail", "suggestion").rows())


def test_each_unit_is_told_of_the_other_how_sure_why_and_what_would_count_twice() -> None:
    (one, two) = told(round_of(ROW, ROW), "reported-by-several-units")
    assert one == (
        "1/a.xlsx",
        3,
        "",
        "",
        "后岭村（2/a.xlsx Sheet1!3，99%，姓名、身份证号、联系电话、家庭住址、补助金额(元)）",
        "补助金额(元) 100",
    )
    assert (two[0], str(two[4]).split("，")[0]) == ("2/a.xlsx", "前岭村（1/a.xlsx Sheet1!3")


def test_a_file_that_stands_for_itself_is_named_once() -> None:
    filed = [submission(f"{n}.xlsx", table(HEADER, lot), unit=f"{n}.xlsx") for n, lot in enumerate(([ROW, *OTHERS], [ROW]))]
    found = told(consolidate(PEOPLE, filed, Setting(TODAY, TODAY)), "reported-by-several-units")
    assert [str(line[4]).split("，")[0] for line in found] == ["1.xlsx Sheet1!3（99%", "0.xlsx Sheet1!3（99%"]


def test_every_other_unit_is_named_once() -> None:
    found = told(round_of(ROW, ROW, (*ROW[:4], "50")), "reported-by-several-units")
    assert [str(line[4]).count("%") for line in found] == [2, 2, 2]
    assert {line[5] for line in found} == {"补助金额(元) 150"}


def test_what_units_state_differently_is_one_finding_a_row_with_their_identifiers_masked() -> None:
    found = told(round_of(ROW, (*ROW[:2], "13900009992", "前岭村一号", "120")), "conflict")
    assert found == [
        ("1/a.xlsx", 3, "", "联系电话、补助金额(元)", "联系电话：139****9992（后岭村）；补助金额(元)：120（后岭村）", ""),
        ("2/a.xlsx", 3, "", "联系电话、补助金额(元)", "联系电话：139****0001（前岭村）；补助金额(元)：100（前岭村）", ""),
    ]


def test_values_that_are_the_same_in_another_writing_are_no_conflict() -> None:
    assert told(round_of(ROW, ("王 芳", ROW[1], "139-0000-0001", "前岭村 1号", "100.00元")), "conflict") == []


def test_a_blank_is_no_conflict() -> None:
    assert told(round_of(ROW, ("王芳", ROW[1], None, None, "100")), "conflict") == []


def test_a_block_too_large_to_compare_is_named() -> None:
    rows = gather(PEOPLE, [part("a.xlsx", table(HEADER, [ROW]), PEOPLE)], TODAY)
    nobody = pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32, "probability": pl.Float64, "why": pl.String})
    none = nothing()
    told_of = replace(none.diagnosis, capped=(("联系电话", 5000),))
    found = check_doubtful(rows, replace(none, frame=rows.frame.select(ID), edges=nobody, doubtful=nobody, diagnosis=told_of))
    assert [(one.code, one.file, one.value, one.detail) for one in found] == [("block-not-compared", "", "联系电话", "5000")]


HOUSEHOLD = ("户主姓名", "户主身份证号", "姓名", "身份证号", "月保障金额(元)")
RELIEF = template(
    field("户主姓名", "person-name", per="household"),
    field("户主身份证号", "identity-number", per="household"),
    field("姓名", "person-name"),
    field("身份证号", "identity-number"),
    field("月保障金额(元)", "amount", per="household", total=True),
    key=["身份证号"],
    entity="person",
)


def test_a_households_amount_would_count_twice_once_and_not_with_each_member() -> None:
    def household(number: int, head: str, *members: str) -> list[tuple[str, ...]]:
        people = [(name, identity(number + n)) for n, name in enumerate((head, *members))]
        return [(*people[0], *one, "500") for one in people]

    reported = household(1, "王芳", "孙强", "王小明")
    others = [row for n, name in enumerate("赵钱周吴郑", 1) for row in household(100 * n, f"{name}大海", f"{name}小妹")]
    filed = [
        submission(f"{n}/a.xlsx", table(HOUSEHOLD, lot), unit=f"0{n}", of=RELIEF.name)
        for n, lot in enumerate(([*reported, *others], reported), 1)
    ]
    found = told(consolidate(RELIEF, filed, Setting(TODAY, TODAY, units=UNITS)), "reported-by-several-units")
    assert [line[5] for line in found] == ["月保障金额(元) 500", "0", "0"] * 2
