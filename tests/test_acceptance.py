"""Which submissions go back whole."""

from __future__ import annotations

import pytest
from forms import HEADER, PEOPLE, TODAY, Row, consolidate_grid, field, grid, submission, table, template
from villagers import villagers

from reportkit.consolidation import Consolidation, Setting, consolidate
from reportkit.sources import left_out, report_line, returned
from reportkit.submissions import State, Submission
from reportkit.summary import RoundSummary
from reportkit.templates import Accept, GridCell
from reportkit.units import Unit, Units

UNITS = Units((Unit("甲村", "前岭村", "village"),))
ROWS: list[Row] = [(*one, "100") for one in villagers(30)]


def wrong(number: int) -> Submission:
    """Ten persons, some of whom get an amount that is none."""
    rows = [(*row[:4], "一百多" if n < number else "100") for n, row in enumerate(ROWS[:10])]
    return submission("甲村/a.xlsx", table(HEADER, rows), unit="甲村")


def judged(number: int, **accept: float) -> Consolidation:
    of = PEOPLE.model_copy(update={"accept": Accept.model_validate(accept) if accept else None})
    good = submission("乙村/b.xlsx", table(HEADER, ROWS[10:]), unit="乙村")
    return consolidate(of, [wrong(number), good], Setting(TODAY, TODAY))


@pytest.mark.parametrize(
    ("number", "accept", "state"),
    [
        (9, {}, State.ACCEPTED),
        (3, {"max_errors": 3}, State.ACCEPTED),
        (4, {"max_errors": 3}, State.RETURNED),
        (2, {"max_error_share": 0.2}, State.ACCEPTED),
        (3, {"max_error_share": 0.2}, State.RETURNED),
        (3, {"max_errors": 5, "max_error_share": 0.2}, State.RETURNED),
        (0, {"max_errors": 0}, State.ACCEPTED),
    ],
)
def test_a_submission_past_its_templates_bounds_goes_back(number: int, accept: dict[str, float], state: State) -> None:
    found = judged(number, **accept)
    assert [one.state for one in found.submissions if one.unit == "甲村"] == [state]
    assert [one.state for one in found.submissions if one.unit == "乙村"] == [State.ACCEPTED]


def test_what_went_back_stays_in_the_evidence_and_out_of_the_report() -> None:
    found = judged(4, max_errors=3)
    mine = found.kept.filter(file="甲村/a.xlsx")
    assert mine["kept"].to_list() == [0] * 10
    assert found.kept["kept"].sum() == 20
    findings = found.findings.frame.filter(file="甲村/a.xlsx")
    assert findings.filter(code="not-a-number").height == 4
    assert findings.filter(code="too-many-errors").select("row", "value", "detail").rows() == [(0, "4", "40%")]
    assert next(one for one in found.submissions if one.unit == "甲村").note == "too-many-errors"
    line = report_line(found, "")
    assert (line.rows_in, line.rows_out, line.set_aside) == (30, 20, 10)
    (back,) = returned(found.submissions, UNITS)
    assert (back.unit, back.file, back.why) == ("前岭村", "甲村/a.xlsx", "too-many-errors")
    assert RoundSummary(returned=(back,)).to_json()["returned"] == [
        {"unit": "前岭村", "file": "甲村/a.xlsx", "why": "too-many-errors"}
    ]


def test_totals_that_leave_cells_out_are_named() -> None:
    (line,) = left_out([judged(3)])
    assert (line.report, line.field, line.cells) == (PEOPLE.title, "补助金额(元)", 3)
    assert left_out([judged(0)]) == left_out([judged(4, max_errors=3)]) == ()


def test_a_cell_with_two_errors_is_one_error() -> None:
    of = template(field("编号", required=True), field("数", "integer"), key=["编号"], accept=Accept(max_errors=1))
    sheet = table(["编号", "数"], [["1", "很多"], ["2", "3"]])
    found = consolidate(of, [submission("a.xlsx", sheet, unit="甲")], Setting(TODAY, TODAY))
    assert [one.state for one in found.submissions] == [State.ACCEPTED]


def test_a_form_past_its_bounds_is_in_no_figure_of_the_city() -> None:
    cells = [GridCell(name=name, row=name, column="数量", at=f"B{n}") for n, name in enumerate(("户数", "人数", "亩数"), 3)]
    of = grid(*cells).model_copy(update={"accept": Accept(max_error_share=0.5)})
    lines = {"甲": ("1", "2", "3"), "乙": ("多", "少", "7")}
    forms = {unit: table(["项目", "数量"], [*zip(("户数", "人数", "亩数"), line, strict=True)]) for unit, line in lines.items()}
    found = consolidate_grid(of, [submission(f"{unit}.xlsx", one, unit=unit, of="figures") for unit, one in forms.items()])
    assert {one.unit: one.state for one in found.submissions} == {"甲": State.ACCEPTED, "乙": State.RETURNED}
    assert found.values == {"户数": 1, "人数": 2, "亩数": 3}
    assert found.findings.frame.filter(code="too-many-errors")["file"].to_list() == ["乙.xlsx"]
