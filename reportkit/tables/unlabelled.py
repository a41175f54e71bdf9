"""Rows of figures alone that turn out to be the sums of the records above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportkit.tables.cells import Cells
from reportkit.tables.forms import SUMS, Form
from reportkit.tables.profile import Profile
from reportkit.tables.values import Kind, amount, kind_of


def mark_sums(cells: Cells, first: int, shapes: list[Form], known: Profile) -> None:
    """Turn such records into totals, in place; ``first`` is the row of the first shape.

    A sum runs from the table's first record or from the last sum. Sums are carried from row to row, because in a table of
    figures alone every row may be one.
    """
    doubtful = [n for n, form in enumerate(shapes) if form == Form.RECORD and _has_figures_only(cells, first + n, known)]
    if not doubtful:
        return
    columns = range(known.left, known.right + 1)
    whole, since = _Sums(columns), _Sums(columns)
    candidates = set(doubtful)
    for n in range(doubtful[-1] + 1):
        if n in candidates and _is_sum(cells, first + n, known, (whole, since)):
            shapes[n] = Form.TOTAL
        if shapes[n] in SUMS:
            since = _Sums(columns)
        elif shapes[n] == Form.RECORD:
            figures = {c: figure for c in columns if (figure := _figure(cells, first + n, c)) is not None}
            whole.add(figures)
            since.add(figures)


class _Sums:
    """The sums of columns so far; a column without a figure has none."""

    def __init__(self, columns: Sequence[int]) -> None:
        self.rows = 0
        self.of: dict[int, float | None] = dict.fromkeys(columns)

    def add(self, figures: Mapping[int, float]) -> None:
        self.rows += 1
        for column, figure in figures.items():
            self.of[column] = (self.of[column] or 0.0) + figure


def _has_figures_only(cells: Cells, row: int, known: Profile) -> bool:
    """Whether no cell holds words; looks no further than the first word."""
    for value in cells.rows[row][known.left : known.right + 1]:
        if isinstance(value, str) and value and kind_of(value) == Kind.TEXT:
            return False
    return True


def _figure(cells: Cells, row: int, column: int) -> float | None:
    value = cells.value(row, column)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return amount(value) if isinstance(value, str) else None


def _is_sum(cells: Cells, row: int, known: Profile, sums: Sequence[_Sums]) -> bool:
    """Whether every cell states its column's sum, and one of them isn't 0."""
    stated = {m.left: _figure(cells, m.row, m.left) or 0.0 for m in cells.marks(row, known.left, known.right)}
    if any(m.kind != Kind.VALUE for m in cells.marks(row, known.left, known.right)) or not any(stated.values()):
        return False
    return any(one.rows > 1 and all(_agree(one.of[c], figure) for c, figure in stated.items()) for one in sums)


def _agree(total: float | None, stated: float) -> bool:
    return total is not None and abs(total - stated) < 0.01 + 1e-6 * abs(total)
