"""Compound files (OLE): .xls and .et workbooks (BIFF8), and packages behind a password."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any

import msoffcrypto
import xlrd
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from reportkit.readers.book import Book, Unreadable
from reportkit.readers.package import read_xlsx
from reportkit.sheets import Area, Sheet, Value

#: Excel's own password for files that are only recommended to be read.
_EVERYBODYS = "VelvetSweatshop"
_WORKBOOK = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")


def read_compound(data: bytes) -> Book:
    """An .xls or .et workbook.

    Raises:
        Unreadable: password, truncated, a document of another program.
    """
    if _ENCRYPTED in data:
        return read_xlsx(_decrypted(data))
    if _WORD in data and _WORKBOOK[0] not in data:
        raise Unreadable("file-document")
    try:
        return Book("xls", tuple(_calamine(data)))
    except PasswordError:
        raise Unreadable("file-password") from None
    except (CalamineError, OSError, ValueError) as error:
        return _second(data, str(error))


def _decrypted(data: bytes) -> bytes:
    out = BytesIO()
    try:
        file = msoffcrypto.OfficeFile(BytesIO(data))
        file.load_key(password=_EVERYBODYS)
        file.decrypt(out)
    except Exception:  # noqa: BLE001 - the library raises many kinds for a password that does not fit
        raise Unreadable("file-password") from None
    return out.getvalue()


def _calamine(data: bytes) -> list[Sheet]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    sheets = []
    for meta in book.sheets_metadata:
        sheet = book.get_sheet_by_name(meta.name)
        merged = tuple(Area(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in sheet.merged_cell_ranges or ())
        visible = meta.visible == SheetVisibleEnum.Visible
        rows: list[list[Value]] = list(map(list, sheet.to_python(skip_empty_area=False)))
        sheets.append(Sheet(meta.name, rows, merged, visible))
    return sheets


def _second(data: bytes, why: str) -> Book:
    """Xlrd reads some old files that calamine does not."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=StringIO())
        return Book("xls", tuple(_xlrd(book, sheet) for sheet in book.sheets()))
    except xlrd.XLRDError as error:
        code = "file-password" if "encrypted" in str(error).lower() else "file-truncated"
        raise Unreadable(code, str(error)) from None
    except Exception as error:  # noqa: BLE001 - a broken compound file makes xlrd fail in every way
        raise Unreadable("file-truncated", f"{why}; {error}") from None


def _xlrd(book: Any, sheet: Any) -> Sheet:  # noqa: ANN401 - the library has no types
    rows: list[list[Value]] = [[_value(book, cell) for cell in sheet.row(r)] for r in range(sheet.nrows)]
    merged = tuple(Area(r1 + 1, c1 + 1, r2, c2) for r1, r2, c1, c2 in sheet.merged_cells)
    hidden = frozenset(r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden)
    return Sheet(sheet.name, rows, merged, sheet.visibility == 0, hidden)


def _value(book: Any, cell: Any) -> Value:  # noqa: ANN401 - the library has no types
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment: Value = xlrd.xldate_as_datetime(cell.value, book.datemode)
        return moment
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    value: Value = cell.value
    return value
