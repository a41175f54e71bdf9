"""Where a report's cell came from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desk import Desk, person
from openpyxl import Workbook, load_workbook

PEOPLE = [person(n) for n in range(30)]
REPORT = "ws/outbox/2026-11/困难群众补助花名册.xlsx"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two villages name one person with two phones; the report is made."""
    desk = Desk(tmp_path_factory.mktemp("office"))
    desk.found()
    again = (PEOPLE[4][0], PEOPLE[4][1], "13911112222", *PEOPLE[4][3:])
    desk.workbook("ws/inbox/2026-11/甲村/甲村.xlsx", PEOPLE[:15])
    desk.workbook("ws/inbox/2026-11/乙村/乙村.xlsx", [*PEOPLE[15:], again])
    done = desk.run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31", "--fail-on", "never")
    assert done.status == 0, done.err
    return desk.folder


@pytest.fixture
def office(desk: Desk, reported: Path) -> Desk:
    """A copy of it for each test."""
    shutil.copytree(reported, desk.folder, dirs_exist_ok=True)
    return desk


def cell_of(desk: Desk, report: str, name: str, header: str) -> str:
    """The address of a person's cell in a report."""
    page = load_workbook(desk.folder / report).worksheets[0]
    column = next(cell for row in page.iter_rows() for cell in row if cell.value == header).column_letter
    row = next(cell for row in page.iter_rows() for cell in row if cell.value == name).row
    return f"{column}{row}"


def test_a_cell_says_its_rows_what_lost_the_rule_and_why_they_are_one(office: Desk) -> None:
    cell = cell_of(office, REPORT, str(PEOPLE[4][0]), "联系电话")
    found = office.run("trace", REPORT, cell, "--show-values", "--json").document
    assert (found["field"], found["cell"]) == ("联系电话", cell)
    origins = {one["written"]: one for one in found["origins"]}  # type: ignore[union-attr, index, call-overload]
    assert set(origins) == {PEOPLE[4][2], "13911112222"}
    assert sorted(one["kept"] for one in origins.values()) == [False, True]
    assert origins[PEOPLE[4][2]]["cell"] == "D7"
    assert origins[PEOPLE[4][2]]["file"] == "2026-11/甲村/甲村.xlsx"
    (lost,) = found["lost"]  # type: ignore[misc]
    assert {lost["chosen"], lost["other"]} == set(origins)  # type: ignore[index]
    assert lost["chosen"] == found["value"]  # type: ignore[index]
    (link,) = found["links"]  # type: ignore[misc]
    assert float(link["probability"]) > 0.9  # type: ignore[index]


def test_people_read_sentences_and_numbers_are_masked_unless_asked_for(office: Desk) -> None:
    cell = cell_of(office, REPORT, str(PEOPLE[4][0]), "身份证号")
    told = office.run("trace", REPORT, cell)
    assert told.status == 0, told.err
    assert "来自 2 行" in told.out
    assert "为什么是同一个" in told.out
    assert str(PEOPLE[4][1]) not in told.out
    assert str(PEOPLE[4][1]) in office.run("trace", REPORT, f"困难群众补助花名册.xlsx!{cell}".split("!")[-1], "--show-values").out
    assert str(PEOPLE[4][1]) not in office.run("trace", REPORT, cell, "--json").out
    assert "from 2 rows" in office.run("trace", REPORT, cell, "--lang", "en").out


def test_a_file_that_is_gone_is_said_to_be_gone(office: Desk) -> None:
    cell = cell_of(office, REPORT, str(PEOPLE[4][0]), "联系电话")
    (office.folder / "ws/inbox/2026-11/乙村/乙村.xlsx").unlink()
    assert "已不在" in office.run("trace", REPORT, cell).out


def test_a_merged_report_is_traced_by_its_evidence_folder(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", PEOPLE[:10])
    desk.workbook("in/b.xlsx", PEOPLE[5:15])
    desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "e")
    cell = cell_of(desk, "out.xlsx", str(PEOPLE[6][0]), "家庭住址")
    found = desk.run("trace", "out.xlsx", cell, "--evidence", "e", "--json").document
    assert [one["written"] for one in found["origins"]] == [PEOPLE[6][3]] * 2  # type: ignore[attr-defined]
    assert desk.run("trace", "out.xlsx", cell, "--json").document["error"] == "trace-no-evidence"


def test_a_figure_of_a_statistics_form_names_every_units_cell(desk: Desk) -> None:
    desk.run("init", "ws")
    lines = ["code,name,level,parent,aliases", "1,甲镇,township,,", "11,甲村,village,1,", "12,乙村,village,1,"]
    (desk.folder / "ws/units.csv").write_text("\n".join(lines), encoding="utf-8")
    figures(desk, "表样/热线.xlsx", None)
    desk.run("template", "new", "表样/热线.xlsx", "--into", "ws/templates")
    for village, number in (("甲村", 3), ("乙村", 40)):
        figures(desk, f"ws/inbox/2026-11/{village}/热线.xlsx", number)
    desk.run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31", "--fail-on", "never")
    found = desk.run("trace", "ws/outbox/2026-11/热线办理情况统计表.xlsx", "B3", "--json").document
    assert found["value"] == "43"
    assert sorted((one["written"], one["kept"]) for one in found["origins"]) == [("3", True), ("40", True)]  # type: ignore[attr-defined]


def figures(desk: Desk, name: str, number: int | None) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["热线办理情况统计表"])
    page.append(["项目", "受理数(件)", "办结数(件)"])
    for label in ("咨询", "投诉", "求助", "建议"):
        page.append([label, number, number])
    path = desk.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("D", "trace-cell-wrong"),
        ("D9999", "trace-no-cell"),
        ("ZZ5", "trace-no-cell"),
        ("A1", "trace-no-record"),
        ("没有!D5", "trace-no-sheet"),
    ],
)
def test_what_is_no_cell_of_a_record_is_said_to_be_none(office: Desk, cell: str, code: str) -> None:
    done = office.run("trace", REPORT, cell, "--json")
    assert (done.status, done.document["error"]) == (2, code)


def test_what_is_no_report_of_ours_is_refused(office: Desk) -> None:
    assert office.run("trace", "ws/inbox/2026-11/甲村/甲村.xlsx", "C5", "--json").document["error"] == "trace-not-ours"
    assert office.run("trace", "absent.xlsx", "C5").status == 74
