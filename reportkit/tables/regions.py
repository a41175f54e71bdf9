"""Cutting a sheet into its tables: apart by empty columns, by headers, by names that repeat."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportkit.tables import body as bodies
from reportkit.tables import header as headers
from reportkit.tables.body import Body
from reportkit.tables.cells import Box, Cells
from reportkit.tables.header import Header
from reportkit.tables.words import squeeze


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
    found = _apart(cells, Box(0, 0, cells.height - 1, cells.width - 1))
    return sorted(found, key=lambda f: (f.header.first, f.header.left))


def _apart(cells: Cells, box: Box) -> list[Found]:
    """Cut a box at its empty columns, then look into each part."""
    parts = _parts(cells, box)
    if len(parts) < 2:
        return _down(cells, box)
    groups = [(part, _down(cells, part)) for part in parts]
    return [table for _, tables in _joined(cells, groups) for table in tables]


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
        if done and len(tables) == 1 and len(done[-1][1]) == 1 and _is_one(cells, done[-1][1][0], tables[0]):
            whole = replace(done[-1][0], right=box.right)
            done[-1] = (whole, _down(cells, whole))
        else:
            done.append((box, tables))
    return done


def _is_one(cells: Cells, left: Found, right: Found) -> bool:
    if (left.header.first, left.header.last) != (right.header.first, right.header.last):
        return False
    ours, theirs = set(left.body.records), set(right.body.records)
    names = {headers.levels(cells, left.header, c) for c in range(left.header.left, left.header.right + 1)}
    others = {headers.levels(cells, right.header, c) for c in range(right.header.left, right.header.right + 1)}
    return (
        not names & others and len(ours & theirs) * 5 >= len(ours | theirs) * 4 and not any("序号" in "".join(o) for o in others)
    )


def _down(cells: Cells, box: Box) -> list[Found]:
    """The tables of a box one below the other."""
    found: list[Found] = []
    top = box.top
    while top <= box.bottom:
        header = headers.find(cells, replace(box, top=top))
        if header is None:
            break
        tables = _at(cells, box, header)
        found += tables
        top = max(t.body.stop for t in tables) if tables else header.last + 1
    return found


def _at(cells: Cells, box: Box, header: Header) -> list[Found]:
    """The table of a header, or the tables whose names repeat from left to right."""
    header = _with_stub(cells, box, header)
    found = []
    for part in _repeated(cells, header):
        body = bodies.read(cells, part, box)
        if body.records or body.numbered or _is_blank_form(cells, part):
            found.append(Found(part, body, body.stop - 1))
    return found


def _is_blank_form(cells: Cells, header: Header) -> bool:
    names = [headers.levels(cells, header, c) for c in range(header.left, header.right + 1)]
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
    """Halves, thirds … of a header that name the same columns again."""
    names = [headers.levels(cells, header, c) for c in range(header.left, header.right + 1)]
    leaves = [n[-1] if n else "" for n in names]
    for size in range(2, len(names) // 2 + 1):
        if len(names) % size == 0 and all(leaves[i] == leaves[i % size] for i in range(len(names))) and all(map(squeeze, leaves)):
            if any(len(n) > 1 for n in names):
                break
            return [replace(header, left=header.left + i, right=header.left + i + size - 1) for i in range(0, len(names), size)]
    return [header]
