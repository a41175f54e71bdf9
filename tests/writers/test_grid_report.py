"""A statistics report is the department's own form with the figures in it."""

from __future__ import annotations

from pathlib import Path

from issued import opened, values
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from workbooks import saved

from reportkit.writers.grid_report import GridReport, write_grid_report
from reportkit.writers.text_sheet import TextSheet


def form(*, commented: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "统计表"
    for row in (["人口基本情况统计表"], ["填报单位："], ["指标", "户数", "人数"], ["城镇", None, None], ["合计", "=B4", "=C4"]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet["B4"].font, sheet["B4"].number_format = Font(bold=True), "#,##0"
    if commented:
        sheet["A4"].comment = Comment("部门说明", "局")
    return saved(book)


def written(folder: Path, content: bytes | None = None, **more: object) -> Path:
    parts = {"figures": {"B4": 1234567.89, "C4": 3, "B5": 1234567.89, "C5": 3}, "fills": {}, **more}
    path = folder / "report.xlsx"
    write_grid_report(path, GridReport(content or form(), "统计表", **parts))  # type: ignore[arg-type]
    return path


def test_figures_stand_at_their_addresses_in_the_forms_look(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert values(path, "统计表")[3] == ("城镇", 1234567.89, 3)
    cell = opened(path, "统计表")["B4"]
    assert (cell.font.bold, cell.number_format) == (True, "#,##0")


def test_the_forms_formulas_stay_and_have_their_value(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert opened(path, "统计表")["B5"].value == "=B4"
    assert values(path, "统计表")[4] == ("合计", 1234567.89, 3)


def test_a_figure_of_a_whole_city_keeps_its_fen(tmp_path: Path) -> None:
    assert values(written(tmp_path, figures={"B4": 12345678901.23}), "统计表")[3][1] == 12345678901.23


def test_a_figure_may_stand_where_the_form_has_no_cell(tmp_path: Path) -> None:
    path = written(tmp_path, figures={"F9": 5, "D4": 7, "A9": 1})
    sheet = opened(path, "统计表")
    assert [sheet["F9"].value, sheet["D4"].value, sheet["A9"].value] == [5, 7, 1]


def test_lines_are_filled_with_text_that_never_runs(tmp_path: Path) -> None:
    cell = opened(written(tmp_path, fills={"A2": "=填报单位：东莱市\x00"}), "统计表")["A2"]
    assert (cell.value, cell.data_type in ("s", "inlineStr")) == ("=填报单位：东莱市", True)


def test_figures_that_leave_units_out_say_so_and_sheets_follow(tmp_path: Path) -> None:
    unit = TextSheet("分单位", "分单位", ("单位", "户数"), [["前岭镇", 3]])
    path = written(
        tmp_path, comments={"C4": "未含：a.xlsx", "B4": "未含：b.xlsx"}, sheets=[unit], stamp={"reportkit.report": "人口"}
    )
    sheet = opened(path, "统计表")
    assert (sheet["C4"].comment.text, sheet["B4"].comment.text) == ("未含：a.xlsx", "未含：b.xlsx")
    assert values(path, "分单位")[2] == ("前岭镇", 3)
    assert load_workbook(path).custom_doc_props["reportkit.report"].value == "人口"


def test_the_departments_own_comments_stay(tmp_path: Path) -> None:
    path = written(tmp_path, form(commented=True), comments={"B4": "未含"})
    assert opened(path, "统计表")["A4"].comment.text == "部门说明"


def test_the_same_report_is_the_same_bytes(tmp_path: Path) -> None:
    content = form()
    first = written(tmp_path, content, comments={"C4": "x"}).read_bytes()
    assert first == written(tmp_path, content, comments={"C4": "x"}).read_bytes()
