"""Empty rows with borders between header and total: they were drawn for records."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from desk import HEADER, Desk, person
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Side

from reportkit.writers.ruled_rows import ruled_rows

LINE = Border(*[Side("thin")] * 4)
PEOPLE = [person(n) for n in range(5)]


def drawn(*below: Sequence[object], rows: int = 3, columns: int = len(HEADER)) -> bytes:
    """Header in row 2, ``rows`` empty rows with borders, then what stands below."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["困难群众补助花名册"])
    sheet.append(list(HEADER))
    for row in range(3, 3 + rows):
        for column in range(1, columns + 1):
            sheet.cell(row, column).border = LINE
            sheet.cell(row, column).alignment = Alignment(horizontal="center")
    for at, line in enumerate(below, 3 + rows):
        for column, value in enumerate(line, 1):
            sheet.cell(at, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def report(desk: Desk, blank: bytes) -> Any:  # noqa: ANN401 - the library's types say less
    path: Path = desk.file("blank.xlsx", blank)
    desk.workbook("in/a.xlsx", PEOPLE)
    done = desk.run("merge", "in", "--template", str(path), "-o", "out.xlsx")
    assert done.status in (0, 1), done.err
    return load_workbook(desk.folder / "out.xlsx").worksheets[0]


@pytest.mark.parametrize("rows", [2, 9])
def test_records_take_the_place_and_the_look_of_drawn_rows_and_none_is_left_empty(desk: Desk, rows: int) -> None:
    sheet = report(desk, drawn(["合计"], [], ["填表人："], rows=rows))
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == [1, 2, 3, 4, 5, "合计", None, "填表人："]
    assert str(sheet["F8"].value) == "=SUM(F3:F7)"
    assert {sheet.cell(row, 2).alignment.horizontal for row in range(3, 8)} == {"center"}


def test_drawn_rows_go_where_nothing_stands_below_them(desk: Desk) -> None:
    sheet = report(desk, drawn(rows=9))
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == [1, 2, 3, 4, 5, "合计"]


def test_a_total_above_drawn_rows_stays_above_the_records(desk: Desk) -> None:
    book = load_workbook(io.BytesIO(drawn(["填表人："], rows=4)))
    book.worksheets[0]["A3"].value = "合计"
    out = io.BytesIO()
    book.save(out)
    sheet = report(desk, out.getvalue())
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == ["合计", 1, 2, 3, 4, 5, "填表人："]


def test_what_holds_a_value_or_is_drawn_under_few_columns_is_no_such_row() -> None:
    letters = "ABCDEF"
    assert ruled_rows(drawn(["合计"]), "Sheet", letters) == {3, 4, 5}
    assert ruled_rows(drawn(columns=2), "Sheet", letters) == frozenset()
    filled = load_workbook(io.BytesIO(drawn()))
    filled.worksheets[0]["B4"].value = "王芳"
    out = io.BytesIO()
    filled.save(out)
    assert ruled_rows(out.getvalue(), "Sheet", letters) == {3, 5}
