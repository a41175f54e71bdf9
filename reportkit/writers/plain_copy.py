"""A new workbook with the cells of sheets that were read: the ground of marked copies of what is no .xlsx file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reportkit.sheets import Area, Sheet, Value, text
from reportkit.writers.cell_text import clean

_LOOK = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_NO_NAME = re.compile(r"[\[\]:*?/\\]")
#: A row with so many cells is of a table, and has lines around them.
_TABLE = 3
#: Whole numbers of more digits are codes, and stay as written where a spreadsheet program would round them.
_CODE = 10**11
_FIRST_DAY = date(1900, 3, 1)


def plain_copy(sheets: Sequence[Sheet]) -> tuple[bytes, dict[str, str]]:
    """The workbook's bytes, and the names that its sheets got by those that they had. The same sheets give the same bytes."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no clock stands in an output
    looks = _Looks(book)
    names: dict[str, str] = {}
    for at, sheet in enumerate(sheets, 1):
        names[sheet.name] = _name(sheet.name, at, set(names.values()))
        _fill(book.add_worksheet(names[sheet.name]), sheet, looks)
    _open(book, sheets)
    book.close()
    return out.getvalue(), names


class _Looks:
    """The workbook's formats: number formats with and without lines around the cell."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, bool], Format] = {}

    def of(self, number_format: str, *, line: bool) -> Format:
        if (number_format, line) not in self.made:
            border = {"border": 1} if line else {}
            self.made[number_format, line] = self.book.add_format({**_LOOK, **border, "num_format": number_format})
        return self.made[number_format, line]


def _open(book: xlsxwriter.Workbook, sheets: Sequence[Sheet]) -> None:
    """Hidden sheets stay hidden, unless there is no other."""
    pages = book.worksheets()
    shown = [page for page, sheet in zip(pages, sheets, strict=True) if sheet.visible]
    for page, sheet in zip(pages, sheets, strict=True):
        if not sheet.visible and shown:
            page.hide()
    for page in shown[:1]:
        page.activate()
        page.set_first_sheet()


def _name(name: str, number: int, taken: set[str]) -> str:
    free = _NO_NAME.sub("_", name).strip("'")[:31] or f"Sheet{number}"
    lower = {one.lower() for one in taken}
    return next(one for one in (free, *(f"{free[:27]}({n})" for n in range(2, 999))) if one.lower() not in lower)


def _fill(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    widths: dict[int, float] = {}
    for row, cells in enumerate(sheet.rows):
        line = sum(value not in {None, ""} for value in cells) >= _TABLE
        for column, value in enumerate(cells):
            _put(page, (row, column), value, looks, line=line)
            if line:
                widths[column] = max(widths.get(column, 0), _wide(text(value)))
    for column, wide in widths.items():
        hidden = {"hidden": True} if column + 1 in sheet.hidden_columns else {}
        page.set_column(column, column, min(40.0, max(6.0, wide + 2)), None, hidden)
    for row in sorted(sheet.hidden_rows):
        page.set_row(row - 1, None, None, {"hidden": True})
    for area in _apart(sheet.merged):
        _merge(page, area, sheet, looks)


def _put(page: Worksheet, at: tuple[int, int], value: Value, looks: _Looks, *, line: bool) -> None:
    if isinstance(value, bool):
        page.write_boolean(*at, value, looks.of("General", line=line))
    elif isinstance(value, (int, float)) and abs(value) < _CODE:
        page.write_number(*at, value, looks.of("General", line=line))
    elif isinstance(value, (datetime, date)) and _day(value) >= _FIRST_DAY:
        whole = not isinstance(value, datetime) or value.time() == time(0)
        page.write_datetime(*at, value, looks.of("yyyy-mm-dd" if whole else "yyyy-mm-dd hh:mm:ss", line=line))
    elif isinstance(value, (time, timedelta)):
        page.write_datetime(*at, value, looks.of("[h]:mm:ss" if isinstance(value, timedelta) else "hh:mm:ss", line=line))
    elif text(value):
        page.write_string(*at, clean(text(value)), looks.of("@", line=line))
    elif line:
        page.write_blank(*at, None, looks.of("General", line=True))


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _apart(areas: Sequence[Area]) -> list[Area]:
    """Areas that overlap none before them, as a workbook must have them."""
    kept: list[Area] = []
    for area in areas:
        single = (area.first_row, area.first_column) == (area.last_row, area.last_column)
        if not single and not any(_meet(area, other) for other in kept):
            kept.append(area)
    return kept


def _meet(one: Area, other: Area) -> bool:
    down = one.first_row <= other.last_row and other.first_row <= one.last_row
    return down and one.first_column <= other.last_column and other.first_column <= one.last_column


def _merge(page: Worksheet, area: Area, sheet: Sheet, looks: _Looks) -> None:
    first, column = area.first_row - 1, area.first_column - 1
    cells = sheet.rows[first] if first < len(sheet.rows) else []
    line = area.last_row > area.first_row
    page.merge_range(first, column, area.last_row - 1, area.last_column - 1, "", looks.of("General", line=line))
    _put(page, (first, column), cells[column] if column < len(cells) else None, looks, line=line)


def _wide(words: str) -> float:
    return max((sum(2 if ord(character) > 0x2E7F else 1 for character in line) for line in words.splitlines()), default=0)
