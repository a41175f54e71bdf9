from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportkit.intake import Refused, discover, take_in
from reportkit.sheets import SheetTables, Table

SHEETS = Path(__file__).parent.parent / "data" / "sheets"
WORKBOOKS = sorted(path for path in SHEETS.iterdir() if path.suffix in {".xls", ".xlsx"})


def _last_row(table: Table) -> int:
    return max(table.data_last, table.header_last)


@dataclass(frozen=True, slots=True)
class Truth:
    """A line of truth.csv. ``sheet`` is empty for files of one nameless sheet."""

    file: str
    sheet: str
    columns: tuple[int, int]
    header: tuple[int, int]
    data: tuple[int, int]
    fields: tuple[str, ...]

    def shared_cells(self, table: Table) -> int:
        if self.sheet not in {"", table.sheet}:
            return 0
        rows = min(self.data[1], _last_row(table)) - max(self.header[0], table.header_first) + 1
        columns = min(self.columns[1], table.last_column) - max(self.columns[0], table.first_column) + 1
        return max(rows, 0) * max(columns, 0)

    def shared_share(self, table: Table) -> float:
        """Of the cells of either, how many are in both: a table that is much too large is no better than one too small."""
        shared = self.shared_cells(table)
        area = (self.data[1] - self.header[0] + 1) * (self.columns[1] - self.columns[0] + 1)
        given = (_last_row(table) - table.header_first + 1) * (table.last_column - table.first_column + 1)
        return shared / (area + given - shared) if shared else 0.0


def _truths() -> list[Truth]:
    with (SHEETS / "truth.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Truth(
                line["file"],
                line["sheet"],
                (int(line["first_col"]), int(line["last_col"])),
                (int(line["header_first"]), int(line["header_last"])),
                (int(line["data_first"]), int(line["data_last"])),
                tuple(line["fields"].split("|")),
            )
            for line in csv.DictReader(lines)
        ]


TRUTHS = _truths()


def _named(truth: Truth) -> str:
    of_file = [other for other in TRUTHS if other.file == truth.file]
    stem = truth.file.rpartition(".")[0]
    return stem if len(of_file) == 1 else f"{stem}-{of_file.index(truth) + 1}"


each_table = pytest.mark.parametrize("truth", TRUTHS, ids=_named)


@pytest.fixture(scope="session")
def sheets_of() -> dict[str, tuple[SheetTables, ...]]:
    """All workbooks, read once; without sheets those that could not be read."""
    taken = take_in(discover(WORKBOOKS, root=SHEETS).sources)
    return {one.file: () if isinstance(one, Refused) else tuple(one.sheets) for one in taken}


@pytest.fixture
def table(truth: Truth, sheets_of: dict[str, tuple[SheetTables, ...]]) -> Table:
    found = [table for sheet in sheets_of[truth.file] for table in sheet.tables if truth.shared_cells(table)]
    assert found, f"no table where one is expected: rows {truth.header[0]}-{truth.data[1]} of {truth.sheet or 'its only sheet'}"
    return max(found, key=truth.shared_share)


@each_table
def test_header_rows_are_those_a_person_sees(truth: Truth, table: Table) -> None:
    assert (table.header_first, table.header_last) == truth.header


@each_table
def test_data_runs_from_the_first_to_the_last_record(truth: Truth, table: Table) -> None:
    assert (table.data_first, table.data_last) == truth.data


@each_table
def test_columns_are_those_of_the_table_and_not_what_stands_beside_it(truth: Truth, table: Table) -> None:
    assert (table.first_column, table.last_column) == truth.columns


@each_table
def test_fields_are_named_as_in_the_header(truth: Truth, table: Table) -> None:
    given = ["".join(cell.name.split()) for cell in table.header]
    assert [name for name in given if name] == [name for name in truth.fields if name]


@pytest.mark.parametrize("file", [path.name for path in WORKBOOKS], ids=lambda file: file.rpartition(".")[0])
def test_there_are_as_many_tables_as_a_person_counts(file: str, sheets_of: dict[str, tuple[SheetTables, ...]]) -> None:
    given = [
        (table.sheet, table.header_first, table.first_column)
        for sheet in sheets_of[file]
        if sheet.visible
        for table in sheet.tables
    ]
    assert len(given) == sum(truth.file == file for truth in TRUTHS), given
