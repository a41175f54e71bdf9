"""Finding the rows that name a table's columns, and the names.

The main row is the one that names most columns, in words, above values that are of another kind; rows above it belong to the
header when their texts span it as parents, rows below when they name what the main row left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from reportkit.sheets import HeaderCell
from reportkit.tables.cells import Box, Cells, Mark
from reportkit.tables.words import Kind, amount, is_field, is_foot, is_keyvalue, is_title, is_unit, is_year, squeeze, sum_word

#: Rows that are not blank among which a header is looked for before the search moves on.
ZONE = 40
#: Rows below a candidate that are looked at for values of another kind.
BELOW = 12


@dataclass(frozen=True, slots=True)
class Header:
    """Header rows, counted from 0, ends included, and the columns that they name."""

    first: int
    last: int
    left: int
    right: int


def _sequence(marks: list[Mark]) -> bool:
    """Years, or numbers that go up or down by one: names of columns, not values."""
    numbers = [amount(m.text) for m in marks if m.kind == Kind.VALUE]
    plain = [n for n in numbers if n is not None]
    if len(plain) < 2 or len(plain) < len(numbers):
        return False
    steps = {b - a for a, b in pairwise(plain)}
    years = all(is_year(str(int(n))) for n in plain) and len(set(plain)) == len(plain)
    return years or (len(plain) >= 3 and steps in ({1.0}, {-1.0}))


def naming(marks: list[Mark]) -> list[Mark]:
    """Those of a row's marks that may name a column."""
    if _sequence(marks):
        return marks
    return [m for m in marks if m.kind == Kind.TEXT]


