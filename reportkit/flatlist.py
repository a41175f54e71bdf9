"""A long list in one file, held against a template a column at a time: text whose first line is the header, or Parquet.

It never goes through the table finder, which looks at every cell for titles, totals and footers; a file that may hold such is left to it.
Nothing is linked: a key that repeats is told of as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from reportkit.checks import check
from reportkit.constraints import References, repetitions
from reportkit.fields.matches import Match
from reportkit.findings import Findings
from reportkit.periods import Period
from reportkit.records import LINE, Part, Records, gather
from reportkit.rulebook import compile_rules, judge, of_records
from reportkit.sheets import EXACT, HeaderCell, Table, letter
from reportkit.templates import Kind, Template
from reportkit.textlist import Text, begun, open_text

#: So many rows are looked at to tell what a column is whose header is not known.
_SEEN = 1000
#: A first line is the header where it names so much of the template.
_NAMED = 0.5
#: From so many bytes on a text is a long list; Parquet always is.
_LONG = 4 << 20
_PARQUET = b"PAR1"
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NONE = References()


def is_long(path: Path, template: Template) -> bool:
    """Whether a file may be a long list, and a template is one of lists."""
    return template.kind is Kind.LIST and looks_long(path)


def looks_long(path: Path) -> bool:
    """Whether a file may be a long list by its first bytes and its size: Parquet, or a text of several megabytes."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(8)
    return head.startswith(_PARQUET) or (path.stat().st_size >= _LONG and not head.startswith(_NOT_TEXT))


@dataclass(frozen=True, slots=True)
class FlatList:
    """A long list that was held against a template.

    Attributes:
        outcomes: of its rules, as ``rulebook.Ruled`` has them.
    """

    template: Template
    records: Records
    findings: Findings
    outcomes: pl.DataFrame


def validate_list(path: Path, template: Template, period: Period, as_of: date, references: References = _NONE) -> FlatList | None:
    """All findings about a list; None where its first line is no header of the template.

    Args:
        path: of the list.
        template: a spec of a list.
        period: that the list is about; its end is the day on which ages are reckoned and rules are in force.
        as_of: the last day that a past event can have.
        references: what foreign keys refer to.
    """
    records = read_flat(path, template, as_of)
    if records is None:
        return None
    found = check(records, period.last, references) + Findings.gather(repetitions(records))
    book = compile_rules(template, period)
    ruled = judge(of_records(records, book.names), book)
    return FlatList(template, records, found + ruled.findings, ruled.outcomes)


def read_flat(path: Path, template: Template, as_of: date) -> Records | None:
    """The rows of a list; ``ROW`` is the row that a spreadsheet program shows it in, in Parquet its number from 1."""
    with path.open("rb") as file:
        parquet = file.read(8).startswith(_PARQUET)
    read = _parquet(path, template) if parquet else _text(path, template)
    if read is None:
        return None
    names, body = read
    table = _table(names, body, first=1 if parquet else 2)
    return gather(template, [Part(str(path), "", 0, table, _matches(table, template))], as_of)


def _text(path: Path, template: Template) -> tuple[list[str], pl.DataFrame] | None:
    """What begins as UTF-8 is mostly that to its end; polars says where it is not, and only then is its encoding looked for."""
    columns = {name for field in template.fields for name in (field.name, *field.aliases)}
    read = _read(begun(path, columns), template)
    return read or _read(open_text(path, columns), template)


def _read(text: Text | None, template: Template) -> tuple[list[str], pl.DataFrame] | None:
    if text is None or not _is_header(text.names, template):
        return None
    body = text.read(range(len(text.names)))
    return None if body is None else (text.names, body)


def _parquet(path: Path, template: Template) -> tuple[list[str], pl.DataFrame] | None:
    try:
        lazy = pl.scan_parquet(path, glob=False)
        schema = lazy.collect_schema()
        if not _is_header(schema.names(), template) or any(
            kind.is_nested() or kind in (pl.Binary, pl.Object) for kind in schema.dtypes()
        ):
            return None
        return schema.names(), lazy.select(_as_written(name, kind) for name, kind in schema.items()).collect()
    except pl.exceptions.PolarsError:
        return None


def _as_written(name: str, kind: pl.DataType) -> pl.Expr:
    """A column of any type as the texts that a workbook's cells come to (``sheets.text``)."""
    value = pl.col(name)
    if kind.is_float():
        whole = (value == value.floor()) & (value.abs() < EXACT)
        return (
            pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(value.cast(pl.String)).alias(name)
        )
    if kind == pl.Boolean:
        return value.cast(pl.String).str.to_uppercase()
    if kind == pl.Datetime:
        return value.dt.strftime("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    return value.cast(pl.String)


def _is_header(names: Sequence[str], template: Template) -> bool:
    """Every name stands once, and they name half of the fields."""
    there = ["".join(name.split()) for name in names]
    known = sum(any("".join(name.split()) in there for name in (field.name, *field.aliases)) for field in template.fields)
    return all(there) and len(set(there)) == len(there) and known >= max(_NAMED * len(template.fields), 1)


def _table(names: Sequence[str], body: pl.DataFrame, first: int) -> Table:
    """The list as a table without a sheet; lines that hold nothing are no records."""
    header = tuple(HeaderCell(n, tuple("".join(name.split()).split(">"))) for n, name in enumerate(names, 1))
    rows = pl.int_range(first, first + body.height, dtype=pl.Int64, eager=True).alias(LINE)
    body.columns = [letter(cell.column) for cell in header]
    body = body.insert_column(0, rows)
    if all(body[letter(cell.column)].null_count() for cell in header):
        body = body.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))
    return Table("", 1, len(header), first - 1, first - 1, first, first + body.height - 1, header, body, body.clear())


def _matches(table: Table, template: Template) -> tuple[Match, ...]:
    """Of a column whose header says nothing a part of the rows tells what it is."""
    names = {field.name for field in template.fields}
    if all(cell.name in names for cell in table.header):
        return tuple(Match(letter(cell.column), cell.name, cell.name, 1.0, "exact") for cell in table.header)
    from reportkit.fields.mapping import map_fields  # noqa: PLC0415 - most lists are headed in the spec's own words

    return map_fields(replace(table, body=table.body.head(_SEEN)), template)
