"""A blank as a department issues it, with all that a report must keep, and reports written into it."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from openpyxl import load_workbook

from reportkit.writers.list_report import Column, ListReport, write_list_report

SHEET = "花名册"
FIRST, LAST = 5, 7
COLUMNS = (
    Column("A", "", "number"),
    Column("B", "姓名", "text"),
    Column("C", "身份证号", "text"),
    Column("D", "认定日期", "date"),
    Column("E", "补助金额", "amount"),
)
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def blank(*, own_total: bool = False) -> bytes:
    """Rows 5 to 7 are prepared for records, 9 and 10 stand below; with a total row of its own, that is row 8."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.set_properties({"created": datetime(2020, 1, 1)})  # noqa: DTZ001 - the library knows no zone
    page = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDDDDD"})
    page.merge_range("A1:E1", "困难群众补助花名册", book.add_format({"font_size": 18}))
    page.write("A2", "填报单位：")
    page.merge_range("A3:A4", "序号", head)
    page.merge_range("B3:D3", "对象信息", head)
    page.merge_range("E3:E4", "补助金额", head)
    page.write_row("B4", ["姓名", "身份证号", "认定日期"], head)
    looks = [{}, {}, {"num_format": "@"}, {"num_format": 'yyyy"年"m"月"d"日"'}, {"num_format": "0.00", "font_color": "#FF0000"}]
    formats = [book.add_format({"border": 1, **look}) for look in looks]
    for row in range(FIRST - 1, LAST):
        page.set_row(row, 24)
        for column, one in enumerate(formats):
            page.write_blank(row, column, None, one)
    if own_total:
        page.write("A8", "合计", head)
        page.write_formula("E8", "=SUM(E5:E7)", head, 0)
    page.write("A9", "填表人：")
    page.merge_range("C10:D10", "注：本表一式两份")
    page.set_column("A:A", 6)
    page.set_column("B:C", 9)
    page.set_column("D:D", 16)
    page.data_validation("D5:D7", {"validate": "date", "criteria": ">", "value": datetime(2000, 1, 1)})  # noqa: DTZ001
    page.data_validation("B5:B7", {"validate": "list", "source": ["王芳", "李强"]})
    page.conditional_format("E5:E7", {"type": "formula", "criteria": "=$E5>AVERAGE($E$5:$E$7)", "format": head})
    page.conditional_format("A9", {"type": "formula", "criteria": '=$A$9=""', "format": head})
    page.set_landscape()
    page.set_paper(8)
    page.repeat_rows(2, 3)
    page.print_area("A1:E10")
    page.set_footer("&C第 &P 页")
    page.freeze_panes(4, 0)
    page.insert_image("E9", "seal.png", {"image_data": io.BytesIO(PIXEL)})
    page.insert_textbox("A10", "盖章处")
    page.write_url("A2", "https://example.invalid", string="填报单位：")
    other = book.add_worksheet("说明")
    other.write_formula("A1", f"=SUM({SHEET}!E5:E7)", None, 0)
    other.write_formula("A2", "=SUM(E5:E7)", None, 7)
    other.write("A3", f"={SHEET}!A9")
    book.define_name("金额", f"={SHEET}!$E$5:$E$7")
    book.close()
    return out.getvalue()


def people(number: int) -> pl.DataFrame:
    """Records; figures are 100, 101, …"""
    rows = range(number)
    return pl.DataFrame(
        {
            "姓名": [f"张三{row}" for row in rows],
            "身份证号": [f"3706021956031200{row % 100:02}" for row in rows],
            "认定日期": ["2026-11-23"] * number,
            "补助金额": [str(100 + row) for row in rows],
        },
        schema=dict.fromkeys(("姓名", "身份证号", "认定日期", "补助金额"), pl.String),
    )


def report(rows: pl.DataFrame, content: bytes | None = None, **more: Any) -> ListReport:  # noqa: ANN401 - a report's other parts
    return ListReport(content or blank(), SHEET, FIRST, LAST, COLUMNS, rows, **more)


def written(folder: Path, one: ListReport) -> Path:
    path = folder / "report.xlsx"
    write_list_report(path, one)
    return path


def opened(path: Path, sheet: str = SHEET) -> Any:  # noqa: ANN401 - the library's types say less
    return load_workbook(path)[sheet]


def values(path: Path, sheet: str = SHEET) -> Sequence[tuple[object, ...]]:
    """What a program sees that does not calculate."""
    return list(load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))
