"""Where a report's cell came from: the record or figures behind it, what their units wrote, what lost, and why rows were joined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl
from python_calamine import CalamineWorkbook

from reportkit.doubts import placed
from reportkit.errors import DiskError, UsageError
from reportkit.intake import Arrival, Source, take_in
from reportkit.sheets import number, text
from reportkit.workspace import INBOX, OUTBOX
from reportkit.writers.stamp import stamp_in

_CELL = re.compile(r"(?:(?P<sheet>.+)!)?\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9]\d{0,6})")
#: So many source files are opened for what stands in them.
_OPENED = 20


@dataclass(frozen=True, slots=True)
class Origin:
    """A unit's cell: ``written`` None where the file is no longer there; ``kept``: the report's row stands for this one."""

    file: str
    sheet: str
    cell: str
    written: str | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that lost to the one chosen, and the rule."""

    chosen: str
    chosen_from: str
    other: str
    other_from: str
    rule: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Two rows that were joined: how sure (0–1), the weight in bits ("" where unknown), and why in words."""

    left: str
    right: str
    probability: str
    weight: str
    why: str


@dataclass(frozen=True, slots=True)
class Trace:
    """All that is known of a report's cell; ``cluster_id`` "" for a figure of a statistics form."""

    report: str
    sheet: str
    cell: str
    value: str
    field: str
    cluster_id: str
    origins: tuple[Origin, ...]
    lost: tuple[Lost, ...] = ()
    links: tuple[Joined, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A cell of a report, and the folder of its evidence."""

    report: Path
    folder: Path
    sheet: str
    column: str
    row: int

    @property
    def cell(self) -> str:
        return f"{self.column}{self.row}"

    @property
    def inbox(self) -> Path:
        """Where the files that evidence names lie."""
        outbox = self.report.resolve().parent.parent
        return outbox.parent / INBOX if outbox.name == OUTBOX else Path()

    def table(self, name: str, **equal: str) -> pl.DataFrame:
        """Lines of an evidence file whose columns hold these texts; none where the file is absent."""
        path = self.folder / name
        if not path.is_file():
            return pl.DataFrame(schema=dict.fromkeys(equal, pl.String))
        lines = pl.scan_csv(path, infer_schema=False).with_columns(pl.all().fill_null(""))
        return lines.filter(*(pl.col(column) == value for column, value in equal.items())).collect()


def trace(report: Path, cell: str, evidence: Path | None = None) -> Trace:
    """Where the value of a report's cell (``D7``, ``表!D7``) came from. ``evidence``: its folder, where it does not lie beside the report.

    Raises:
        UsageError: no report of ours, no evidence for it, no such cell, or a cell of no record.
        DiskError: the report cannot be read.
    """
    content = _content(report)
    template = stamp_in(content).get("reportkit.report")
    if not template:
        raise UsageError("trace-not-ours", path=report)
    found = _CELL.fullmatch(cell.strip())
    if not found:
        raise UsageError("trace-cell-wrong", cell=cell)
    folder = _evidence(report, template, evidence)
    places = pl.read_csv(folder / "places.csv", infer_schema=False).with_columns(pl.all().fill_null(""))
    sheet = found["sheet"] or places["sheet"].first() or ""
    asked = _Asked(report, folder, str(sheet).strip("'"), found["column"].upper(), int(found["row"]))
    value = _value(content, asked)
    mine = places.filter(pl.col("sheet") == asked.sheet)
    if (figure := mine.filter(row=str(asked.row), column=asked.column)).height:
        return _figure(asked, value, str(figure["field"][0]))
    columns, rows = mine.filter(row="", column=asked.column), mine.filter(row=str(asked.row), column="")
    if not columns.height or not rows.height:
        raise UsageError("trace-no-record", cell=asked.cell, sheet=asked.sheet)
    return _record(asked, value, str(columns["field"][0]), str(rows["cluster_id"][0]))


def _content(report: Path) -> bytes:
    try:
        return report.read_bytes()
    except OSError as error:
        raise DiskError("cannot-read", path=report, why=error.strerror or error) from error


def _evidence(report: Path, template: str, given: Path | None) -> Path:
    """The folder that holds the report's evidence."""
    folders = [given, given / template, given / report.stem] if given else [report.parent / "evidence" / template]
    found = next((folder for folder in folders if (folder / "places.csv").is_file()), None)
    if found is None:
        raise UsageError("trace-no-evidence", path=report, folder=folders[0])
    return found


def _value(content: bytes, asked: _Asked) -> str:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    if asked.sheet not in book.sheet_names:
        raise UsageError("trace-no-sheet", sheet=asked.sheet, known="、".join(book.sheet_names))
    rows = book.get_sheet_by_name(asked.sheet).to_python(skip_empty_area=False)
    at = number(asked.column) - 1
    if asked.row > len(rows) or at >= max(map(len, rows)):
        raise UsageError("trace-no-cell", cell=asked.cell, sheet=asked.sheet)
    line = rows[asked.row - 1]
    return text(line[at]) if at < len(line) else ""


# -- statistics forms ---------------------------------------------------------------------------------------


def _figure(asked: _Asked, value: str, field: str) -> Trace:
    lines = asked.table("figures.csv", cell=field)
    origins = [
        Origin(one["file"], one["sheet"], f"{one['column']}{one['row']}", one["written"], one["counted"] == "1")
        for one in lines.iter_rows(named=True)
    ]
    return Trace(str(asked.report), asked.sheet, asked.cell, value, field, "", tuple(origins))


# -- lists --------------------------------------------------------------------------------------------------


def _record(asked: _Asked, value: str, field: str, cluster: str) -> Trace:
    rows = asked.table("records.csv", cluster_id=cluster)
    lost = [
        Lost(one["chosen"], placed(one["chosen_from"]), one["other"], placed(one["other_from"]), one["rule"])
        for one in asked.table("conflicts.csv", cluster_id=cluster, field=field).iter_rows(named=True)
    ]
    origins = _origins(asked, rows, field)
    return Trace(str(asked.report), asked.sheet, asked.cell, value, field, cluster, origins, tuple(lost), _links(asked, rows))


def _origins(asked: _Asked, rows: pl.DataFrame, field: str) -> tuple[Origin, ...]:
    """What each row's unit wrote, read from its file."""
    letters = {(one["file"], one["sheet"]): one["column"] for one in asked.table("fields.csv", field=field).iter_rows(named=True)}
    files = list(dict.fromkeys(rows["file"]))[:_OPENED]
    books = {one.file: one for one in take_in([Source(asked.inbox / file, file) for file in files]) if isinstance(one, Arrival)}
    return tuple(_origin(one, letters.get((one["file"], one["sheet"]), ""), books) for one in rows.iter_rows(named=True))


def _origin(row: Mapping[str, str], column: str, books: Mapping[str, Arrival]) -> Origin:
    cell = f"{column}{row['row']}" if column else row["row"]
    written = _written(books[row["file"]], row, column) if row["file"] in books else None
    return Origin(row["file"], row["sheet"], cell, written, row["kept"] == "1")


def _written(book: Arrival, row: Mapping[str, str], column: str) -> str | None:
    """What stands in a row's column; "" where the file has no such column; None where the row is gone."""
    for sheet in book.sheets:
        for table in sheet.tables:
            line = table.body.filter(pl.col("_row") == int(row["row"])) if table.sheet == row["sheet"] else table.body.clear()
            if line.height:
                return str(line[column][0] or "") if column in line.columns else ""
    return None


def _links(asked: _Asked, rows: pl.DataFrame) -> tuple[Joined, ...]:
    if rows.height < 2:
        return ()
    address = ["file", "sheet", "row"]
    links = asked.table("links.csv", joined="1")
    mine = links.join(rows.select(address), on=address, how="semi", maintain_order="left") if links.height else links
    return tuple(
        Joined(_at(one, ""), _at(one, "other_"), one["probability"], one["weight"], one["why"])
        for one in mine.iter_rows(named=True)
    )


def _at(one: Mapping[str, str], side: str) -> str:
    return placed("|".join(one[f"{side}{name}"] for name in ("file", "sheet", "row")))
