"""What a table's columns hold, learnt from its first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reportkit.tables.cells import Box, Cells, Mark
from reportkit.tables.names import Header, levels, words
from reportkit.tables.values import Kind, amount, is_zero

#: Rows of a long table that are looked at to learn what its columns hold.
SAMPLE = 200
#: What a column of running numbers is called.
NUMBERING = re.compile(r"序号?|编号|编號|序號|行号|项次|番号|番號|No\.?|#|num(?:ber)?|s/?n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """Share of rows filled and, of these, of values, for each column; ``typical`` cells a record.

    ``valued`` are the columns that hold values as a rule, ``key`` the one that does most reliably beyond the running number (left
    of ``left`` where none does), ``words`` the header's words over each column.
    """

    left: int
    right: int
    number: int
    filled: tuple[float, ...]
    values: tuple[float, ...]
    typical: float
    words: Mapping[int, frozenset[str]]
    valued: frozenset[int]
    key: int

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.right - self.left + 1


def learn(cells: Cells, header: Header, box: Box) -> Profile:
    """Learn a table's columns from the first rows below its header."""
    left, right = header.left, header.right
    width = right - left + 1
    filled, valued = [0] * width, [0] * width
    sample = _sample(cells, header, box)
    for mark in (mark for marks in sample.values() for mark in marks):
        filled[mark.left - left] += 1
        valued[mark.left - left] += mark.kind == Kind.VALUE
    shares = tuple(f / max(1, len(sample)) for f in filled)
    values = tuple(v / max(1, f) for v, f in zip(valued, filled, strict=True))
    number = _number_column(cells, header, list(sample)[:30])
    return Profile(
        left=left,
        right=right,
        number=number,
        filled=shares,
        values=values,
        typical=median(map(len, sample.values())) if sample else 0.0,
        words=words(cells, header),
        valued=frozenset(left + n for n in range(width) if shares[n] >= 0.3 and values[n] >= 0.7),
        key=left + _key(shares, values, number - left),
    )


def _sample(cells: Cells, header: Header, box: Box) -> dict[int, list[Mark]]:
    """The first rows that may be records; lone texts and dragged formulas are none.

    After a blank row and a lone text another table may have begun: what was seen until then is enough.
    """
    left, right = header.left, header.right
    found: dict[int, list[Mark]] = {}
    for row in range(header.last + 1, box.bottom + 1):
        marks = cells.marks(row, left, right)
        if len(marks) == 1 and len(found) >= 3 and not cells.filled(row - 1, left, right):
            break
        if len(marks) >= min(2, right - left + 1) and not _is_dragged(marks, cells.marks(row - 1, left, right)):
            found[row] = marks
        if len(found) >= SAMPLE:
            break
    return found


def _is_dragged(marks: list[Mark], above: list[Mark]) -> bool:
    """Whether a row holds only zeros, or only the values of the row above."""
    if any(m.kind != Kind.VALUE for m in marks):
        return False
    return all(is_zero(m.text) for m in marks) or [(m.left, m.text) for m in marks] == [(m.left, m.text) for m in above]


def _number_column(cells: Cells, header: Header, rows: list[int]) -> int:
    """The column of running numbers: the one called so, else the first that runs, else the first."""
    columns = range(header.left, header.right + 1)
    for column in columns:
        name = levels(cells, header, column)
        if name and NUMBERING.fullmatch(name[-1]):
            return column
    return next((c for c in columns if _runs(cells, rows, c)), header.left)


def _runs(cells: Cells, rows: list[int], column: int) -> bool:
    """Whether a column counts, and at most now and then begins again."""
    numbers = [amount(cells.text(row, column)) for row in rows if cells.kinds(row)[column]]
    steps = sum(a is not None and b == a + 1 for a, b in pairwise(numbers))
    return len(numbers) >= 4 and len(numbers) * 5 >= len(rows) * 4 and steps * 4 >= (len(numbers) - 1) * 3


def _key(filled: tuple[float, ...], values: tuple[float, ...], number: int) -> int:
    best, at = 0.9, -1
    for n, (f, v) in enumerate(zip(filled, values, strict=True)):
        if n != number and v >= 0.9 and f * v > best:
            best, at = f * v, n
    return at
