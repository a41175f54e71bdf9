"""Cutting a sheet into its tables: apart by empty columns, by headers, by names that repeat."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportkit.tables.body import Body, read
from reportkit.tables.cells import Box, Cells
from reportkit.tables.header import find, find_single
from reportkit.tables.names import Header, levels, period
from reportkit.tables.profile import NUMBERING
from reportkit.tables.values import Kind
from reportkit.tables.words import is_field


@dataclass(frozen=True, slots=True)
class Found:
    """A table's header and body, rows and columns from 0; ``foot`` is the last row that may belong below it."""

    header: Header
    body: Body
    foot: int
    notes: tuple[str, ...] = ()


def cut(cells: Cells) -> list[Found]:
    """All tables of a sheet, from top to bottom, left to right."""
    if not cells.height:
        return []
    whole = Box(0, 0, cells.height - 1, cells.width - 1)
    found = _apart(cells, whole) or _single(cells, whole)
    return sorted(found, key=lambda f: (f.header.first, f.header.left))


def _apart(cells: Cells, box: Box) -> list[Found]:
    """Cut a box at its empty columns, then look into each part."""
    parts = _parts(cells, box)
    if len(parts) < 2:
        return _down(cells, box)
    groups = [(part, _down(cells, part)) for part in parts]
    if not any(tables for _, tables in groups):
        return _down(cells, box)
    found = [table for _, tables in _joined(cells, groups) for table in tables]
    return [table for table in found if not any(_is_list_of_choices(cells, table, other) for other in found)]


def _single(cells: Cells, box: Box) -> list[Found]:
    """The list of a sheet that uses one column only."""
    header = find_single(cells, box)
    if header is None:
        return []
    body = read(cells, header, box)
    return [Found(header, body, body.stop - 1)] if body.records else []


def _is_list_of_choices(cells: Cells, table: Found, beside: Found) -> bool:
    """Whether columns of different words stand below no names of fields, beside a longer table that goes past them.

    One known name in two is enough where the names stand in the other table's header rows.
    """
    header, records = table.header, table.body.records
    main = beside.header
    if len(beside.body.records) <= len(records) or not main.first <= header.first <= table.body.end <= beside.body.end:
        return False
    columns = range(header.left, header.right + 1)
    rows = [header.last, *records]
    if any(Kind.VALUE in cells.kinds(row)[header.left : header.right + 1] for row in rows):
        return False
    known = sum(is_field(cells.text(header.last, c)) for c in columns)
    texts = [[t for row in rows if (t := cells.text(row, c))] for c in columns]
    nameless = known == 0 if header.first <= main.last else known * 2 <= len(columns)
    return nameless and all(len(set(t)) == len(t) for t in texts)


def _parts(cells: Cells, box: Box) -> list[Box]:
    """Runs of used columns; rows with one text alone (titles) don't count."""
    used = [False] * (box.right - box.left + 1)
    for row in range(box.top, box.bottom + 1):
        if all(used):
            return [box]
        kinds = cells.kinds(row)[box.left : box.right + 1]
        if sum(map(bool, kinds)) < 2:
            continue
        for mark in cells.marks(row, box.left, box.right):
            for column in range(mark.left, mark.right + 1):
                used[column - box.left] = True
    return [Box(box.top, box.left + a, box.bottom, box.left + b) for a, b in _runs(used)] or [box]


def _runs(used: list[bool]) -> list[tuple[int, int]]:
    found, start = [], -1
    for n, one in enumerate([*used, False]):
        if one and start < 0:
            start = n
        elif not one and start >= 0:
            found.append((start, n - 1))
            start = -1
    return found


def _joined(cells: Cells, groups: list[tuple[Box, list[Found]]]) -> list[tuple[Box, list[Found]]]:
    """Parts left and right of an empty column that are one table: the same header rows, the same records, other names."""
    done: list[tuple[Box, list[Found]]] = []
    for box, tables in groups:
        if done and _are_one(cells, done[-1], (box, tables)):
            whole = replace(done[-1][0], right=box.right)
            done[-1] = (whole, _down(cells, whole))
        else:
            done.append((box, tables))
    return done


