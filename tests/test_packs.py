"""The rules that packs bring: each finds what it is there for, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from desk import Desk, identity
from openpyxl import load_workbook

from reportkit.periods import Period
from reportkit.rulebook.sql import NotJudged, run_sql
from reportkit.rulebook.tables import schemas
from reportkit.specs import lint, lint_together, load_spec
from reportkit.templates import Kind, Template
from reportkit.workspace import packs

NOVEMBER = Period.parse("2026-11")
SPECS = {pack: sorted(folder.glob("*.yaml")) for pack, folder in packs().items()}
YANTAI = {path.stem: load_spec(path) for path in SPECS["yantai"]}
Row = dict[str, object]


@pytest.mark.parametrize("pack", sorted(SPECS))
def test_a_packs_specs_are_without_fault_and_each_rule_about_a_row_shows_what_passes_and_what_fails(pack: str) -> None:
    assert [problem for path in SPECS[pack] for problem in lint(path)] == []
    assert lint_together({path: load_spec(path) for path in SPECS[pack]}) == []
    rules = [rule for path in SPECS[pack] for rule in load_spec(path).rules]
    assert [rule.code for rule in rules if not (rule.passes and rule.fails)] == []


def found(template: str, code: str, given: dict[str, list[Row]]) -> list[Row]:
    """What a rule across forms finds where the forms hold these rows; every other form is empty."""
    rule = next(one for one in YANTAI[template].reconcile if one.code == code)
    kinds = schemas(YANTAI.values())
    address = {"_file": "a.xlsx", "_sheet": "Sheet1"}
    tables = {
        name: pl.DataFrame([address | {"_row": at} | row for at, row in enumerate(given.get(name, []))], schema=schema)
        for name, schema in kinds.items()
        if name in rule.sql
    }
    rows = run_sql(rule, tables, NOVEMBER)
    assert not isinstance(rows, NotJudged), rows.reason
    return rows.to_dicts()


def born(year: int, unit: str = "1", number: int = 1) -> Row:
    return {"_entity": f"e{year}{number}", "_unit": unit, "公民身份号码": identity(number, f"{year}0312")}


def paid(who: Row, unit: str = "1") -> Row:
    return {"_entity": who["_entity"], "_unit": unit, "身份证号": who["公民身份号码"]}


def test_who_is_eighty_and_not_paid_is_named_unless_dead_or_no_list_came() -> None:
    old, older, young, dead, elsewhere = born(1940), born(1935), born(1980), born(1938), born(1939, unit="2")
    residents = [old, older, young, dead, elsewhere, born(1946, number=2), born(1947, number=3)]
    given: dict[str, list[Row]] = {
        "residents": residents,
        "elderly-allowance": [paid(older)],
        "deceased": [{"_entity": dead["_entity"], "_unit": "1"}],
    }
    rows = found("residents", "RS01", given)
    assert [(row["_row"], row["born"]) for row in rows] == [(0, date(1940, 3, 12)), (5, date(1946, 3, 12))]
    assert found("residents", "RS01", {"residents": residents}) == []


def test_who_is_paid_by_another_unit_is_paid() -> None:
    old = born(1940)
    assert found("residents", "RS01", {"residents": [old], "elderly-allowance": [paid(old, "2"), paid(born(1930))]}) == []


@pytest.mark.parametrize(("stated", "told"), [(10, False), (11, False), (12, True), (8, True)])
def test_the_old_of_the_statistics_are_held_against_the_list_of_residents_of_the_same_unit(stated: float, *, told: bool) -> None:
    residents = [born(1950, number=n) for n in range(10)] + [born(1990), born(1950, unit="2", number=99)]
    residents.append(residents[0])
    given: dict[str, list[Row]] = {
        "population-statistics": [{"_unit": "1", "60岁及以上·合计": stated}],
        "residents": residents,
    }
    rows = found("population-statistics", "PS01", given)
    assert [(row["stated"], row["listed"]) for row in rows] == ([(stated, 10)] if told else [])


@pytest.mark.parametrize(("code", "table", "limit"), [("PS02", "@prev", 120), ("PS03", "@lastyear", 130)])
def test_a_jump_of_the_population_is_told(code: str, table: str, limit: int) -> None:
    def jumped(now: float) -> bool:
        given: dict[str, list[Row]] = {
            "population-statistics": [{"_unit": "1", "总人口·合计": now}],
            f"population-statistics{table}": [{"_unit": "1", "总人口·合计": 100.0}, {"_unit": "2", "总人口·合计": 1.0}],
        }
        return bool(found("population-statistics", code, given))

    assert [jumped(now) for now in (100, limit, limit + 1, 200 - limit, 199 - limit)] == [False, False, True, False, True]


def test_households_on_relief_are_counted_in_both_forms() -> None:
    members: list[Row] = [{"_unit": "1", "户主信息>户主身份证号码": identity(n)} for n in (1, 1, 2)]
    for stated, told in ((2.0, []), (3.0, [(3.0, 2)])):
        given: dict[str, list[Row]] = {
            "relief-monthly": [{"_unit": "1", "合计·户数(户)": stated}],
            "minimum-living": members,
        }
        assert [(row["stated"], row["listed"]) for row in found("relief-monthly", "RM01", given)] == told


def persons() -> list[Template]:
    return [one for one in YANTAI.values() if one.kind is Kind.LIST and one.entity == "person" and one.name != "deceased"]


@pytest.mark.parametrize("template", persons(), ids=lambda one: one.name)
def test_the_dead_are_named_in_every_list_of_persons(template: Template) -> None:
    given: dict[str, list[Row]] = {template.name: [{"_entity": "a"}, {"_entity": "b"}], "deceased": [{"_entity": "b"}]}
    assert [row["_row"] for row in found(template.name, "DECEASED", given)] == [1]


# -- through a round -----------------------------------------------------------------------------------------


def filled(desk: Desk, template: str, name: str, **cells: object) -> Path:
    """The pack's own blank with some cells written."""
    book = load_workbook(desk.folder / f"ws/templates/{template}.xlsx")
    for at, value in cells.items():
        book.worksheets[0][at] = value
    path = desk.folder / "ws/inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def test_a_statistics_form_is_told_of_its_jump_at_its_cell(desk: Desk) -> None:
    desk.run("init", "ws", "--pack", "yantai")
    (desk.folder / "ws/units.csv").write_text("code,name,level,parent,aliases\n11,甲镇,township,,\n", encoding="utf-8")
    for period, number in (("2026-10", 100), ("2026-11", 130)):
        filled(desk, "population-statistics", f"{period}/甲镇/人口.xlsx", C5=number, D5=number // 2, E5=number // 2)
        desk.run("consolidate", "ws", "--period", period, "--as-of", "2026-12-01")
    lines = desk.table("ws/outbox/2026-11/evidence/population-statistics/findings.csv")
    told = [(line["row"], line["column"], line["message"]) for line in lines if line["code"] == "PS02"]
    assert told == [("5", "C", "总人口 130 人，上期 100 人，变动超过20%")]
