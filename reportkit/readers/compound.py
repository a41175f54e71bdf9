"""Compound files (OLE): .xls and .et workbooks (BIFF8), and packages behind a password."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any

import msoffcrypto
import xlrd

from reportkit.readers.book import Book, Unreadable
from reportkit.readers.package import Scan, read_xlsx, sheets_of
from reportkit.sheets import Area, Sheet, Value

#: Excel's own password for files that are only recommended to be read.
_EVERYBODYS = "VelvetSweatshop"
_WORKBOOK = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = "WordDocument".encode("utf-16-le"), "PowerPoint Document".encode("utf-16-le")


def read_compound(data: bytes) -> Book:
    """An .xls or .et workbook.

    Raises:
        Unreadable: password, truncated, a document of another program.
    """
    if _ENCRYPTED in data:
        return read_xlsx(_decrypted(data))
    if any(name in data for name in _OTHERS) and not any(name in data for name in _WORKBOOK):
        raise Unreadable("file-document")
    try:
        return Book("xls", sheets_of(data, _scans(data)))
    except Unreadable as reason:
        if reason.code == "file-password":
            raise
        return _second(data, reason.detail)


def _decrypted(data: bytes) -> bytes:
    out = BytesIO()
    try:
        file = msoffcrypto.OfficeFile(BytesIO(data))
        file.load_key(password=_EVERYBODYS)
        file.decrypt(out)
    except Exception:  # noqa: BLE001 - the library raises many kinds for a password that does not fit
        raise Unreadable("file-password") from None
    return out.getvalue()


def _scans(data: bytes) -> dict[str, Scan]:
    """What calamine does not tell of an .xls: errors, hidden rows and columns; nothing where xlrd cannot read it."""
    try:
        book = _opened(data)
        return {sheet.name: _scan(sheet) for sheet in book.sheets()}
    except Exception:  # noqa: BLE001 - a broken compound file makes xlrd fail in every way
        return {}


def _scan(sheet: Any) -> Scan:  # noqa: ANN401 - the library has no types
    errors = {
        (row + 1, column + 1): _error(sheet.cell_value(row, column))
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_ERROR
    }
    columns = {at + 1 for at, info in sheet.colinfo_map.items() if info.hidden}
    return Scan(_hidden_rows(sheet), columns, errors)


def _hidden_rows(sheet: Any) -> set[int]:  # noqa: ANN401 - the library has no types
    return {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}


def _opened(data: bytes) -> Any:  # noqa: ANN401 - the library has no types
    return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=StringIO())


def _second(data: bytes, why: str) -> Book:
    """Xlrd reads some old files that calamine does not."""
    try:
        book = _opened(data)
        return Book("xls", tuple(_xlrd(book, sheet) for sheet in book.sheets()))
    except xlrd.XLRDError as error:
        code = "file-password" if "encrypted" in str(error).lower() else "file-truncated"
        raise Unreadable(code, str(error)) from None
    except Exception as error:  # noqa: BLE001 - a broken compound file makes xlrd fail in every way
        raise Unreadable("file-truncated", f"{why}; {error}") from None


def _xlrd(book: Any, sheet: Any) -> Sheet:  # noqa: ANN401 - the library has no types
    rows: list[list[Value]] = [[_value(book, cell) for cell in sheet.row(r)] for r in range(sheet.nrows)]
    merged = tuple(Area(r1 + 1, c1 + 1, r2, c2) for r1, r2, c1, c2 in sheet.merged_cells)
    return Sheet(sheet.name, rows, merged, sheet.visibility == 0, frozenset(_hidden_rows(sheet)))


def _value(book: Any, cell: Any) -> Value:  # noqa: ANN401 - the library has no types
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment: Value = xlrd.xldate_as_datetime(cell.value, book.datemode)
        return moment
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return _error(cell.value)
    value: Value = cell.value
    return value


def _error(code: int) -> str:
    return str(xlrd.error_text_from_code.get(code, "#N/A"))