def _are_one(cells: Cells, left: tuple[Box, list[Found]], right: tuple[Box, list[Found]]) -> bool:
    match left, right:
        case (_, [one]), (_, [other]):
            return _is_one(cells, one, other)
        case ((box, []), (_, [table])) | ((_, [table]), (box, [])):
            return _is_column(cells, box, table)
    return False


def _is_column(cells: Cells, box: Box, table: Found) -> bool:
    """Whether a part of one column has a name in a table's header and is filled in most of its records."""
    header, records = table.header, table.body.records
    named = any(cells.kinds(row)[box.left] == Kind.TEXT for row in range(header.first, header.last + 1))
    filled = sum(bool(cells.kinds(row)[box.left]) for row in records)
    return box.left == box.right and named and len(records) > 1 and filled * 5 >= len(records) * 4


def _is_one(cells: Cells, left: Found, right: Found) -> bool:
    if (left.header.first, left.header.last) != (right.header.first, right.header.last):
        return False
    ours, theirs = set(left.body.records), set(right.body.records)
    names = {levels(cells, left.header, c) for c in range(left.header.left, left.header.right + 1)}
    others = {levels(cells, right.header, c) for c in range(right.header.left, right.header.right + 1)}
    return (
        not names & others and len(ours & theirs) * 5 >= len(ours | theirs) * 4 and not any("序号" in "".join(o) for o in others)
    )


def _down(cells: Cells, box: Box) -> list[Found]:
    """The tables of a box one below the other."""
    found: list[Found] = []
    top = box.top
    while top <= box.bottom:
        header = find(cells, replace(box, top=top))
        if header is None:
            break
        tables = _at(cells, box, header)
        if not found or _is_announced(cells, box, header) or any(t.body.records or t.body.numbered for t in tables):
            found += tables
        top = max(t.body.stop for t in tables) if tables else header.last + 1
    return found


def _is_announced(cells: Cells, box: Box, header: Header) -> bool:
    """Whether a lone text stands right above a header: names without one and without records are where people sign."""
    return header.first > box.top and len(cells.marks(header.first - 1, box.left, box.right)) == 1


def _at(cells: Cells, box: Box, header: Header) -> list[Found]:
    """The table of a header, or the tables whose names repeat from left to right."""
    header = _with_stub(cells, box, header)
    found = []
    for part in _repeated(cells, header):
        body = read(cells, part, box)
        if body.records or body.numbered or _is_blank_form(cells, part):
            found.append(Found(part, body, body.stop - 1, _notes(part)))
    return found


def _notes(header: Header) -> tuple[str, ...]:
    return (f"Row {header.last + 1} states units, which are no part of the names.",) if header.units else ()


def _is_blank_form(cells: Cells, header: Header) -> bool:
    names = [levels(cells, header, c) for c in range(header.left, header.right + 1)]
    return sum(bool(n) for n in names) >= 3


def _with_stub(cells: Cells, box: Box, header: Header) -> Header:
    """Columns left of the first name that hold data belong to the table."""
    left = header.left
    rows = [
        r for r in range(header.last + 1, min(box.bottom, header.last + 30) + 1) if cells.filled(r, header.left, header.right)
    ]
    while left > box.left and rows and sum(bool(cells.kinds(r)[left - 1]) for r in rows) * 2 >= len(rows):
        left -= 1
    return replace(header, left=left)


def _repeated(cells: Cells, header: Header) -> list[Header]:
    """Halves, thirds … of a header that name the same columns again.

    Names that are the same below different parents are one table's, unless each half numbers its own rows.
    """
    names = [levels(cells, header, c) for c in range(header.left, header.right + 1)]
    size = period([n[-1] if n else "" for n in names])
    if not size or not all(names):
        return [header]
    if period([">".join(n) for n in names]) != size and not NUMBERING.fullmatch(names[0][-1]):
        return [header]
    return [replace(header, left=header.left + i, right=header.left + i + size - 1) for i in range(0, len(names), size)]
