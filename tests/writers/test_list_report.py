"""A list report is the department's own form with the records in it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from issued import COLUMNS, FIRST, SHEET, blank, opened, people, report, values, written
from openpyxl import load_workbook

from reportkit.readers import read
from reportkit.writers.list_report import ListReport, write_list_report
from reportkit.writers.text_sheet import TextSheet


def column(rows: list[str | None], name: str = "姓名") -> pl.DataFrame:
    """Records of which one field is given."""
    return pl.DataFrame({one.field: rows if one.field == name else [None] * len(rows) for one in COLUMNS if one.field}).cast(
        pl.String
    )


def reread(path: Path) -> list[list[object]]:
    return [list(row) for row in read(path.read_bytes(), path.name).sheets[0].rows]


# -- records ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3, 4, 400])
def test_every_record_stands_in_its_row_and_is_numbered(tmp_path: Path, number: int) -> None:
    rows = values(written(tmp_path, report(people(number))))
    assert [row[0] for row in rows[FIRST - 1 : FIRST - 1 + number]] == list(range(1, number + 1))
    assert [row[1] for row in rows[FIRST - 1 : FIRST - 1 + number]] == [f"张三{at}" for at in range(number)]
    assert rows[FIRST - 1 + number + 1][0] == "填表人："


def test_without_a_record_one_empty_row_stays(tmp_path: Path) -> None:
    rows = values(written(tmp_path, report(people(0))))
    assert (rows[FIRST - 1][:5], rows[FIRST + 1][0]) == ((None,) * 5, "填表人：")


def test_dates_and_amounts_are_figures_and_identity_numbers_are_text(tmp_path: Path) -> None:
    path = written(tmp_path, report(people(1)))
    assert values(path)[FIRST - 1] == (1, "张三0", "370602195603120000", datetime(2026, 11, 23), 100)  # noqa: DTZ001
    assert opened(path)["C5"].number_format == "@"
    assert reread(path)[FIRST - 1][2] == "370602195603120000"


def test_what_is_no_date_or_no_figure_stands_as_it_was_written(tmp_path: Path) -> None:
    rows = people(4).with_columns(
        pl.Series("认定日期", ["去年", "1899-12-01", None, "2026-11"]), pl.Series("补助金额", ["约100", "nan", "inf", None])
    )
    path = written(tmp_path, report(rows))
    assert [row[3:5] for row in values(path)[FIRST - 1 : FIRST + 3]] == [
        ("去年", "约100"),
        ("1899-12-01", "nan"),
        (None, "inf"),
        ("2026-11", None),
    ]
    assert opened(path)["E5"].number_format == "@"


@pytest.mark.parametrize("day", ["1900-01-01", "1900-02-28", "1900-03-01", "1956-03-12", "2026-11-23"])
def test_a_day_is_the_day_that_excel_shows_even_before_march_of_1900(tmp_path: Path, day: str) -> None:
    path = written(tmp_path, report(column([day], "认定日期")))
    assert reread(path)[FIRST - 1][3] == date.fromisoformat(day)


def test_amounts_keep_every_digit_that_the_unit_wrote(tmp_path: Path) -> None:
    path = written(tmp_path, report(column(["123456789012.34"], "补助金额")))
    assert values(path)[FIRST - 1][4] == 123456789012.34


def test_a_column_without_a_field_stays_empty(tmp_path: Path) -> None:
    rows = people(2).drop("认定日期")
    bare = (*COLUMNS[:3], COLUMNS[3].__class__("D", "", "text"), COLUMNS[4])
    path = written(tmp_path, ListReport(blank(), SHEET, 5, 7, bare, rows))
    assert [row[3] for row in values(path)[FIRST - 1 : FIRST + 1]] == [None, None]


# -- text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 139", "@SUM(A1)", "-无", "a<b>&\"c'", " 前后 ", "甲\n乙", "_x0041_", "_x0041_x0042_x0043_", "𠮷野", "007"],
)
def test_text_is_read_back_as_it_was_and_never_runs(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, report(column([text])))
    assert reread(path)[FIRST - 1][1] == text
    assert opened(path)["B5"].data_type in ("s", "inlineStr")


def test_control_characters_leave_the_rest_of_the_text_and_of_the_report(tmp_path: Path) -> None:
    path = written(tmp_path, report(column(["甲\x00乙\x0b丙\x1f丁\ufffe", "后"])))
    assert [row[1] for row in values(path)[FIRST - 1 : FIRST + 1]] == ["甲乙丙丁", "后"]


def test_a_text_longer_than_a_cell_holds_is_cut_where_excel_would_refuse_it(tmp_path: Path) -> None:
    path = written(tmp_path, report(column(["长" * 40_000])))
    assert reread(path)[FIRST - 1][1] == "长" * 32_767


PIECES = st.lists(st.sampled_from(["_", "x0041", "_x0042_", "x00", "甲", "&lt;", "<b>", "\x07", "\t"]), max_size=8).map("".join)


@given(st.lists(PIECES, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_without_control_characters_is_read_back_whole(tmp_path: Path, texts: list[str]) -> None:
    found = [row[1] for row in reread(written(tmp_path, report(column(list(texts)))))[FIRST - 1 : FIRST - 1 + len(texts)]]
    assert found == [text.replace("\x07", "") for text in texts]


# -- marks, totals, groups ----------------------------------------------------------------------------------


def test_a_wrong_cell_is_tinted_explained_and_counts_in_no_sum(tmp_path: Path) -> None:
    path = written(tmp_path, report(people(3), comments={(1, "补助金额"): "不是数字\x0b"}))
    sheet = opened(path)
    assert [(cell.value, cell.data_type) for cell in sheet["E"][4:7]] == [(100, "n"), ("101", "s"), (102, "n")]
    assert sheet["E6"].fill.fgColor.rgb == "FFFFE699"
    assert sheet["E5"].fill.fgColor.rgb != "FFFFE699"
    assert (sheet["E6"].comment.text, sheet["E5"].comment) == ("不是数字", None)


def test_a_total_is_a_formula_over_all_rows_and_its_value(tmp_path: Path) -> None:
    path = written(tmp_path, report(people(20), totals={"补助金额": 123456789.12}, total_label="合计<元>"))
    at = FIRST + 20
    assert (opened(path)[f"A{at}"].value, opened(path)[f"E{at}"].value) == ("合计<元>", "=SUM(E5:E24)")
    assert values(path)[at - 1][4] == 123456789.12
    assert opened(path)[f"E{at}"].font.bold
    assert opened(path)[f"E{at}"].number_format == "0.00"
    assert opened(path)[f"A{at + 2}"].value == "填表人："


def test_a_total_that_leaves_cells_out_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, report(people(2), totals={"补助金额": 100}, notes={"补助金额": "有 1 格未计入"}))
    assert opened(path)["E7"].comment.text == "有 1 格未计入"


def test_the_blanks_own_total_row_is_filled_and_not_doubled(tmp_path: Path) -> None:
    one = report(people(20), blank(own_total=True), totals={"补助金额": 2190}, notes={"补助金额": "说明"}, own_total=8)
    path = written(tmp_path, one)
    sheet = opened(path)
    assert [cell.value for cell in sheet["A"]].count("合计") == 1
    assert (sheet["E25"].value, values(path)[24][4], sheet["E25"].comment.text) == ("=SUM(E5:E24)", 2190, "说明")
    assert sheet["E25"].fill.fgColor.rgb == "FFDDDDDD"


def test_rows_of_a_group_are_merged_and_the_forms_own_merges_stay(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, report(people(6), merges=[("姓名", 0, 2), ("姓名", 3, 5)])))
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B5:B7", "B8:B10", "A1:E1", "A3:A4", "B3:D3", "E3:E4"} <= merged
    assert "C13:D13" in merged


# -- the form's look ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 50])
def test_title_header_print_set_up_and_borders_are_the_departments(tmp_path: Path, number: int) -> None:
    sheet = opened(written(tmp_path, report(people(number))))
    assert [sheet["A1"].value, sheet["B3"].value, sheet["C4"].value] == ["困难群众补助花名册", "对象信息", "身份证号"]
    assert (sheet["A1"].font.size, sheet["A3"].fill.fgColor.rgb) == (18, "FFDDDDDD")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == ("landscape", 8, "$3:$4")
    assert (sheet.oddFooter.center.text, sheet.freeze_panes) == ("第 &P 页", "A5")
    last = sheet[FIRST + max(number, 1) - 1]
    assert [cell.border.left.style for cell in last] == ["thin"] * 5
    assert (last[3].number_format, last[4].font.color.rgb) == ('yyyy"年"m"月"d"日"', "FFFF0000")
    assert sheet.row_dimensions[FIRST].height >= 24


def test_a_column_too_narrow_for_its_identity_numbers_is_widened_and_its_neighbour_is_not(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, report(people(3))))
    assert sheet.column_dimensions["C"].width > 18
    assert 9 <= sheet.column_dimensions["B"].width < 11
    assert 16 <= sheet.column_dimensions["D"].width < 18


def test_a_long_text_wraps_and_its_row_is_high_enough(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, report(column(["前岭村" * 20, "短"]))))
    assert sheet["B5"].alignment.wrap_text
    assert sheet.row_dimensions[5].height > 100 > sheet.row_dimensions[6].height


def test_lines_above_and_below_are_filled_where_they_now_stand(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, report(people(9), fills={"A2": "填报单位：东莱市", "A9": "填表人：王芳"})))
    assert (sheet["A2"].value, sheet["A15"].value) == ("填报单位：东莱市", "填表人：王芳")


def test_a_form_without_prepared_rows_takes_the_records_before_what_stands_below(tmp_path: Path) -> None:
    one = ListReport(blank(), SHEET, 8, 7, COLUMNS, people(3))
    sheet = opened(written(tmp_path, one))
    assert [sheet[f"B{row}"].value for row in (8, 9, 10)] == ["张三0", "张三1", "张三2"]
    assert sheet["A12"].value == "填表人："
    assert sheet["B8"].border.left.style == "thin"


def test_sheets_follow_the_form_and_the_stamp_names_the_report(tmp_path: Path) -> None:
    extra = TextSheet("来源", "来源", ("文件",), [["a.xlsx"]])
    path = written(tmp_path, report(people(1), sheets=[extra], stamp={"reportkit.report": "补助"}))
    book = load_workbook(path)
    assert book.sheetnames == [SHEET, "说明", "来源"]
    assert book.custom_doc_props["reportkit.report"].value == "补助"


def test_the_same_report_is_the_same_bytes(tmp_path: Path) -> None:
    one = report(people(5), totals={"补助金额": 510}, comments={(0, "姓名"): "x"}, stamp={"reportkit.report": "a"})
    for name in ("a.xlsx", "b.xlsx"):
        write_list_report(tmp_path / name, one)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
