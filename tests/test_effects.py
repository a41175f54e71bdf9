"""What a finding does to the report's totals, and the order that follows from it."""

from __future__ import annotations

import polars as pl
from desk import identity
from forms import HEADER, PEOPLE, TODAY, Row, consolidate_grid, field, grid, part, records, submission, table, template
from villagers import villagers

from reportkit.checks import check
from reportkit.consolidation import Setting, consolidate
from reportkit.effects import effects, effects_of, ranked
from reportkit.findings import Finding, Findings
from reportkit.records import gather
from reportkit.rules import Reconcile, Rule
from reportkit.submissions import Submission
from reportkit.templates import GridCell
from reportkit.totals import check_totals

AMOUNT = "补助金额(元)"
NAMES = "芳强敏洋静磊丽勇"


def rows(*amounts: object) -> list[Row]:
    return [(f"王{NAMES[n % 8]}", identity(n), f"1390000{n:04}", f"前岭村{n}号", amount) for n, amount in enumerate(amounts, 1)]


def moved(findings: Findings, *amounts: object) -> list[tuple[object, ...]]:
    return effects(findings, records(PEOPLE, *rows(*amounts))).rows()


def cell(code: str, row: int, name: str = AMOUNT, **more: str) -> Findings:
    return Findings.of([Finding(code, "a.xlsx", "Sheet1", row, "E", name, **more)])


def test_a_wrong_amount_that_can_be_read_moves_the_total_by_itself() -> None:
    assert moved(cell("amount-negative", 4), 100, -300, 200, 100) == [(300.0, 0.75, AMOUNT)]


def test_a_wrong_amount_that_cannot_be_read_is_taken_for_what_the_column_mostly_holds() -> None:
    for blank in ("若干", None):
        assert moved(cell("not-a-number", 4), 100, blank, 300, 100) == [(100.0, 0.2, AMOUNT)]


def test_a_wrong_cell_of_another_column_moves_nothing() -> None:
    found = cell("phone-length", 4, "联系电话") + cell("file-extension", 0, "")
    assert moved(found, 100, 100, 100) == [(0.0, 0.0, ""), (0.0, 0.0, "")]


def test_a_column_that_is_not_there_lacks_what_the_others_hold_on_each_of_its_rows() -> None:
    without = table(HEADER[:-1], [row[:-1] for row in rows(1, 2, 3)])
    lists = [part("a.xlsx", table(HEADER, rows(100, 200, 300)), PEOPLE), part("b.xlsx", without, PEOPLE)]
    known = gather(PEOPLE, lists, TODAY)
    found = check(known, TODAY)
    lines = dict(zip(found.frame["code"], effects(found, known).rows(), strict=True))
    assert lines["column-missing"] == (600.0, 1.0, AMOUNT)


def test_what_is_typed_twice_or_reported_by_another_counts_twice_where_it_adds_anything() -> None:
    twice = cell("row-repeated", 3, "身份证号")
    shared = Findings.of(
        [
            Finding("reported-by-several-units", "a.xlsx", "Sheet1", 4, suggestion=f"{AMOUNT} 300"),
            Finding("reported-by-several-units", "a.xlsx", "Sheet1", 4, suggestion="0"),
        ]
    )
    assert moved(twice + shared, 100, 300) == [(100.0, 0.25, AMOUNT), (300.0, 0.75, AMOUNT), (0.0, 0.0, "")]


def test_a_row_whose_amount_is_wrong_counts_nowhere_and_so_not_twice() -> None:
    assert moved(cell("row-repeated", 4, "身份证号"), 100, -300) == [(0.0, 0.0, "")]


def test_a_total_that_its_rows_deny_moves_by_the_difference_whatever_column_it_adds_up() -> None:
    of = template(field("姓名", "person-name"), field("人数", "integer"), field("金额", "amount", total=True))
    known = records(of, ("王芳", 3, 100), ("李强", 4, 100), total=("合计", 9, 150))
    found = check_totals(known, pl.repeat(value=False, n=known.height, eager=True))
    assert sorted(effects(found, known).rows()) == [(2.0, 2 / 7, "人数"), (50.0, 0.25, "金额")]


def test_a_rule_that_denies_a_whole_row_moves_its_amounts_and_one_that_marks_a_cell_that_cells() -> None:
    rules = (Rule(code="R1", check="true"), Rule(code="R2", check="true", cell="姓名"))
    of = PEOPLE.model_copy(update={"rules": rules, "reconcile": (Reconcile(code="R3", sql="SELECT 1"),)})
    known = records(of, *rows(100, 300))
    found = Findings.of([Finding(code, "a.xlsx", "Sheet1", 4) for code in ("R1", "R2", "R3")])
    assert [line[0] for line in effects(found, known).rows()] == [300.0, 0.0, 300.0]


