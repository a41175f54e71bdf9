"""A sheet's cells seen row by row: texts, kinds, and what merging covers. Rows and columns count from 0 in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from reportkit.sheets import Area, Sheet, Value, text
from reportkit.tables.values import Kind, kind_of

#: Rows whose marks are remembered: a small sheet's all, a long one's last.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells, ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Mark(NamedTuple):
    """A cell that is not blank as one row shows it; a merge counts once, in each row that it covers.

    A tuple because a sheet makes one for every cell.
    """

    row: int
    left: int
    right: int
    text: str
    kind: Kind


def _kind(value: Value) -> Kind:
    if value is None:
        return Kind.BLANK
    return kind_of(value) if isinstance(value, str) else Kind.VALUE


class Cells:
    """A sheet's cells, cut to what is used."""

    def __init__(self, sheet: Sheet) -> None:
        """Read once; kinds are worked out row by row when asked for."""
        self.sheet = sheet
        self.rows = sheet.rows
        self._extents = [_extent(row) for row in self.rows]
        self.width = max(self._extents, default=0)
        self.height = next((n for n in range(len(self.rows), 0, -1) if self._extents[n - 1]), 0)
        self.spans: dict[tuple[int, int], Area] = {}
        self._over: dict[tuple[int, int], tuple[int, int]] = {}
        self._kinds: dict[int, tuple[Kind, ...]] = {}
        self._marks: dict[tuple[int, int, int], list[Mark]] = {}
        for area in sheet.merged:
            self._lay(area)
        self._touched = {row for row, _ in self._over}

    def _lay(self, area: Area) -> None:
        top, left = area.first_row - 1, area.first_column - 1
        bottom, right = min(area.last_row, self.height) - 1, min(area.last_column, self.width) - 1
        if bottom < top or right < left or (bottom, right) == (top, left):
            return
        self.spans[top, left] = Area(top, left, bottom, right)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._over[row, column] = (top, left)

    def extent(self, row: int) -> int:
        """One past the last column of a row that is not blank; 0 for a blank row."""
        return self._extents[row]

    def value(self, row: int, column: int) -> Value:
        """A cell's value; None outside the sheet."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """A cell's text, outer white space stripped."""
        return text(self.value(row, column)).strip()

    def kinds(self, row: int) -> tuple[Kind, ...]:
        """The kinds of a row's cells up to the sheet's width."""
        known = self._kinds.get(row)
        if known is None:
            known = tuple([_kind(v) for v in self.rows[row][: self.width]])
            known += (Kind.BLANK,) * (self.width - len(known))
            self._kinds[row] = known
        return known

    def head(self, row: int, column: int) -> tuple[int, int]:
        """The first cell of the merge that covers a cell, else the cell itself."""
        return self._over.get((row, column), (row, column))

    def covered(self, row: int, column: int) -> bool:
        """Whether a merge covers the cell and it is not the merge's first."""
        return self._over.get((row, column), (row, column)) != (row, column)

    def covered_rows(self, rows: list[int]) -> list[int]:
        """Positions in a list of rows of those that a merge touches."""
        return [n for n, row in enumerate(rows) if row in self._touched] if self._touched else []

    def marks(self, row: int, left: int, right: int) -> list[Mark]:
        """A row's cells that are not blank, between two columns, merges from above included. Not to be changed."""
        key = (row, left, right)
        known = self._marks.get(key)
        if known is None:
            if len(self._marks) >= _REMEMBERED:
                self._marks.clear()
            known = self._marks[key] = self._merged_marks(*key) if row in self._touched else self._plain_marks(*key)
        return known

    def _plain_marks(self, row: int, left: int, right: int) -> list[Mark]:
        kinds, values = self.kinds(row), self.rows[row]
        return [Mark(row, c, c, text(values[c]).strip(), kinds[c]) for c in range(left, right + 1) if kinds[c]]

    def _merged_marks(self, row: int, left: int, right: int) -> list[Mark]:
        found = []
        column = left
        while column <= right:
            top, first = self.head(row, column)
            span = self.spans.get((top, first))
            end = span.last_column if span else column
            kind = self.kinds(top)[first]
            if kind:
                found.append(Mark(top, column, min(end, right), self.text(top, first), kind))
            column = end + 1
        return found

    def count(self, row: int, left: int, right: int) -> int:
        """How many cells of a row hold something between two columns; white space counts, merges from above don't."""
        values = self.rows[row][left : right + 1]
        return len(values) - values.count(None) - values.count("")

    def filled(self, row: int, left: int, right: int) -> bool:
        """Whether a row holds anything between two columns."""
        return bool(self._extents[row] > left and any(self.kinds(row)[left : right + 1]))


def _extent(row: list[Value]) -> int:
    for n in range(len(row), 0, -1):
        value = row[n - 1]
        if not (value is None or (isinstance(value, str) and (not value or value.isspace()))):
            return n
    return 0
