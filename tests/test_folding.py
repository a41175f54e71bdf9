"""Findings that are alike as one line."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.folding import ALIKE, EXAMPLES, FOLDED, SINGLE, fold

few = settings(max_examples=60, deadline=None)
KINDS = {
    **dict.fromkeys(
        ("code", "severity", "unit", "file", "sheet", "column", "cell", "field", "value", "message", "mend"), pl.String
    ),
    "row": pl.Int64,
    "effect": pl.Float64,
    "share": pl.Float64,
    "total": pl.String,
}


def listed(*lines: dict[str, object]) -> pl.DataFrame:
    usual = {name: "" if kind == pl.String else 0 for name, kind in KINDS.items()}
    usual |= {"code": "date-impossible", "severity": "error", "file": "a.xlsx", "sheet": "S", "column": "B"}
    return pl.DataFrame([usual | line for line in lines], schema=KINDS)


def dates(number: int, first: int = 3, **more: object) -> list[dict[str, object]]:
    return [
        {"row": row, "cell": f"B{row}", "value": f"2026-02-{row}", "message": f"没有 2026-02-{row}", **more}
        for row in range(first, first + number)
    ]


def test_five_hundred_bad_dates_in_a_column_are_one_line_with_a_count() -> None:
    (line,) = fold(listed(*dates(500, effect=2.0, share=0.001, total="金额"))).rows(named=True)
    assert (line["count"], line["first"], line["last"]) == (500, "B3", "B502")
    assert line["message"] == "没有 2026-02-3"
    assert line["examples"] == ["2026-02-4", "2026-02-5", "2026-02-6"]
    assert (line["effect"], round(line["share"], 6), line["total"]) == (1000.0, 0.5, "金额")


def test_a_few_alike_stay_single() -> None:
    folded = fold(listed(*dates(SINGLE)))
    assert folded["count"].to_list() == [1] * SINGLE
    assert folded["first"].to_list() == folded["last"].to_list() == [f"B{row}" for row in range(3, 3 + SINGLE)]
    assert folded["examples"].list.len().sum() == 0


def test_what_differs_in_file_sheet_column_code_or_severity_is_not_alike() -> None:
    others = [{name: "z"} for name in ALIKE]
    folded = fold(listed(*dates(6), *(line | other for other in others for line in dates(6))))
    assert sorted(folded["count"].to_list()) == [6] * (1 + len(others))


def test_the_first_and_last_cell_are_those_of_the_sheet_in_whatever_order_they_come() -> None:
    (line,) = fold(listed(*dates(9)[::-1])).rows(named=True)
    assert (line["first"], line["last"], line["message"]) == ("B3", "B11", "没有 2026-02-3")


def test_findings_about_no_value_show_the_fields_they_are_about() -> None:
    columns = [{"code": "column-missing", "column": "", "field": name} for name in "abcdef"]
    (line,) = fold(listed(*columns)).rows(named=True)
    assert (line["field"], line["examples"]) == ("a", ["b", "c", "d"])


def test_a_value_that_is_wrong_everywhere_has_no_further_example() -> None:
    (line,) = fold(listed(*(one | {"value": "无"} for one in dates(8)))).rows(named=True)
    assert line["examples"] == []


def test_lines_that_move_a_total_most_come_first_and_then_the_commonest() -> None:
    lines = [*dates(7, column="C"), *dates(9, column="D"), {"column": "E", "share": 0.2}, {"severity": "note", "share": 0.9}]
    assert fold(listed(*lines))["column"].to_list() == ["E", "D", "C", "B"]


@few
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["x", "y"]), st.integers(1, 40), st.sampled_from("12345678"))))
def test_nothing_is_lost_in_folding(cells: list[tuple[str, str, int, str]]) -> None:
    lines = listed(*({"column": c, "code": code, "row": row, "cell": f"{c}{row}", "value": v} for c, code, row, v in cells))
    folded = fold(lines)
    assert folded.columns == list(FOLDED)
    assert folded["count"].sum() == len(cells)
    assert all(count == 1 or count > SINGLE for count in folded["count"])
    assert folded["examples"].list.len().max() in {None, *range(EXAMPLES + 1)}
    alike = lines.group_by(ALIKE).len()
    assert folded.height == sum(size if size <= SINGLE else 1 for size in alike["len"])