def test_of_several_totals_the_one_that_moves_most_is_told() -> None:
    of = template(field("姓名", "person-name"), field("甲", "amount", total=True), field("乙", "amount", total=True))
    known = records(of, ("王芳", 100, 1), ("李强", 900, 1))
    assert effects(Findings.of([Finding("row-repeated", "a.xlsx", "Sheet1", 3)]), known).rows() == [(1.0, 0.5, "乙")]


def test_where_all_of_a_total_is_wrong_each_is_all_of_it() -> None:
    assert moved(cell("amount-negative", 3), -5) == [(5.0, 1.0, AMOUNT)]


def test_nothing_found_moves_nothing_and_nothing_to_add_up_too() -> None:
    assert moved(Findings.empty(), 100) == []
    of = template(field("姓名", "person-name"))
    assert effects(cell("name-character", 3, "姓名"), records(of, ("王芳",))).rows() == [(0.0, 0.0, "")]


def test_a_whole_round_of_a_list_has_an_effect_for_each_finding() -> None:
    villages = [[(*one, 100) for one in villagers(30)][n : n + 20] for n in (0, 10)]
    sent = [submission(f"{n}.xlsx", table(HEADER, lot), unit=f"0{n}") for n, lot in enumerate(villages)]
    found = consolidate(PEOPLE, sent, Setting(TODAY, TODAY))
    told = found.findings.frame.hstack(effects_of(found.findings, found).get_columns())
    shared = told.filter(code="reported-by-several-units")
    assert shared.height >= 20
    assert set(shared["effect"]) == {100.0}
    assert told.filter(code="conflict")["effect"].sum() == 0


# -- statistics forms -----------------------------------------------------------------------------------------


def figures(column: str, at: str, how: str = "sum") -> GridCell:
    return GridCell.model_validate({"name": f"热线·{column}", "row": "热线", "column": column, "at": at, "aggregate": how})


FORM = grid(figures("受理数", "B3"), figures("办结数", "C3"), figures("最多", "D3", "max"))


def filed(unit: str, *cells: object) -> Submission:
    return submission(f"{unit}.xlsx", table(["项目", "受理数", "办结数", "最多"], [["热线", *cells]]), unit=unit, of="figures")


def test_a_figure_that_is_missing_is_taken_for_what_the_other_units_state_and_only_sums_move() -> None:
    sent = [filed("甲", 10, 5, 1), filed("乙", 20, "若干", ""), filed("丙", -50, 15, 2)]
    found = consolidate_grid(FORM, sent)
    lines = zip(found.findings.frame["code"], effects_of(found.findings, found).rows(), strict=True)
    assert sorted(lines) == [
        ("figure-blank", (0.0, 0.0, "")),
        ("figure-negative", (50.0, 50 / 30, "热线·受理数")),
        ("figure-not-a-number", (10.0, 0.5, "热线·办结数")),
    ]


def test_a_figure_that_its_parts_deny_moves_the_citys_by_the_difference() -> None:
    sent = [filed("甲", 10, 5, 1), filed("乙", 30, 5, 1)]
    found = consolidate_grid(FORM, sent)
    denied = Findings.of([Finding("figure-unlike-sum", "甲.xlsx", "表", 3, "B", "热线·受理数", "1,010人", "1000", "1000")])
    assert effects_of(denied, found).rows() == [(10.0, 0.25, "热线·受理数")]


# -- the order --------------------------------------------------------------------------------------------------


def test_what_must_be_mended_comes_first_then_what_moves_a_total_most_then_where_it_stands() -> None:
    found = Findings.of(
        [
            Finding("row-repeated", "a.xlsx", "S", 3, "B"),
            Finding("phone-length", "b.xlsx", "S", 9, "AA"),
            Finding("phone-length", "b.xlsx", "S", 9, "B"),
            Finding("column-missing", "a.xlsx", "S"),
            Finding("not-a-number", "c.xlsx", "S", 9, "B"),
        ]
    )
    ordered = ranked(found.frame.with_columns(pl.Series("share", [0.9, 0.0, 0.0, 0.0, 0.1])))
    assert ordered.select("code", "column").rows() == [
        ("not-a-number", "B"),
        ("phone-length", "B"),
        ("phone-length", "AA"),
        ("row-repeated", "B"),
        ("column-missing", ""),
    ]
