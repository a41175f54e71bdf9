"""A blank workbook opened for inference: the tables found in it and what its drop-downs offer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from reportkit.readers import read
from reportkit.sheets import SheetTables, letter
from reportkit.tables import find_tables

_REFERENCE = re.compile(r"^=?(?:'?(?P<sheet>[^'!]+)'?!)?(?P<cells>\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)$")


@dataclass(frozen=True, slots=True)
class OpenBlank:
    """A blank's sheets, and sheet → column letter → values offered there."""

    sheets: tuple[SheetTables, ...]
    dropdowns: Mapping[str, Mapping[str, tuple[str, ...]]]


def open_blank(content: bytes, name: str) -> OpenBlank:
    """A blank's tables and drop-downs; formats other than OOXML have no drop-downs that are read.

    Raises:
        Unreadable: the blank cannot be read.
    """
    book = read(content, name)
    sheets = tuple(find_tables(sheet) for sheet in book.sheets)
    return OpenBlank(sheets, _dropdowns(content) if book.format in ("xlsx", "xlsm") else {})


def _dropdowns(content: bytes) -> dict[str, dict[str, tuple[str, ...]]]:
    try:
        book = load_workbook(BytesIO(content))
    except (BadZipFile, KeyError, ValueError, TypeError):
        return {}
    return {sheet.title: dict(_of_sheet(book, sheet)) for sheet in book.worksheets}


def _of_sheet(book: Any, sheet: Any) -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: ANN401 - the library has no types
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and (values := _values(book, sheet, str(rule.formula1 or ""))):
            for area in rule.sqref.ranges:
                for column in range(area.min_col, area.max_col + 1):
                    yield letter(column), values


def _values(book: Any, sheet: Any, formula: str) -> tuple[str, ...]:  # noqa: ANN401 - the library has no types
    """``"男,女"`` written out, a range, or a defined name that stands for one."""
    if formula.startswith('"'):
        return tuple(part.strip() for part in formula.strip('"').split(",") if part.strip())
    name = formula.removeprefix("=")
    if name in book.defined_names:
        formula = str(book.defined_names[name].attr_text)
    found = _REFERENCE.match(formula)
    source = (found["sheet"] or sheet.title) if found else ""
    if not found or source not in book.sheetnames:
        return ()
    left, top, right, bottom = range_boundaries(found["cells"].replace("$", ""))
    rows = book[source].iter_rows(top, bottom, left, right, values_only=True)
    return tuple(str(value).strip() for row in rows for value in row if value not in (None, ""))
