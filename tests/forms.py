"""Tables, templates, submissions and records in a few words: what tests of the core are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from reportkit import statistics
from reportkit.fields.mapping import map_fields
from reportkit.records import Part, Records, gather
from reportkit.setting import Setting
from reportkit.sheets import Area, HeaderCell, Line, SheetTables, Table, letter
from reportkit.statistics import Statistics
from reportkit.submissions import Delivery, Submission
from reportkit.templates import Constraints, Field, GridCell, Kind, Schema, Template

TODAY = date(2026, 11, 30)
Row = Sequence[object]


def table(
    header: Sequence[str],
    rows: Sequence[Row] = (),
    *,
    sheet: str = "Sheet1",
    merges: Sequence[Area] = (),
    above: Sequence[str] = (),
    total: Row = (),
    **more: Any,  # noqa: ANN401 - any other attribute of a table
) -> Table:
    """A table whose header stands in row 2 and whose first record stands in row 3."""
    cells = tuple(HeaderCell(n, tuple(name.split(">")) if name else ()) for n, name in enumerate(header, 1))
    columns = {"_row": pl.Int64} | {letter(cell.column): pl.String for cell in cells}
    last = 2 + len(rows)
    lines = [[n, *map(_text, row), *[None] * (len(cells) - len(row))] for n, row in enumerate(rows, 3)]
    totals = [[last + 1, *map(_text, total), "total"]] if total else []
    return Table(
        sheet=sheet,
        first_column=1,
        last_column=len(cells),
        header_first=2,
        header_last=2,
        data_first=3,
        data_last=last,
        header=cells,
        body=pl.DataFrame(lines, schema=columns, orient="row"),
        aside=pl.DataFrame(totals, schema=columns | {"_role": pl.String}, orient="row"),
        merges=tuple(merges),
        above=tuple(Line(1, n, text) for n, text in enumerate(above, 1)),
        **more,
    )


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def field(name: str, element: str = "text", *values: str, required: bool = False, **more: Any) -> Field:  # noqa: ANN401 - as above
    """A field; ``values`` are its code list."""
    kind = "code" if values else element
    return Field(name=name, element=kind, constraints=Constraints(required=required, enum=values), **more)


def template(*fields: Field, key: Sequence[str] = (), title: str = "困难群众花名册", **more: Any) -> Template:  # noqa: ANN401 - as above
    """A list template."""
    name = more.pop("name", "people")
    schema = Schema(primaryKey=tuple(key), fields=fields)
    return Template(name=name, title=title, workbook="blank.xlsx", kind=Kind.LIST, schema=schema, **more)


PERSON = (
    field("姓名", "person-name", required=True),
    field("身份证号", "identity-number", required=True),
    field("联系电话", "phone"),
    field("家庭住址", "address"),
    field("补助金额(元)", "amount", total=True),
)
HEADER = tuple(one.name for one in PERSON)
PEOPLE = template(*PERSON, key=["身份证号"], entity="person")


def grid(*cells: GridCell, title: str = "工作统计表") -> Template:
    """A statistics form."""
    return Template(name="figures", title=title, workbook="blank.xlsx", kind=Kind.GRID, cells=cells)


def part(file: str, one: Table, of: Template, *, unit: str = "", rank: int = 0) -> Part:
    """A table of a file, with its columns mapped."""
    return Part(file, unit or file, rank, one, map_fields(one, of))


def records(of: Template, *rows: Row, header: Sequence[str] = (), unit: str = "甲村", **more: Any) -> Records:  # noqa: ANN401 - as above
    """Records of a single file ``a.xlsx`` under the template's own header."""
    names = header or [one.name for one in of.fields]
    return gather(of, [part("a.xlsx", table(names, rows, **more), of, unit=unit)], TODAY)


def delivery(
    file: str, *tables: Table, day: int = 1, lines: Sequence[str] = (), stamp: Sequence[tuple[str, str]] = (), trouble: str = ""
) -> Delivery:
    """A workbook received on a day of November; its bytes are what it holds."""
    sheets = [SheetTables(one.sheet, one.visible, (one,)) for one in tables]
    if lines:
        sheets.append(
            SheetTables("封面", visible=True, tables=(), lines=tuple(Line(n, 1, text) for n, text in enumerate(lines, 1)))
        )
    content = repr((tables, lines, [one.body.rows() for one in tables]))
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Delivery(file, digest, datetime(2026, 11, day, 9), tuple(sheets), tuple(stamp), trouble)  # noqa: DTZ001 - offices write local time


def submission(file: str, *tables: Table, unit: str = "", day: int = 1, of: str = "people") -> Submission:
    """A file that is already known to be one unit's, of one template."""
    return Submission(delivery(file, *tables, day=day), unit, of, "2026-11", None, tables)


def consolidate_grid(of: Template, sent: Sequence[Submission]) -> Statistics:
    """A statistics form's round on an ordinary day."""
    return statistics.consolidate_grid(of, sent, Setting(TODAY, TODAY))
