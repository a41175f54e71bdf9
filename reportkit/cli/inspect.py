"""``inspect``: what was found in each sheet, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from reportkit.cli.console import FACE
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.grids import looks_like_grid
from reportkit.intake import Refused, discover, take_in
from reportkit.outbox import staged_file
from reportkit.sheets import Role, SheetTables, Table
from reportkit.writers.csv_text import write_csv

COLUMNS = (
    "file", "sheet", "kind", "first_col", "last_col", "header_first", "header_last",
    "data_first", "data_last", "fields", "totals", "footers", "note",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("inspect")(inspect)


def inspect(
    paths: Annotated[list[Path], typer.Argument(help="workbooks or folders · 文件或文件夹")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="write the lines as CSV · 输出 CSV")] = None,
    force: Annotated[bool, typer.Option(help="overwrite the CSV · 覆盖")] = False,
) -> int:
    """Show the tables found in each sheet · 查看识别到的表格.

    Example: reportkit inspect 报送/ -o tables.csv
    """
    absent = next((path for path in paths if not path.exists()), None)
    if absent is not None:
        raise NoInputError("no-input", path=absent)
    if out is not None and out.exists() and not force:
        raise UsageError("exists", path=out)
    found = discover(paths)
    if not found.sources:
        raise NoInputError("no-input", path=", ".join(map(str, paths)))
    lines: list[tuple[object, ...]] = []
    refused: list[Refused] = []
    for one in take_in(found.sources):
        if isinstance(one, Refused):
            refused.append(one)
            lines.append((one.file, "", "unreadable", *[None] * 6, "", "", "", one.code))
        else:
            lines += [line for sheet in one.sheets for line in _sheet(one.file, sheet)]
    numbers = COLUMNS[3:9]
    frame = pl.DataFrame(lines, schema={name: pl.Int64 if name in numbers else pl.String for name in COLUMNS}, orient="row")
    if out is not None:
        with staged_file(out) as fresh:
            write_csv(fresh, frame)
    FACE.document({"tables": frame.to_dicts()})
    _show(frame)
    return ExitStatus.PARTIAL if refused else ExitStatus.DONE


def _sheet(file: str, sheet: SheetTables) -> list[tuple[object, ...]]:
    if not sheet.tables:
        return [(file, sheet.sheet, "none", *[None] * 6, "", "", "", "no table" if sheet.visible else "no table; hidden sheet")]
    return [_table(file, table) for table in sheet.tables]


def _table(file: str, table: Table) -> tuple[object, ...]:
    kind = "grid" if looks_like_grid(table) else "list"
    fields = "|".join(cell.name for cell in table.header)
    totals = table.aside.filter(table.aside["_role"].is_in([Role.TOTAL, Role.SUBTOTAL, Role.MEAN]))["_row"].to_list()
    footers = sorted({line.row for line in table.below})
    notes = [*table.notes, *([] if table.visible else ["hidden sheet"])]
    place = (
        table.first_column,
        table.last_column,
        table.header_first,
        table.header_last,
        table.data_first or None,
        table.data_last or None,
    )
    return (file, table.sheet, kind, *place, fields, "|".join(map(str, totals)), "|".join(map(str, footers)), "; ".join(notes))


def _show(frame: pl.DataFrame) -> None:
    if FACE.quiet or FACE.as_json:
        return
    for line in frame.iter_rows(named=True):
        if line["kind"] in ("list", "grid"):
            FACE.line(
                "inspect-table",
                **{**line, "kind": FACE.say(f"kind-{line['kind']}"), "fields": line["fields"].replace("|", " | ")},
            )
        else:
            FACE.line("inspect-none", **line)
