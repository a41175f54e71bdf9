"""Whatever lies in the folder: it is named, the rest is still consolidated."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from desk import HEADER, Desk, person
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

GOOD = [person(n) for n in range(6)]


def merged(desk: Desk, code: str) -> list[dict[str, str]]:
    """Merge a folder with one good file; the rest must be consolidated, and the code must be found."""
    desk.workbook("in/good.xlsx", GOOD)
    done = desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    assert done.status == 3, done.err
    assert len(desk.table("evidence/records.csv")) == len(GOOD)
    found = [line for line in desk.table("evidence/findings.csv") if line["code"] == code]
    assert found, [line["code"] for line in desk.table("evidence/findings.csv")]
    return found


def test_an_empty_file(desk: Desk) -> None:
    desk.file("in/bad.xlsx", b"")
    assert merged(desk, "file-empty")[0]["file"] == "in/bad.xlsx"


def test_words_under_a_workbooks_name(desk: Desk) -> None:
    desk.file("in/bad.xlsx", "登录超时，请重新下载".encode("gb18030"))
    assert merged(desk, "file-not-a-workbook")


def test_a_file_cut_in_the_middle(desk: Desk) -> None:
    whole = desk.workbook("whole.xlsx", GOOD).read_bytes()
    desk.file("in/bad.xlsx", whole[: len(whole) // 2])
    assert merged(desk, "file-truncated")


def test_a_file_behind_a_password(desk: Desk) -> None:
    whole = desk.workbook("whole.xlsx", GOOD).read_bytes()
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(whole)).encrypt("secret", out)
    desk.file("in/bad.xlsx", out.getvalue())
    assert merged(desk, "file-password")


def test_a_file_only_recommended_to_be_read_opens(desk: Desk) -> None:
    whole = desk.workbook("whole.xlsx", GOOD).read_bytes()
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(whole)).encrypt("VelvetSweatshop", out)
    desk.file("in/open.xlsx", out.getvalue())
    done = desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    assert done.status == 0
    assert len(desk.table("evidence/records.csv")) == len(GOOD)


def test_a_wrong_extension_is_looked_through(desk: Desk) -> None:
    desk.workbook("whole.xlsx", GOOD).rename(desk.folder / "whole.xls")
    desk.file("in/book.xls", (desk.folder / "whole.xls").read_bytes())
    desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    assert len(desk.table("evidence/records.csv")) == len(GOOD)
    assert [line["code"] for line in desk.table("evidence/findings.csv")] == ["file-extension"]


def test_a_workbook_without_a_table(desk: Desk) -> None:
    book = Workbook()
    book.active["A1"] = "请于周五前报送"  # type: ignore[index]
    (desk.folder / "in").mkdir()
    book.save(desk.folder / "in/note.xlsx")
    assert merged(desk, "no-table")[0]["sheet"] == "Sheet"


def test_a_header_without_rows_makes_no_record_and_no_failure(desk: Desk) -> None:
    desk.workbook("in/good.xlsx", GOOD)
    desk.workbook("in/none.xlsx", [])
    done = desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    assert done.status in (0, 3)
    assert {line["file"] for line in desk.table("evidence/records.csv")} == {"in/good.xlsx"}


def test_two_tables_in_a_sheet_are_both_read(desk: Desk) -> None:
    book = load_workbook(desk.workbook("two.xlsx", GOOD[:3]))
    sheet = book.active
    assert sheet is not None
    sheet.append([])
    sheet.append([])
    sheet.append(list(HEADER))
    for at, row in enumerate(GOOD[3:], 1):
        sheet.append([at, *row])
    (desk.folder / "in").mkdir()
    book.save(desk.folder / "in/two.xlsx")
    desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    assert len(desk.table("evidence/records.csv")) == len(GOOD)


def test_a_cell_at_the_end_of_the_world_leaves_the_rest_readable(desk: Desk) -> None:
    book = load_workbook(desk.workbook("far.xlsx", GOOD))
    book.active["XFD1048576"] = "x"  # type: ignore[index]
    (desk.folder / "in").mkdir()
    book.save(desk.folder / "in/far.xlsx")
    desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    assert len(desk.table("evidence/records.csv")) == len(GOOD)
    assert "far-cell" in {line["code"] for line in desk.table("evidence/findings.csv")}


def test_a_gibibyte_of_zeros_is_refused_before_it_is_unpacked(desk: Desk) -> None:
    whole = desk.workbook("whole.xlsx", GOOD).read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if "sheet1.xml" not in name:
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            zeros = bytes(1 << 24)
            for _ in range(64):
                part.write(zeros)
    desk.file("in/bomb.xlsx", out.getvalue())
    assert merged(desk, "file-too-large")


def test_a_formula_as_text_never_runs(desk: Desk) -> None:
    row = list(GOOD[0])
    row[0], row[3] = "=HYPERLINK(1)", "=1+1"
    book = load_workbook(desk.workbook("formula.xlsx", [GOOD[1], GOOD[2], GOOD[3], row]))
    sheet = book.active
    assert sheet is not None
    for column in ("B", "E"):
        sheet[f"{column}6"].data_type = "s"
    (desk.folder / "in").mkdir()
    book.save(desk.folder / "in/formula.xlsx")
    desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    report = load_workbook(desk.folder / "out.xlsx").worksheets[0]
    cells = [cell for line in report.iter_rows() for cell in line if cell.value == "=1+1"]
    assert len(cells) == 1
    assert cells[0].data_type == "s" or cells[0].data_type == "inlineStr"


def test_an_unknown_template_is_wrong_usage(desk: Desk) -> None:
    desk.workbook("in/good.xlsx", GOOD)
    done = desk.run("merge", "in", "--template", "no-such-form")
    assert done.status == 2
    assert "no-such-form" in done.err


def test_an_unknown_unit_is_a_finding_and_its_rows_are_in_the_report(desk: Desk) -> None:
    blank = desk.workbook("补助.xlsx", [])
    assert desk.run("init", "ws").status == 0
    assert desk.run("template", "new", str(blank), "--into", "ws/templates").status == 0
    desk.file("ws/units.csv", "code,name,level,parent,aliases\n1,东城区,district,,\n11,前岭镇,township,1,\n".encode())
    desk.workbook("ws/inbox/某镇/补助.xlsx", GOOD)
    done = desk.run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31")
    assert done.status in (0, 1)
    assert len(desk.table("ws/outbox/2026-11/evidence/补助/records.csv")) == len(GOOD)
    assert "unit-unknown" in {line["code"] for line in desk.table("ws/outbox/2026-11/evidence/补助/findings.csv")}


FIRMS = ("序号", "企业名称", "统一社会信用代码", "法定代表人", "经营地址", "从业人数")


def workspace(desk: Desk) -> None:
    """A township, and the forms 补助 and 企业."""
    desk.run("init", "ws")
    for name, header, title in (("补助", HEADER, "困难群众补助花名册"), ("企业", FIRMS, "辖区企业基本情况表")):
        desk.run("template", "new", str(desk.workbook(f"{name}.xlsx", [], header, title)), "--into", "ws/templates")
    desk.file("ws/units.csv", "code,name,level,parent,aliases\n11,前岭镇,township,,\n".encode())


@pytest.mark.parametrize("where", ["another sheet", "below", "beside"])
def test_rows_of_two_templates_in_one_workbook_go_to_their_own_reports(desk: Desk, where: str) -> None:
    workspace(desk)
    book = load_workbook(desk.workbook("both.xlsx", GOOD))
    sheet = book.create_sheet("企业") if where == "another sheet" else book.worksheets[0]
    top, left = {"another sheet": (1, 1), "below": (len(GOOD) + 5, 1), "beside": (1, len(HEADER) + 2)}[where]
    firms = [(at + 1, f"前岭第{at}食品有限公司", "91350100M000100Y43", "王芳甲", f"前岭村{at}号", 10 + at) for at in range(4)]
    for row, line in enumerate([("辖区企业基本情况表",), FIRMS, *firms], top):
        for column, value in enumerate(line, left):
            sheet.cell(row, column, value)
    (desk.folder / "ws/inbox/前岭镇").mkdir()
    book.save(desk.folder / "ws/inbox/前岭镇/两张表.xlsx")
    desk.run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31")
    evidence = Path("ws/outbox/2026-11/evidence")
    assert len(desk.table(str(evidence / "补助/records.csv"))) == len(GOOD)
    assert len(desk.table(str(evidence / "企业/records.csv"))) == 4


def test_a_form_that_no_template_knows_is_set_aside_by_name_and_the_rest_is_consolidated(desk: Desk) -> None:
    workspace(desk)
    desk.workbook("ws/inbox/前岭镇/补助.xlsx", GOOD)
    header = ("河段", "巡河人", "水质", "垃圾(吨)")
    desk.workbook("ws/inbox/前岭镇/巡河.xlsx", [("东河", "李强甲", "三类", 2)] * 3, header, "巡河记录")
    done = desk.run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31")
    assert done.status == 3
    assert "巡河.xlsx" in done.out
    (found,) = desk.table("ws/outbox/2026-11/evidence/set-aside/findings.csv")
    assert (found["code"], found["file"]) == ("template-unknown", "前岭镇/巡河.xlsx")
    assert len(desk.table("ws/outbox/2026-11/evidence/补助/records.csv")) == len(GOOD)


@pytest.mark.parametrize("font", [Font(bold=True)])
def test_an_identity_number_that_excel_rounded_is_a_finding_not_a_guess(desk: Desk, font: Font) -> None:
    row = list(GOOD[0])
    row[1] = float(str(row[1])[:15] + "000")
    book = load_workbook(desk.workbook("rounded.xlsx", [*GOOD[1:], row]))
    assert book.active is not None
    book.active["A1"].font = font
    (desk.folder / "in").mkdir()
    book.save(desk.folder / "in/rounded.xlsx")
    done = desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence")
    assert done.status == 1
    found = [line for line in desk.table("evidence/findings.csv") if line["code"] == "digits-lost"]
    assert [(line["row"], line["column"]) for line in found] == [("8", "C")]


NO_WORKBOOKS = {
    "说明.txt": "请于周五前报送，谢谢。".encode(),
    "README.md": b"# hello",
    "通知.html": b"<html><body>hello</body></html>",
    "通知.docx": b"PK\x03\x04 cut off",
    "通知.pdf": b"%PDF-1.4",
    "包.zip": b"PK\x03\x04 cut off",
    "包.rar": b"Rar!\x1a\x07",
    "README": b"hello",
}


@pytest.mark.parametrize("verb", ["merge", "validate", "inspect"])
def test_documents_and_archives_are_named_and_make_nothing_partial(desk: Desk, verb: str) -> None:
    desk.workbook("in/good.xlsx", GOOD)
    for name, content in NO_WORKBOOKS.items():
        desk.file(f"in/{name}", content)
    done = desk.run(verb, "in")
    assert done.status == 0
    assert [name for name in NO_WORKBOOKS if name not in done.out] == []


def test_what_systems_and_programs_leave_behind_is_passed_over_and_counted(desk: Desk) -> None:
    desk.workbook("in/good.xlsx", GOOD)
    left = ("a.lnk", "a.url", "a.xlsx.tmp", "a.bak", "ehthumbs.db", "Icon\r", "Thumbs.db")
    for name in left:
        desk.file(f"in/{name}", b"x")
    desk.file("in/received.csv", b"file,received_at\n")
    done = desk.run("merge", "in", "--json")
    assert done.status == 0
    assert done.document["skipped"] == len(left)


@pytest.mark.skipif(sys.platform != "linux", reason="names of other systems are Unicode")
@pytest.mark.parametrize(("raw", "shown"), [("前岭村".encode("gb18030"), "前岭村"), (b"\xff\xfe", "\\xff\\xfe")])
def test_a_files_name_in_any_encoding_is_read_and_told(desk: Desk, raw: bytes, shown: str) -> None:
    whole = desk.workbook("whole.xlsx", GOOD).read_bytes()
    desk.workbook("in/good.xlsx", [person(n) for n in range(20, 30)])
    for name, content in ((raw, whole), (raw + b"-2", b"")):
        with open(os.fsencode(desk.folder / "in") + b"/" + name + b".xlsx", "wb") as file:  # noqa: PTH123 - a name that is no text
            file.write(content)
    done = desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence", "--json")
    assert done.status == 3
    assert done.document["set_aside"][0]["file"] == f"in/{shown}-2.xlsx"  # type: ignore[index]
    assert f"in/{shown}.xlsx" in {line["file"] for line in desk.table("evidence/records.csv")}
    assert desk.run("inspect", "in", "-o", "t.csv").status == 3
    assert desk.run("validate", "in").status == 3
