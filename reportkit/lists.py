"""Any list in a file → the columns asked for, one line a record: Parquet and text by polars, workbooks by the project's readers.

A long text list is never taken apart cell by cell: its encoding is settled, its header read, and polars reads the columns that are
needed, all as text. A text whose first line is no header that has them, and every workbook, goes through the table finder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from reportkit.errors import DiskError, NoInputError, UsageError
from reportkit.intake import Arrival, Source, take_in
from reportkit.sheets import Table, letter
from reportkit.summary import Limits
from reportkit.textlist import crooked, line_of, open_text

#: One list may be a whole workbook; it has more time and memory than one of a hundred submissions.
_LIMITS = Limits(seconds=1800, memory=8192)
#: What marks files that are no plain text: Parquet, zip packages, compound files.
_PARQUET, _WORKBOOKS = b"PAR1", (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: An id as texts and numbers by turns; what stands behind the third number counts as text.
_TURNS = r"(?s)^([^0-9]*)([0-9]*)([^0-9]*)([0-9]*)([^0-9]*)([0-9]*)(.*)$"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as read.

    Attributes:
        ids: the column that names a record.
        frame: the columns asked for, one line a record that holds anything in them; String, or in Parquet's own types. Columns of Parquet
            are read when they are asked for.
        line: number of a record in ``frame``, as it was read, → its line in the text, its row in the sheet, its number in Parquet,
            from 1.
        sheet: where the table was found; "" for what has no sheets.
        aside: what was set aside, by kind: ``blank`` rows, the roles of rows that are no records, ``text`` outside the table, other
            ``table``s.
    """

    ids: pl.Series
    frame: pl.LazyFrame
    line: Callable[[int], int]
    sheet: str = ""
    aside: Mapping[str, int] = field(default_factory=dict)


def read_list(path: Path, columns: Sequence[str]) -> Listing:
    """The columns of a list; the first of them names a record.

    Raises:
        NoInputError: there is no such file, or it holds no list.
        UsageError: a column is not there, or stands there twice.
        DiskError: the file may not be read.
    """
    if not path.is_file():
        raise NoInputError("no-input", path=path)
    try:
        with path.open("rb") as file:
            head = file.read(8)
        if head.startswith(_PARQUET):
            return _parquet(path, columns)
        found = None if head.startswith(_WORKBOOKS) else _text(path, columns)
    except OSError as error:
        raise DiskError("cannot-read", path=path, why=error.strerror or error) from error
    return found or _tables(path, columns)


def in_order(ids: pl.Series) -> pl.Series:
    """Places of ids in their natural order, numbers by their size: ``9``, ``010``, ``r2``, ``r10``."""
    if ids.dtype != pl.String:
        return ids.arg_sort()
    turns = ids.str.extract_groups(_TURNS).struct.unnest()
    keys: list[pl.Expr] = []
    for name in turns.columns:
        number = pl.col(name).str.strip_chars_start("0")
        numbers = int(name) % 2 == 0
        keys += [pl.col(name) != "", number.str.len_bytes(), number] if numbers else [pl.col(name)]
    frame = turns.with_row_index("place").with_columns(ids.alias("id"))
    return frame.sort(*keys, "id")["place"]


def _chosen(path: Path, there: Sequence[str], columns: Sequence[str]) -> list[int]:
    """Where the columns stand among those that are there."""
    places = []
    for name in columns:
        if there.count(name) != 1:
            code = "link-column-twice" if name in there else "link-column"
            raise UsageError(code, path=path, column=name, there=", ".join(filter(None, there)))
        places.append(there.index(name))
    return places


def _listing(frame: pl.LazyFrame, line: Callable[[int], int]) -> Listing:
    """All rows, or, where ids are blank, those that hold anything."""
    ids = frame.select(pl.first()).collect().to_series()
    blank = [pl.col(name).cast(pl.String).str.strip_chars().fill_null("") == "" for name in frame.collect_schema().names()]
    if not ids.to_frame().select(blank[0]).to_series().any():
        return Listing(ids, frame, line)
    empty = frame.select(pl.all_horizontal(blank)).collect().to_series()
    rows = (~empty).arg_true()
    kept = frame.filter(~empty)
    return Listing(ids.filter(~empty), kept, lambda record: line(int(rows[record])), aside={"blank": int(empty.sum())})


# -- Parquet -----------------------------------------------------------------------------------------------


def _parquet(path: Path, columns: Sequence[str]) -> Listing:
    try:
        lazy = pl.scan_parquet(path, glob=False)
        schema = lazy.collect_schema()
        _chosen(path, schema.names(), columns)
        for name in columns:
            if schema[name].is_nested() or schema[name] in (pl.Binary, pl.Object):
                raise UsageError("link-column-type", path=path, column=name, kind=schema[name])
        return _listing(lazy.select(columns), lambda row: row + 1)
    except pl.exceptions.PolarsError:
        raise NoInputError("link-unreadable", path=path, why="Parquet") from None


# -- text --------------------------------------------------------------------------------------------------


def _text(path: Path, columns: Sequence[str]) -> Listing | None:
    """A text whose first line is the header; None for any other file."""
    text = open_text(path, set(columns))
    if text is None or not set(columns) & set(text.names):
        return None
    places = _chosen(path, text.names, columns)
    frame = text.read(sorted(places))
    if frame is None:
        line = crooked(text.source, text.delimiter, len(text.names))
        raise UsageError("link-text-broken", path=path, line=line)
    by_place = sorted(range(len(columns)), key=lambda n: places[n])
    frame.columns = [columns[n] for n in by_place]
    return _listing(frame.select(columns).lazy(), lambda row: line_of(text.source, text.delimiter, row))


# -- workbooks ---------------------------------------------------------------------------------------------


def _tables(path: Path, columns: Sequence[str]) -> Listing:
    """The first table that has the columns, those on visible sheets before others."""
    (arrived,) = take_in([Source(path, str(path))], limits=_LIMITS)
    if not isinstance(arrived, Arrival):
        raise NoInputError(arrived.code, path=path, file=path, detail=arrived.detail)
    tables = sorted((table for sheet in arrived.sheets for table in sheet.tables), key=lambda table: not table.visible)
    if not tables:
        raise NoInputError("link-no-table", path=path)
    asked = ["".join(name.split()) for name in columns]
    table = max(tables, key=lambda one: len(set(asked) & set(_names(one))))
    places = _chosen(path, _names(table), asked)
    letters = [letter(table.header[at].column) for at in places]
    frame = table.body.select(pl.col(at).alias(name) for at, name in zip(letters, columns, strict=True))
    rows = table.body["_row"]
    found = _listing(frame.lazy(), lambda row: int(rows[row]))
    return replace(found, sheet=table.sheet, aside={**found.aside, **_aside(table, len(tables) - 1)})


def _names(table: Table) -> list[str]:
    return [cell.name for cell in table.header]


def _aside(table: Table, others: int) -> dict[str, int]:
    roles = Counter(table.aside["_role"].to_list())
    lines = len(table.above) + len(table.below) + len(table.beside)
    told = {**{role: roles[role] for role in sorted(roles)}, "text": lines, "table": others}
    return {kind: number for kind, number in told.items() if number}
