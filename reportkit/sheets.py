"""A sheet as read and the table found in it: values that every later stage speaks about.

Rows and columns are Excel's own, counted from 1, and stay the address of every value for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

import polars as pl

#: What a reader puts into a cell. An error cell is its text (``#REF!``); a blank cell is None or "".
Value = str | int | float | bool | date | datetime | time | timedelta | None

#: What may divide the cells of a line of text.
DELIMITERS = ",\t;|"

#: The largest whole number that a float holds exactly; an identity number stored as a number has lost digits beyond it.
EXACT = 2**53


@cache
def letter(column: int) -> str:
    """The Excel letters of a column counted from 1: 1 → ``A``, 28 → ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def number(letters: str) -> int:
    """The column counted from 1 of Excel letters: ``AB`` → 28."""
    column = 0
    for character in letters:
        column = column * 26 + ord(character) - 64
    return column


def text(value: Value) -> str:
    """A cell's value as the text that all later stages read; "" for a blank.

    Whole floats lose their ``.0``; numbers too large to be exact keep scientific notation, so that no digit is
    invented; dates are ISO 8601; text comes back as written, outer white space included.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < EXACT:
            return str(int(value))
        return repr(value).replace("e+", "E+").replace("e-", "E-")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    return str(value) if isinstance(value, (int, timedelta)) else value.isoformat()


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as read.

    ``rows[0]`` is Excel's row 1 and each row starts at column A; rows may differ in length. ``merged`` is empty
    where the format knows no merging. ``uncalculated`` holds (row, column) of formulas without a stored value.
    """

    name: str
    rows: list[list[Value]]
    merged: tuple[Area, ...] = ()
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A text that stands outside a table's body: a title, a 填报单位 line, a footer."""

    row: int
    column: int
    text: str


class Role(StrEnum):
    """Why a row between header and end is no record."""

    TOTAL = "total"
    SUBTOTAL = "subtotal"
    MEAN = "mean"
    HEADER = "header"
    SECTION = "section"
    NUMBERED = "numbered"
    FORMULA = "formula"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """The header above one column: its levels from top to bottom, without white space, repeated levels once."""

    column: int
    levels: tuple[str, ...]

    @property
    def name(self) -> str:
        """Levels joined: ``户主信息>户主姓名``; "" over a column without a header."""
        return ">".join(self.levels)


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a sheet.

    Attributes:
        body: one line a record: ``_row`` (Int64, Excel's row) and one String column for each header cell, named by its Excel
            letters; null where blank (white space only counts as blank), else ``text(value)`` as written. Cells inside a
            merge other than its first are null.
        aside: rows between header and last row that are no records, same columns plus ``_role`` (String, a ``Role``).
        merges: merges of more than one cell that touch the body.
        above: texts before the header, ``below``: texts after the last row, ``beside``: texts left or right of the table.
        notes: what was decided and why, one English sentence each.
    """

    sheet: str
    first_column: int
    last_column: int
    header_first: int
    header_last: int
    data_first: int
    data_last: int
    header: tuple[HeaderCell, ...]
    body: pl.DataFrame
    aside: pl.DataFrame
    visible: bool = True
    merges: tuple[Area, ...] = ()
    above: tuple[Line, ...] = ()
    below: tuple[Line, ...] = ()
    beside: tuple[Line, ...] = ()
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetTables:
    """All that was found in one sheet: its tables from top to bottom, left to right, and, without any, its texts."""

    sheet: str
    visible: bool
    tables: tuple[Table, ...]
    lines: tuple[Line, ...] = field(default=())
