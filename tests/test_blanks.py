from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from reportkit.blanks import open_blank


def blank(*rules: tuple[str, str]) -> bytes:
    """A form with a hidden sheet of code lists and drop-downs: (formula, cells)."""
    book = Workbook()
    book.active.title = "表"
    book.active.append(["姓名", "性别", "民族", "类别"])
    lists = book.create_sheet("代码")
    for row in (["汉族"], ["满族"], ["回族"]):
        lists.append(row)
    lists.sheet_state = "hidden"
    book.defined_names["民族表"] = DefinedName("民族表", attr_text="代码!$A$1:$A$3")
    for formula, cells in rules:
        rule = DataValidation(type="list", formula1=formula)
        for area in cells.split():
            rule.add(area)
        book.active.add_data_validation(rule)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def offered(*rules: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    return dict(open_blank(blank(*rules), "a.xlsx").dropdowns["表"])


def test_a_written_out_list_is_read() -> None:
    assert offered(('"男,女"', "B2:B9")) == {"B": ("男", "女")}


def test_a_list_on_another_sheet_is_read() -> None:
    assert offered(("代码!$A$1:$A$3", "C2:C9")) == {"C": ("汉族", "满族", "回族")}


def test_a_named_list_is_read() -> None:
    assert offered(("民族表", "C2:C9")) == {"C": ("汉族", "满族", "回族")}


def test_one_list_may_serve_several_columns() -> None:
    assert offered(('"是,否"', "B2:B9 D2:D9")) == {"B": ("是", "否"), "D": ("是", "否")}


def test_a_list_that_depends_on_another_cell_offers_nothing_that_is_sure() -> None:
    assert offered(("INDIRECT($A2)", "B2:B9")) == {}


def test_the_forms_table_is_found() -> None:
    tables = open_blank(blank(), "a.xlsx").sheets[0].tables
    assert [cell.name for cell in tables[0].header] == ["姓名", "性别", "民族", "类别"]
