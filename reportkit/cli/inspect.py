"""``inspect``: what was found in each sheet, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from reportkit.cli.console import FACE
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.sheets import Role, SheetTables, Table, letter
from reportkit.summary import HARMLESS

if TYPE_CHECKING:
    from reportkit.intake import Refused

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
    force: Annotated[bool, typer.Option("--force", help="overwrite the CSV · 覆盖")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
) -> int:
    """Show the tables found in each sheet · 查看识别到的表格.

    \b
    Example · 例:
      reportkit inspect 报送/ -o tables.csv
    """
    if out is not None and out.exists() and not force:
        raise UsageError("exists", path=out)
    lines, refused = _look(paths)
    numbers = COLUMNS[3:9]
    frame = pl.DataFrame(lines, schema={name: pl.Int64 if name in numbers else pl.String for name in COLUMNS}, orient="row")
    if out is not None and not dry_run:
        _save(out, frame)
    FACE.document({"tables": frame.to_dicts(), "dry_run": dry_run})
    _show(frame)
    if out is not None:
        FACE.line("dry-run" if dry_run else "inspect-written", path=out)
    return ExitStatus.DONE if refused <= HARMLESS else ExitStatus.PARTIAL


def _look(paths: list[Path]) -> tuple[list[tuple[object, ...]], set[str]]:
    """A line a table or file, and the codes of what could not be read."""
    from reportkit.intake import Arrival, discover, take_in

    absent = next((path for path in paths if not path.exists()), None)
    if absent is not None:
        raise NoInputError("no-input", path=absent)
    found = discover(paths)
    if not found.sources:
        raise NoInputError("no-input", path=", ".join(map(str, paths)))
    lines: list[tuple[object, ...]] = []
    refused: set[str] = set()
    for one in take_in(found.sources):
        if isinstance(one, Arrival):
            lines += [line for sheet in one.sheets for line in _sheet(one.file, sheet)]
        else:
            refused.add(one.code)
            lines.append(_refused(one))
    return lines, refused


def _refused(one: Refused) -> tuple[object, ...]:
    return (one.file, "", "unreadable", *[None] * 6, "", "", "", one.code)


def _save(out: Path, frame: pl.DataFrame) -> None:
    from reportkit.outbox import staged_file
    from reportkit.writers.csv_text import write_csv

    with staged_file(out) as fresh:
        write_csv(fresh, frame)


def _sheet(file: str, sheet: SheetTables) -> list[tuple[object, ...]]:
    if not sheet.tables:
        return [(file, sheet.sheet, "none", *[None] * 6, "", "", "", "no table" if sheet.visible else "no table; hidden sheet")]
    return [_table(file, table) for table in sheet.tables]


def _table(file: str, table: Table) -> tuple[object, ...]:
    from reportkit.grids import looks_like_grid

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
    """Three lines a table: where it is, what its columns are, what was decided about it."""
    if FACE.quiet or FACE.as_json:
        return
    for line in frame.iter_rows(named=True):
        where = f"{line['file']} [{line['sheet']}]" if line["sheet"] else line["file"]
        if line["kind"] in ("list", "grid"):
            _show_table(where, line)
        elif line["kind"] == "unreadable":
            FACE.line("inspect-refused", where=where, why=FACE.reason(line["note"]), code=line["note"])
        else:
            FACE.line("inspect-none" if line["note"] == "no table" else "inspect-none-hidden", where=where)


def _show_table(where: str, line: dict[str, Any]) -> None:
    rows = "inspect-rows" if line["data_first"] else "inspect-no-rows"
    columns = f"{letter(line['first_col'])}–{letter(line['last_col'])}"
    facts = line | {"kind": FACE.say(f"kind-{line['kind']}"), "rows": FACE.say(rows, **line), "columns": columns, "where": where}
    FACE.line("inspect-table", **facts)
    FACE.line("inspect-fields", fields=line["fields"].replace("|", " | "))
    if line["totals"]:
        FACE.line("inspect-totals", rows=line["totals"].replace("|", ", "))
    if line["note"]:
        FACE.line("inspect-note", note="; ".join(map(_note, line["note"].split("; "))))


def _note(text: str) -> str:
    """A note in the reader's language, where the catalogue has it."""
    return FACE.say("hidden-sheet") if text == "hidden sheet" else text
