"""Finding the rows that name a table's columns, and the names.

The main row is the one that names most columns, in words, above values that are of another kind; rows above it belong to the
header when their texts span it as parents, rows below when they name what the main row left open.
"""

from __future__ import annotations

from itertools import groupby, pairwise

from reportkit.tables.cells import Box, Cells, Mark
from reportkit.tables.names import Header, period
from reportkit.tables.pairs import is_pairs
from reportkit.tables.sums import sum_word
from reportkit.tables.values import Kind, amount, in_time, is_year, squeeze
from reportkit.tables.words import is_field, is_foot, is_keyvalue, is_title, is_unit

#: Rows that are not blank among which a header is looked for before the search moves on.
ZONE = 40
#: Rows below a candidate that are looked at for values of another kind.
BELOW = 12


def _sequence(marks: list[Mark]) -> bool:
    """Whether a row's values name columns: years, or numbers, months or days that follow each other by one step."""
    values = [m.text for m in marks if m.kind == Kind.VALUE]
    if len(values) < 2:
        return False
    if amount(values[0]) is not None:
        plain = [n for text in values if (n := amount(text)) is not None]
        return len(plain) == len(values) and (_are_years(plain) or _by_step(plain, {1.0, -1.0}))
    times = [time for text in values if (time := in_time(text))]
    if len(times) < len(values) or len({kind for kind, _ in times}) > 1:
        return False
    places = [float(place) for _, place in times]
    return (times[0][0] == "year" and _are_years(places)) or _by_step(places, {1.0, -1.0, 7.0})


def _are_years(numbers: list[float]) -> bool:
    return all(map(is_year, numbers)) and len(set(numbers)) == len(numbers)


def _by_step(numbers: list[float], steps: set[float]) -> bool:
    found = {b - a for a, b in pairwise(numbers)}
    return len(numbers) >= 3 and len(found) == 1 and found <= steps


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
    if len(names) < 2 or (width > 4 and not _varied(names)):
        return -1.0
    if sum_word(marks[0].text) or is_pairs(cells, box, row) or (row > box.top and is_units(cells, box, row)):
        return -1.0
    others = len(marks) - len(names)
    share = len(names) / len(marks)
    if share < 0.5:
        return -1.0
    known = sum(is_field(m.text) for m in names) / len(names)
    return min(1.0, len(names) / width) - others / width + 0.5 * known + 0.6 * _contrast(cells, box, row, names)


def _varied(names: list[Mark]) -> bool:
    """Whether most words differ; one over several neighbours, and names that begin again for the next half, count once."""
    words = [word for word, _ in groupby(squeeze(m.text) for m in names)]
    size = period(words)
    if size and sum(is_field(word) for word in words[:size]) * 2 >= size:
        words = words[:size]
    return len(words) > 1 and len(set(words)) * 2 > len(words)


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


def find_single(cells: Cells, box: Box) -> Header | None:
    """The header of a list of one column: a short name of a field above five short entries, few of them twice."""
    used = {c for r in range(box.top, box.bottom + 1) for c, kind in enumerate(cells.kinds(r)) if kind}
    rows = [r for r in range(box.top, box.bottom + 1) if cells.filled(r, box.left, box.right)]
    if len(used) != 1:
        return None
    column = used.pop()
    for n, row in enumerate(rows[:5]):
        entries = [cells.text(r, column) for r in rows[n + 1 :]]
        name = cells.text(row, column)
        if (
            cells.kinds(row)[column] == Kind.TEXT
            and len(name) <= 8
            and is_field(name)
            and not is_title(name)
            and not is_foot(name)
        ):
            short = sum(len(entry) <= 20 and not is_keyvalue(entry) for entry in entries)
            good = len(entries) >= 5 and short * 10 >= len(entries) * 9 and len(set(entries)) * 10 >= len(entries) * 8
            return Header(row, row, column, column) if good else None
    return None


def _around(cells: Cells, box: Box, main: int) -> Header:
    """The whole header around its main row."""
    first, last = _upwards(cells, box, main), _downwards(cells, box, main)
    units = last < box.bottom and is_units(cells, box, last + 1)
    last += units
    columns = [c for r in range(first, last + 1) for m in cells.marks(r, box.left, box.right) for c in (m.left, m.right)]
    return Header(first, last, min(columns), max(columns), units)


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
    if len(above) == 1:
        return _is_lone_parent(above[0], below) or _is_over_halves(cells, box, row)
    told = sum(is_keyvalue(m.text) or (is_title(m.text) and len(squeeze(m.text)) > 8) for m in above)
    if told * 2 >= len(above) or is_pairs(cells, box, row):
        return False
    if _translates(above, below):
        return True
    open_columns = set(range(below[0].left, below[-1].right + 1)) - _taken(below)
    children = [sum(m.left <= b.left <= m.right for b in below) for m in above]
    fills = any(m.left in open_columns for m in above)
    return fills or any(c >= 2 for c in children) or _spans_by_position(cells, box, above, below)


def _translates(one: list[Mark], other: list[Mark]) -> bool:
    """Whether two rows name the same columns, one in Latin letters, the other not."""
    if [m.left for m in one] != [m.left for m in other] or len(one) < 3:
        return False
    latin, rest = (one, other) if one[0].text.isascii() else (other, one)
    words = sum(m.kind == Kind.TEXT and m.text.isascii() and len(m.text) > 1 for m in latin)
    return words == len(latin) and not any(m.text.isascii() or m.kind != Kind.TEXT for m in rest)


