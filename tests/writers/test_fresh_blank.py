"""A form where the department issued none, and the lines of a form that say who reports."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reportkit.readers import read
from reportkit.sheets import Line
from reportkit.tables import find_tables
from reportkit.writers.fills import fill_lines
from reportkit.writers.fresh_blank import SHEET, fresh_blank


def opened(title: str, *names: str) -> Any:  # noqa: ANN401 - the library's types say less
    return load_workbook(BytesIO(fresh_blank(title, names)[0]))[SHEET]


def test_a_form_has_a_title_a_number_column_a_header_and_one_prepared_row() -> None:
    content, row = fresh_blank("补助花名册", ["姓名", "补助金额"])
    sheet = load_workbook(BytesIO(content))[SHEET]
    assert (sheet["A1"].value, [cell.value for cell in sheet[2]], row) == ("补助花名册", ["序号", "姓名", "补助金额"], 3)
    assert [cell.border.left.style for cell in sheet[3]] == ["thin"] * 3


def test_levels_of_a_header_are_merged_over_their_columns() -> None:
    sheet = opened("表", "户主信息>姓名", "户主信息>电话", "备注")
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:D1", "A2:A3", "B2:C2", "D2:D3"}
    assert [sheet["B2"].value, sheet["B3"].value, sheet["C3"].value, sheet["D2"].value] == ["户主信息", "姓名", "电话", "备注"]


def test_a_form_is_printed_landscape_with_its_header_on_every_page() -> None:
    sheet = opened("表", "甲>乙")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == ("landscape", 9, "$2:$3")
    assert (sheet.page_setup.fitToHeight, sheet.freeze_panes) == (0, "A4")


@pytest.mark.parametrize("words", ["=1+1", "https://example.invalid", "{=A1}"])
def test_a_title_or_header_from_a_file_never_runs_and_is_no_link(words: str) -> None:
    sheet = opened(words, words, f"{words}>甲", f"{words}>乙")
    assert [(sheet[at].value, sheet[at].data_type) for at in ("A1", "B2", "C2")] == [(words, "s")] * 3
    assert sheet["A1"].hyperlink is None


def test_the_same_form_is_the_same_bytes() -> None:
    assert fresh_blank("表", ["甲", "乙>丙"]) == fresh_blank("表", ["甲", "乙>丙"])


LEVEL = st.sampled_from(["姓名", "电话", "住址", "户主", "家庭"])


@given(st.lists(st.lists(LEVEL, min_size=1, max_size=3, unique=True).map(">".join), min_size=2, max_size=6))
@settings(max_examples=40, deadline=None)
def test_every_name_stands_over_its_own_column_however_the_levels_fall(names: list[str]) -> None:
    sheet = load_workbook(BytesIO(fresh_blank("表", names)[0]))[SHEET]
    heads = {cell: area.start_cell.coordinate for area in sheet.merged_cells.ranges for row in area.rows for cell in row}
    found = []
    for column in range(2, len(names) + 2):
        own = [heads.get((row, column), sheet.cell(row, column).coordinate) for row in range(2, sheet.max_row)]
        found.append(">".join(sheet[at].value for at in dict.fromkeys(own)))
    assert found == names


def test_the_tables_finder_reads_the_header_back_as_it_was_asked_for() -> None:
    names = ["户主信息>姓名", "户主信息>联系电话", "家庭住址"]
    book = read(fresh_blank("困难群众花名册", names)[0], "a.xlsx")
    (table,) = find_tables(book.sheets[0]).tables
    assert [cell.name for cell in table.header] == ["序号", *names]


# -- lines --------------------------------------------------------------------------------------------------


def filled(text: str, unit: str = "东莱市", month: str = "2026年11月", filed: date | None = date(2026, 12, 5)) -> str:
    return fill_lines([Line(2, 28, text)], unit, month, filed).get("AB2", "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("填报单位：", "填报单位：东莱市"),
        ("填报单位（盖章）：______", "填报单位（盖章）：东莱市"),
        ("报送部门:", "报送部门:东莱市"),
        ("填报日期：    年  月  日", "填报日期：2026年12月5日"),
        ("  年  月  日", "2026年12月5日"),
        ("乡镇：", "乡镇：东莱市"),
        ("单位（盖章）：", "单位（盖章）：东莱市"),
        ("2025年10月", "2026年11月"),
        ("____年__月份", "2026年11月"),
    ],
)
def test_lines_left_open_are_filled(line: str, words: str) -> None:
    assert filled(line) == words


@pytest.mark.parametrize("line", ["填报单位：西岭镇", "填表人：", "2026年度困难群众", "联系电话：", "填报日期：2026年1月2日"])
def test_lines_that_say_something_stay(line: str) -> None:
    assert filled(line) == ""


def test_what_is_not_known_fills_nothing() -> None:
    lines = ["填报单位：", "____年__月", "填报日期：  年 月 日"]
    assert [filled(line, unit="", month="", filed=None) for line in lines] == ["", "", ""]
