"""A statistics form's look where the department issued no blank: a unit's own workbook, its figures and its words taken out."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from reportkit.blanks import open_blank
from reportkit.compilation import Issued
from reportkit.sheets import Line, Table, letter
from reportkit.submissions import Delivery
from reportkit.templates import Template
from reportkit.writers.fresh_blank import SHEET, fresh_form
from reportkit.writers.package import is_workbook

#: What a unit writes of itself: who it is, who filled the form, when.
_OWN = re.compile(
    r"(?:填报|填表|报送|上报|编制|审核|审批|负责|制表|联系|经办|分管|签|盖章|电话|日期|时间|单位名称|^单位[(（]|^(?:乡镇|镇街|街道|社区|村)(?:名称)?[:：])"
)
_LABEL = re.compile(r"[^\s:：]+\s*[:：]")
_CORE = "docProps/core.xml"
_NOBODY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def own_look(content: bytes, delivery: Delivery, template: Template) -> tuple[Issued, Template]:
    """A blank made of a submission, and the template with its cells' addresses in that blank.

    An .xlsx keeps its look; of every other format only labels remain, in a plain form.
    """
    table = next(table for table in delivery.tables if table.visible)
    if is_workbook(content):
        try:
            blank = _emptied(content, table, template)
            return Issued(template, blank, open_blank(blank, "blank.xlsx")), template
        except (KeyError, ValueError, TypeError, AttributeError, IndexError):
            pass  # What openpyxl does not understand is laid out anew.
    return _plain(template)


def _emptied(content: bytes, table: Table, template: Template) -> bytes:
    book = load_workbook(BytesIO(content))
    for name in book.sheetnames:
        if name != table.sheet:
            del book[name]
    sheet = book[table.sheet]
    for cell in template.cells:
        _put(sheet, cell.at, None)
    for line in (*table.above, *table.below, *table.beside):
        if (words := _without_unit(line, template.title)) != line.text:
            _put(sheet, f"{letter(line.column)}{line.row}", words)
    for cell in (one for row in sheet.iter_rows() for one in row if one.comment):
        cell.comment = None
    out = BytesIO()
    book.save(out)
    return _without_author(out.getvalue())


def _put(sheet: Any, at: str, value: str | None) -> None:  # noqa: ANN401 - the library has no types
    """A formula of the form's own stays, unless it looks at a sheet that is gone."""
    cell = sheet[at]
    own = isinstance(cell.value, str) and cell.value.startswith("=") and "!" not in cell.value
    if not own and type(cell).__name__ != "MergedCell":
        cell.value = value


def _without_unit(line: Line, title: str) -> str:
    """``填报单位：前岭村  填报人：王芳`` → ``填报单位：      填报人：``; ``前岭村统计表`` → ``统计表``."""
    if _OWN.search(line.text) and (labels := _LABEL.findall(line.text)):
        return "      ".join(labels)
    shown = re.sub(r"\s+", "", line.text)
    return title if shown != title and shown.endswith(re.sub(r"\s+", "", title)) else line.text


def _without_author(content: bytes) -> bytes:
    """The library writes the clock into the properties; no author and no clock stand in a report."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, _NOBODY if info.filename == _CORE else old.read(info))
    return out.getvalue()


def _plain(template: Template) -> tuple[Issued, Template]:
    rows = list(dict.fromkeys(cell.row for cell in template.cells))
    columns = list(dict.fromkeys(cell.column for cell in template.cells))
    content, first = fresh_form(template.title, columns, rows)
    placed = {(row, column): f"{letter(c)}{r}" for r, row in enumerate(rows, first) for c, column in enumerate(columns, 2)}
    cells = tuple(cell.model_copy(update={"at": placed[cell.row, cell.column]}) for cell in template.cells)
    moved = template.model_copy(update={"cells": cells})
    return Issued(moved, content, open_blank(content, f"{SHEET}.xlsx")), moved