def _taken(marks: list[Mark]) -> set[int]:
    return {c for m in marks for c in range(m.left, m.right + 1)}


def _is_lone_parent(mark: Mark, below: list[Mark]) -> bool:
    left, right = below[0].left, below[-1].right
    children = sum(mark.left <= b.left <= mark.right for b in below)
    if is_keyvalue(mark.text) or mark.right == mark.left:
        return False
    if mark.left <= left or (mark.right - mark.left + 1) * 2 > right - left + 1:
        return False
    return children >= 2 and not is_title(mark.text)


def _is_over_halves(cells: Cells, box: Box, row: int) -> bool:
    """Whether a lone text joins halves with the same names: below a title, and above names that don't come again."""
    (mark,), below = cells.marks(row, box.left, box.right), cells.marks(row + 1, box.left, box.right)
    names = [squeeze(m.text) for m in below]
    whole = mark.left <= below[0].left < below[-1].right <= mark.right
    if not whole or is_title(mark.text) or is_keyvalue(mark.text) or not period(names):
        return False
    if not any(len(cells.marks(r, box.left, box.right)) == 1 for r in range(max(box.top, row - 3), row)):
        return False
    later = (cells.marks(r, box.left, box.right) for r in range(row + 2, box.bottom + 1))
    return all([squeeze(m.text) for m in marks] != names for marks in later)


def _spans_by_position(cells: Cells, box: Box, above: list[Mark], below: list[Mark]) -> bool:
    """Parents that are not merged: fewer than the names below them, each with a name right below, blanks between.

    Texts over no name, such as 序号 and 备注, must name columns of the table themselves.
    """
    lefts, taken = {b.left for b in below}, _taken(below)
    parents = [m for m in above if m.left in lefts]
    alone = [m for m in above if m.left not in taken]
    if not parents or len(parents) * 2 > len(below) or len(parents) + len(alone) < len(above):
        return False
    if any(m.right > m.left or is_title(m.text) for m in above):
        return False
    return all(is_field(m.text) or _has_values(cells, box, above[0].row + 2, m.left) for m in alone)


def _has_values(cells: Cells, box: Box, top: int, column: int) -> bool:
    """Whether a column is filled in most of the next rows."""
    rows = [r for r in range(top, min(top + BELOW, box.bottom + 1)) if cells.filled(r, box.left, box.right)]
    return bool(rows) and sum(bool(cells.kinds(r)[column]) for r in rows) * 2 >= len(rows)


def _downwards(cells: Cells, box: Box, main: int) -> int:
    last = main
    for (top, left), area in cells.spans.items():
        if top <= main <= area.last_row and box.left <= left <= box.right and cells.kinds(top)[left]:
            last = max(last, min(area.last_row, box.bottom, main + 5))
    while last < box.bottom and not is_units(cells, box, last + 1) and _is_child_row(cells, box, last + 1):
        last += 1
    return last


def is_units(cells: Cells, box: Box, row: int) -> bool:
    """Whether a row right below names states units: units alone, one word throughout, or units over columns of figures.

    年 月 日 below one parent are names: a unit stands below a name of its own.
    """
    own = [m for m in cells.marks(row, box.left, box.right) if m.row == row]
    named = {(m.left, m.right) for m in cells.marks(row - 1, box.left, box.right)}
    known = [m for m in own if is_unit(m.text)]
    if not own or len(named) < 2 or not named.issuperset((m.left, m.right) for m in known):
        return False
    if len(known) == len(own):
        again = cells.marks(row + 1, box.left, box.right) if row < box.bottom else []
        return any(squeeze(m.text).strip("-—–/") for m in own) and not (again and all(is_unit(m.text) for m in again))
    figures = [m for m in own if m.kind == Kind.TEXT and _has_figures(cells, box, row + 1, m.left)]
    if len(figures) == len(own) >= 3 and len({squeeze(m.text) for m in own}) == 1:
        return True
    return len(known) * 2 >= len(own) and sum(m in figures for m in known) >= 2


def _has_figures(cells: Cells, box: Box, top: int, column: int) -> bool:
    """Whether the next rows hold values in a column."""
    kinds = [cells.kinds(r)[column] for r in range(top, min(top + BELOW, box.bottom + 1))]
    return sum(k == Kind.VALUE for k in kinds) * 2 > sum(map(bool, kinds))


def _is_child_row(cells: Cells, box: Box, row: int) -> bool:
    """Whether a row names what the row above left open: under a merged parent, or right of a text that blanks follow.

    A name below a name of its own, an only child, is heard where others fill what is open and the stub stays blank.
    """
    marks = [m for m in cells.marks(row, box.left, box.right) if m.row == row]
    if not marks or len(naming(marks)) < len(marks) or (sum_word(marks[0].text) and marks[0].left == box.left):
        return False
    above = cells.marks(row - 1, box.left, box.right)
    if _translates(above, marks):
        return True
    wide = {c for m in above if m.right > m.left for c in range(m.left, m.right + 1)}
    lefts, taken = {m.left for m in marks}, _taken(above)
    filling = [m for m in marks if m.left in wide or m.left not in taken or (m.left + 1 in lefts and m.left + 1 not in taken)]
    only = len(marks) - len(filling)
    if only and (only > len(filling) or len(filling) < 2 or marks[0].left <= above[0].left):
        return False
    if not above or (len(marks) < 2 and not wide) or (len(marks) == 1 and is_title(marks[0].text)):
        return False
    return bool(wide) or any(m.row == row - 1 and m.left == m.right and m.left not in lefts for m in above)
