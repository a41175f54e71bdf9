"""A header's rows and columns, and the names that it gives to each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportkit.sheets import HeaderCell
from reportkit.tables.cells import Cells
from reportkit.tables.values import squeeze


@dataclass(frozen=True, slots=True)
class Header:
    """Header rows, counted from 0, ends included, and the columns that they name.

    ``units`` tells that the last row states units below names: it is the header's, but no part of the names.
    """

    first: int
    last: int
    left: int
    right: int
    units: bool = False

    @property
    def lowest(self) -> int:
        """The last row that gives names."""
        return self.last - self.units


def period(words: Sequence[str]) -> int:
    """After how many words they begin again, to the end: 序号 姓名 序号 姓名 → 2; 0 for never, and for one word alone."""
    count = len(words)
    for size in range(2, count // 2 + 1):
        if count % size == 0 and all(words[n] == words[n % size] for n in range(size, count)):
            return size if len(set(words[:size])) > 1 else 0
    return 0


def words(cells: Cells, header: Header) -> dict[int, frozenset[str]]:
    """The words that stand in the header over each column, units included, as they would on the next printed page."""
    found: dict[int, set[str]] = {}
    for row in range(header.first, header.last + 1):
        for mark in cells.marks(row, header.left, header.right):
            found.setdefault(mark.left, set()).add(squeeze(mark.text))
    return {column: frozenset(texts) for column, texts in found.items()}


def levels(cells: Cells, header: Header, column: int) -> tuple[str, ...]:
    """The header above a column, from top to bottom; a parent that is not merged reaches over the blanks right of it.

    A cell merged downwards counts once; a child that repeats its parent's word counts when the parent has other children.
    A unit below the names is told only where there is no name.
    """
    found: list[str] = []
    heads: list[tuple[int, int]] = []
    for row in range(header.first, header.lowest + 1):
        top, left = _named_by(cells, header, row, column)
        word = squeeze(cells.text(top, left)) if left >= 0 else ""
        if (
            word
            and (top, left) not in heads
            and not (found and found[-1] == word and heads[-1][1] == left == column and _is_lone(cells, header, heads[-1]))
        ):
            found.append(word)
            heads.append((top, left))
    if header.units and not found:
        return tuple(filter(None, [squeeze(cells.text(header.last, column))]))
    return tuple(found)


def _is_lone(cells: Cells, header: Header, head: tuple[int, int]) -> bool:
    """Whether a header cell stands over its own column alone."""
    span = cells.spans.get(head)
    if span is not None:
        return span.first_column == span.last_column
    return head[1] >= header.right or _from_left(cells, header, head[0], head[1] + 1) != head[1]


def _named_by(cells: Cells, header: Header, row: int, column: int) -> tuple[int, int]:
    """The cell whose text stands over a column in a header row; column -1 for none."""
    top, left = cells.head(row, column)
    if cells.kinds(top)[left]:
        return top, left
    return row, _from_left(cells, header, row, column)


def _from_left(cells: Cells, header: Header, row: int, column: int) -> int:
    """The column of the parent by position of a blank cell that has a name below it; -1 for none."""
    if row >= header.lowest or cells.head(row, column) != (row, column) or (row, column) in cells.spans:
        return -1
    if not _named_below(cells, header, row, column) or _has_wide(cells, header, row):
        return -1
    for left in range(column - 1, header.left - 1, -1):
        top, first = cells.head(row, left)
        if (top, first) in cells.spans:
            return -1
        if cells.kinds(row)[left]:
            return left if _named_below(cells, header, row, left) else -1
        if not _named_below(cells, header, row, left):
            return -1
    return -1


def _has_wide(cells: Cells, header: Header, row: int) -> bool:
    return any((a := cells.spans.get((row, c))) and a.last_column > a.first_column for c in range(header.left, header.right + 1))


def _named_below(cells: Cells, header: Header, row: int, column: int) -> bool:
    return any(cells.kinds(r)[column] for r in range(row + 1, header.lowest + 1))


def header_cell(cells: Cells, header: Header, column: int) -> HeaderCell:
    """The header above a column, addressed as Excel does."""
    return HeaderCell(column + 1, levels(cells, header, column))
