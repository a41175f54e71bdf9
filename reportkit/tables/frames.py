"""From rows and columns found to the tables that later stages read."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from reportkit.sheets import Area, HeaderCell, Line, SheetTables, Table, Value, letter, text
from reportkit.tables.cells import Cells
from reportkit.tables.names import header_cell
from reportkit.tables.regions import Found


def assemble(cells: Cells, found: Sequence[Found]) -> SheetTables:
    """Build the tables and give every text outside them its place."""
    sheet = cells.sheet
    placed = _place(cells, found)
    tables = tuple(_table(cells, one, placed[n]) for n, one in enumerate(found))
    return SheetTables(sheet.name, sheet.visible, tables, () if tables else tuple(_lines(cells)))


def _lines(cells: Cells) -> list[Line]:
    return [_line(cells, r, c) for r in range(cells.height) if cells.extent(r) for c in _filled(cells, r, 0, cells.width - 1)]


def _filled(cells: Cells, row: int, left: int, right: int) -> list[int]:
    kinds = cells.kinds(row)
    return [c for c in range(left, min(right, cells.width - 1) + 1) if kinds[c]]


def _line(cells: Cells, row: int, column: int) -> Line:
    return Line(row + 1, column + 1, cells.text(row, column))


def _place(cells: Cells, found: Sequence[Found]) -> list[dict[str, list[Line]]]:
    """Texts outside the tables, given to the nearest: above, below or beside it."""
    placed: list[dict[str, list[Line]]] = [{"above": [], "below": [], "beside": []} for _ in found]
    if not found:
        return placed
    for row in range(cells.height):
        inside = [n for n, f in enumerate(found) if f.header.first <= row <= f.body.end]
        if len(inside) == 1 and found[inside[0]].header.left == 0 and cells.extent(row) <= found[inside[0]].header.right + 1:
            continue
        taken = [(found[n].header.left, found[n].header.right) for n in inside]
        for column in _filled(cells, row, 0, cells.width - 1) if cells.extent(row) else ():
            if not any(a <= column <= b for a, b in taken):
                n, where = _nearest(found, inside, row, column)
                placed[n][where].append(_line(cells, row, column))
    return placed


def _nearest(found: Sequence[Found], inside: list[int], row: int, column: int) -> tuple[int, str]:
    def aside(n: int) -> int:
        return max(found[n].header.left - column, column - found[n].header.right, 0)

    if inside:
        return min(inside, key=aside), "beside"
    over = [n for n, f in enumerate(found) if f.body.end < row]
    under = [n for n, f in enumerate(found) if f.header.first > row]
    above = max(over, key=lambda n: (-aside(n), found[n].body.end), default=-1)
    below = min(under, key=lambda n: (found[n].header.first, aside(n)), default=-1)
    if below < 0 or (above >= 0 and row <= found[above].foot):
        return above, "below"
    return below, "above"


def _columns(cells: Cells, found: Found) -> tuple[HeaderCell, ...]:
    """The table's columns; one that only widens its neighbour by merging, without a value of its own, is none."""
    header = found.header
    columns = []
    for column in range(header.left, header.right + 1):
        widened = cells.covered(header.last, column) and cells.head(header.last, column)[1] < column
        if not (widened and not _holds(cells, found, column)):
            columns.append(header_cell(cells, header, column))
    return tuple(columns)


def _holds(cells: Cells, found: Found, column: int) -> bool:
    rows = [*found.body.records, *found.body.numbered, *(r for r, _ in found.body.aside)]
    return any(cells.value(r, column) not in {None, ""} and not cells.covered(r, column) for r in rows)


def _frame(cells: Cells, rows: list[int], columns: Sequence[HeaderCell]) -> pl.DataFrame:
    data: dict[str, pl.Series] = {"_row": pl.Series([r + 1 for r in rows], dtype=pl.Int64)}
    covered = cells.covered_rows(rows)
    for cell in columns:
        at = cell.column - 1
        values = [cells.rows[r][at] if at < len(cells.rows[r]) else None for r in rows]
        for n in covered:
            if cells.covered(rows[n], at):
                values[n] = None
        data[letter(cell.column)] = pl.Series(_texts(values), dtype=pl.String)
    return pl.DataFrame(data)


def _texts(values: list[Value]) -> list[str | None]:
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return [v if isinstance(v, str) and v and not v.isspace() else None for v in values]
    return [None if v is None or (isinstance(v, str) and (not v or v.isspace())) else text(v) for v in values]


def _table(cells: Cells, found: Found, lines: dict[str, list[Line]]) -> Table:
    header, body, sheet = found.header, found.body, cells.sheet
    columns = _columns(cells, found)
    content = sorted([*body.records, *body.numbered])
    aside = _frame(cells, [r for r, _ in body.aside], columns)
    roles = pl.Series("_role", [str(role) for _, role in body.aside], dtype=pl.String)
    rows = range(header.last + 2, body.end + 2)
    return Table(
        sheet=sheet.name,
        first_column=header.left + 1,
        last_column=header.right + 1,
        header_first=header.first + 1,
        header_last=header.last + 1,
        data_first=content[0] + 1 if content else 0,
        data_last=content[-1] + 1 if content else 0,
        header=columns,
        body=_frame(cells, body.records, columns),
        aside=aside.insert_column(1, roles),
        visible=sheet.visible,
        merges=tuple(_touching(sheet.merged, found)),
        above=tuple(lines["above"]),
        below=tuple(lines["below"]),
        beside=tuple(lines["beside"]),
        uncalculated=frozenset(p for p in sheet.uncalculated if p[0] in rows and header.left < p[1] <= header.right + 1),
        hidden_rows=frozenset(r for r in sheet.hidden_rows if r in rows),
        notes=(*body.notes, *found.notes),
    )


def _touching(merged: tuple[Area, ...], found: Found) -> list[Area]:
    first, last = found.header.last + 2, found.body.end + 1
    left, right = found.header.left + 1, found.header.right + 1
    return [
        a
        for a in merged
        if a.last_row >= first
        and a.first_row <= last
        and a.last_column >= left
        and a.first_column <= right
        and (a.first_row, a.first_column) != (a.last_row, a.last_column)
    ]
