"""Laws that every round keeps."""

from __future__ import annotations

from desk import Desk, person
from openpyxl import load_workbook


def villages(desk: Desk, number: int = 3) -> None:
    for village in range(number):
        rows = [person(n) for n in range(village * 4, village * 4 + 6)]
        desk.workbook(f"in/第{village}村.xlsx", rows)


def test_the_same_input_gives_the_same_bytes(desk: Desk) -> None:
    villages(desk)
    for out in ("a", "b"):
        desk.run("merge", "in", "-o", f"{out}.xlsx", "--evidence", out, "--as-of", "2026-11-30")
    assert (desk.folder / "a.xlsx").read_bytes() == (desk.folder / "b.xlsx").read_bytes()
    for name in ("records", "fields", "findings", "changes", "conflicts", "unmapped"):
        assert (desk.folder / f"a/{name}.csv").read_bytes() == (desk.folder / f"b/{name}.csv").read_bytes()


def test_every_row_is_reported_or_merged(desk: Desk) -> None:
    villages(desk)
    desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "e")
    records = desk.table("e/records.csv")
    assert len(records) == 18
    clusters = {line["cluster_id"] for line in records}
    assert sum(line["kept"] == "1" for line in records) == len(clusters) == 14
    sheet = load_workbook(desk.folder / "out.xlsx").worksheets[0]
    numbers = [row[0] for row in sheet.iter_rows(min_col=1, max_col=1, values_only=True) if isinstance(row[0], int)]
    assert numbers == list(range(1, 15))


def test_the_order_of_files_is_irrelevant(desk: Desk) -> None:
    villages(desk)
    names = [f"in/第{n}村.xlsx" for n in range(3)]
    desk.run("merge", *names, "-o", "a.xlsx")
    desk.run("merge", *reversed(names), "-o", "b.xlsx")
    assert (desk.folder / "a.xlsx").read_bytes() == (desk.folder / "b.xlsx").read_bytes()


def test_a_report_is_never_read_as_input(desk: Desk) -> None:
    villages(desk)
    desk.run("merge", "in", "-o", "in/out.xlsx", "--evidence", "a")
    desk.run("merge", "in", "-o", "in/out.xlsx", "--evidence", "b")
    assert len(desk.table("b/records.csv")) == 18


def test_a_foreign_file_is_not_overwritten(desk: Desk) -> None:
    villages(desk)
    foreign = desk.workbook("mine.xlsx", [])
    before = foreign.read_bytes()
    assert desk.run("merge", "in", "-o", "mine.xlsx").status == 2
    assert foreign.read_bytes() == before


def test_inputs_are_never_written_to(desk: Desk) -> None:
    villages(desk)
    before = {path: path.read_bytes() for path in (desk.folder / "in").iterdir()}
    desk.run("merge", "in", "-o", "out.xlsx")
    assert {path: path.read_bytes() for path in (desk.folder / "in").iterdir()} == before


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    villages(desk)
    done = desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "e", "--dry-run")
    assert done.status == 0
    assert sorted(path.name for path in desk.folder.iterdir()) == ["in"]