def is_preamble(marks: list[Mark], width: int) -> bool:
    """Whether a row reads like what stands above a header: a title, key-value lines."""
    if len(marks) == 1:
        return True
    told = sum(is_keyvalue(m.text) for m in marks)
    return told * 2 >= len(marks) and len(marks) <= max(8, width // 2)


def _contrast(cells: Cells, box: Box, row: int, marks: list[Mark]) -> float:
    """Share of the named columns whose next cells are values."""
    below = [r for r in range(row + 1, min(row + 1 + BELOW, box.bottom + 1)) if cells.filled(r, box.left, box.right)]
    changed = 0
    for mark in marks:
        kinds = [cells.kinds(r)[mark.left] for r in below]
        known = [k for k in kinds if k]
        changed += bool(known) and sum(k == Kind.VALUE for k in known) * 2 > len(known)
    return changed / len(marks)


def _score(cells: Cells, box: Box, row: int, width: int) -> float:
    """How much a row looks like the main row of a header; below 0 it can't be."""
    marks = cells.marks(row, box.left, box.right)
    if len(marks) < 2 or is_preamble(marks, width):
        return -1.0
    names = naming(marks)
    if len(names) < 2 or (len({squeeze(m.text) for m in names}) * 2 <= len(names) and width > 4):
        return -1.0
    if sum_word(marks[0].text):
        return -1.0
    others = len(marks) - len(names)
    share = len(names) / len(marks)
    if share < 0.5:
        return -1.0
    known = sum(is_field(m.text) for m in names) / len(names)
    return min(1.0, len(names) / width) - others / width + 0.5 * known + 0.6 * _contrast(cells, box, row, names)


def _is_record(cells: Cells, box: Box, row: int, width: int) -> bool:
    marks = cells.marks(row, box.left, box.right)
    values = [m for m in marks if m.kind == Kind.VALUE]
    return bool(values) and len(marks) * 5 >= width * 2 and (len(values) >= 2 or len(marks) > 2) and not _sequence(marks)


def used_width(cells: Cells, box: Box, top: int) -> int:
    """The number of columns that the next rows use."""
    used: set[int] = set()
    seen = 0
    for row in range(top, box.bottom + 1):
        kinds = cells.kinds(row)[box.left : box.right + 1]
        if any(kinds):
            seen += 1
            used.update(n for n, kind in enumerate(kinds) if kind)
        if seen >= ZONE:
            break
    return max(1, len(used))


def find(cells: Cells, box: Box) -> Header | None:
    """The first header in a box; None where nothing looks like one."""
    width = used_width(cells, box, box.top)
    best, at, records, seen = 0.55, -1, 0, 0
    for row in range(box.top, box.bottom + 1):
        if not cells.filled(row, box.left, box.right):
            continue
        seen += 1
        score = _score(cells, box, row, width) - 0.15 * records
        if score > best + (0.2 if at >= 0 and row - at > 1 else 0.0):
            best, at = score, row
        records += _is_record(cells, box, row, width)
        if records >= 4 or (seen > ZONE and at >= 0) or seen > 3 * ZONE:
            break
    return _around(cells, box, at) if at >= 0 else None


def _around(cells: Cells, box: Box, main: int) -> Header:
    """The whole header around its main row."""
    first, last = _upwards(cells, box, main), _downwards(cells, box, main)
    columns = [c for r in range(first, last + 1) for m in cells.marks(r, box.left, box.right) for c in (m.left, m.right)]
    return Header(first, last, min(columns), max(columns))


def _upwards(cells: Cells, box: Box, main: int) -> int:
    first = min(m.row for m in cells.marks(main, box.left, box.right))
    first = max(first, box.top)
    while first > box.top and _is_parent_row(cells, box, first - 1):
        first -= 1
        first = max(box.top, min([first, *(m.row for m in cells.marks(first, box.left, box.right))]))
    return first


def _is_parent_row(cells: Cells, box: Box, row: int) -> bool:
    """Whether a row's texts span names in the row below it, or name columns that it leaves open."""
    above, below = cells.marks(row, box.left, box.right), cells.marks(row + 1, box.left, box.right)
    if not above or not below or len(naming(above)) < len(above) or any(is_foot(m.text) and len(above) == 1 for m in above):
        return False
    left, right = below[0].left, below[-1].right
    open_columns = set(range(left, right + 1)) - {c for m in below for c in range(m.left, m.right + 1)}
    if len(above) == 1:
        return _is_lone_parent(above[0], left, right, below)
    told = sum(is_keyvalue(m.text) or (is_title(m.text) and len(squeeze(m.text)) > 8) for m in above)
    if told * 2 >= len(above):
        return False
    children = [sum(m.left <= b.left <= m.right for b in below) for m in above]
    fills = any(m.left in open_columns for m in above)
    return fills or any(c >= 2 for c in children) or _spans_by_position(above, below)


def _is_lone_parent(mark: Mark, left: int, right: int, below: list[Mark]) -> bool:
    children = sum(mark.left <= b.left <= mark.right for b in below)
    if is_keyvalue(mark.text) or mark.right == mark.left:
        return False
    if mark.left <= left or (mark.right - mark.left + 1) * 2 > right - left + 1:
        return False
    return children >= 2 and not is_title(mark.text)


def _spans_by_position(above: list[Mark], below: list[Mark]) -> bool:
    """Parents that are not merged: fewer than the names below them, each with a name below, blanks between."""
    lefts = {b.left for b in below}
    return (
        len(above) * 2 <= len(below)
        and all(m.left in lefts and m.left == m.right for m in above)
        and not any(is_title(m.text) for m in above)
    )


def _downwards(cells: Cells, box: Box, main: int) -> int:
    last = main
    for (top, left), area in cells.spans.items():
        if top <= main <= area.last_row and box.left <= left <= box.right and cells.kinds(top)[left]:
            last = max(last, min(area.last_row, box.bottom, main + 5))
    while last < box.bottom and (_is_child_row(cells, box, last + 1) or _is_unit_row(cells, box, last + 1)):
        last += 1
    return last


def _is_unit_row(cells: Cells, box: Box, row: int) -> bool:
    marks = [m for m in cells.marks(row, box.left, box.right) if m.row == row]
    above = cells.marks(row - 1, box.left, box.right)
    return (
        bool(marks)
        and len(above) > 1
        and all(is_unit(m.text) for m in marks)
        and any(squeeze(m.text).strip("-—–/") for m in marks)
    )


def _is_child_row(cells: Cells, box: Box, row: int) -> bool:
    """Whether a row names what the row above left open: under a merged parent, or right of a text that blanks follow."""
    marks = [m for m in cells.marks(row, box.left, box.right) if m.row == row]
    if not marks or len(naming(marks)) < len(marks) or (sum_word(marks[0].text) and marks[0].left == box.left):
        return False
    above = cells.marks(row - 1, box.left, box.right)
    wide = {m.left: m for m in above if m.right > m.left}
    lefts = {m.left for m in marks}
    closed = 0
    named = 0
    for mark in marks:
        parent = next((m for m in above if m.left <= mark.left <= m.right), None)
        if parent is None:
            named += any(m.right < mark.left for m in above) or len(above) > 0
        elif parent.left in wide or (parent.left + 1 in lefts and not any(m.left <= parent.left + 1 <= m.right for m in above)):
            named += 1
        else:
            closed += 1
    if closed or (len(marks) < 2 and not wide):
        return False
    leaves = [m for m in above if m.row == row - 1 and m.left == m.right and m.left not in lefts]
    return named == len(marks) and not (len(marks) == 1 and is_title(marks[0].text)) and (bool(wide) or bool(leaves))


def levels(cells: Cells, header: Header, column: int) -> tuple[str, ...]:
    """The header above a column, from top to bottom; a parent that is not merged reaches over the blanks right of it.

    A cell merged downwards counts once; a child that repeats its parent's word counts when the parent has other children.
    """
    found: list[str] = []
    heads: list[tuple[int, int]] = []
    for row in range(header.first, header.last + 1):
        top, left = _named_by(cells, header, row, column)
        word = squeeze(cells.text(top, left)) if left >= 0 else ""
        if (
            word
            and (top, left) not in heads
            and not (found and found[-1] == word and heads[-1][1] == left == column and _is_lone(cells, header, heads[-1]))
        ):
            found.append(word)
            heads.append((top, left))
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
    if row == header.last or cells.head(row, column) != (row, column) or (row, column) in cells.spans:
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
    return any(cells.kinds(r)[column] and not is_unit(cells.text(r, column)) for r in range(row + 1, header.last + 1))


def cell(cells: Cells, header: Header, column: int) -> HeaderCell:
    """The header above a column, addressed as Excel does."""
    return HeaderCell(column + 1, levels(cells, header, column))
