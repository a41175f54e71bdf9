"""A workbook's parts: what nobody touches leaves as it came."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from workbooks import parts_of, saved, with_parts, zipped

from reportkit.writers.package import LINKS, Package, is_workbook, q

SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c>'
    b"</row></sheetData></worksheet>"
)


def workbook(*names: str) -> bytes:
    book = Workbook()
    book.active.title = names[0]
    for name in names[1:]:
        book.create_sheet(name)
    return saved(book)


def rewritten(folder: Path, package: Package) -> Path:
    package.write(folder / "out.xlsx")
    return folder / "out.xlsx"


def test_every_part_comes_back_byte_for_byte(tmp_path: Path) -> None:
    data = with_parts(workbook("表"), {"xl/media/印章.png": b"\x89PNG", "customXml/item1.xml": "<a/>"})
    old = parts_of(data)
    new = parts_of(rewritten(tmp_path, Package(data)).read_bytes())
    assert {name for name in old if old[name] != new[name]} <= {"[Content_Types].xml"}
    assert set(old) == set(new)


def test_the_list_of_types_comes_first_and_no_clock_stands_in_the_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(rewritten(tmp_path, Package(workbook("表")))) as package:
        assert package.namelist()[0] == "[Content_Types].xml"
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_macros_and_the_order_of_calculation_stay_behind(tmp_path: Path) -> None:
    data = with_parts(
        workbook("表"), {"xl/vbaProject.bin": b"x", "xl/vbaProjectSignature.bin": b"x", "xl/calcChain.xml": "<calcChain/>"}
    )
    macro = parts_of(data)["[Content_Types].xml"].decode().replace("sheet.main+xml", "sheet.macroEnabled.main+xml")
    links = parts_of(data)["xl/_rels/workbook.xml.rels"].decode()
    chain = f'<Relationship Id="rId77" Type="{LINKS}/calcChain" Target="calcChain.xml"/></Relationships>'
    data = with_parts(
        data,
        {"[Content_Types].xml": macro, "xl/_rels/workbook.xml.rels": links.replace("</Relationships>", chain)},
    )
    parts = parts_of(rewritten(tmp_path, Package(data)).read_bytes())
    assert not [name for name in parts if "vba" in name or "calcChain" in name]
    assert b"calcChain" not in parts["xl/_rels/workbook.xml.rels"]
    assert b"macroEnabled" not in parts["[Content_Types].xml"]
    assert load_workbook(tmp_path / "out.xlsx").sheetnames == ["表"]


def test_sheets_are_found_by_name_in_their_order_whatever_their_parts_are_called() -> None:
    package = Package(workbook("乙", "甲"))
    assert list(package.sheets()) == ["乙", "甲"]
    assert all(part in package.parts for part in package.sheets().values())


def test_an_appended_sheet_comes_last_and_gets_a_number_where_its_name_is_taken(tmp_path: Path) -> None:
    package = Package(workbook("来源", "表"))
    for _ in range(2):
        package.append_sheet("来源", SHEET)
    book = load_workbook(rewritten(tmp_path, package))
    assert book.sheetnames == ["来源", "表", "来源(2)", "来源(3)"]
    assert book["来源(3)"]["A1"].value == "x"


def test_a_streamed_part_takes_the_place_of_its_own(tmp_path: Path) -> None:
    package = Package(workbook("表"))
    package.write(tmp_path / "out.xlsx", {package.sheets()["表"]: [SHEET[:40], SHEET[40:]]})
    assert load_workbook(tmp_path / "out.xlsx")["表"]["A1"].value == "x"


def test_relations_and_types_are_added_once() -> None:
    package = Package(workbook("表"))
    links = {package.relate("xl/workbook.xml", f"{LINKS}/a", f"xl/a{n}.xml") for n in range(3)}
    assert len(links) == 3
    assert package.related("xl/workbook.xml", "/a") == ["xl/a0.xml", "xl/a1.xml", "xl/a2.xml"]
    for _ in range(2):
        package.default_type("vml", "x")
    assert package.parts["[Content_Types].xml"].count(b'Extension="vml"') == 1


def test_a_part_with_a_prefix_is_read_without_one() -> None:
    package = Package(workbook("表"))
    package.parts["x.xml"] = (
        b'<x:a xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:y="y" y:k="1"><x:b/></x:a>'
    )
    tree = package.tree("x.xml")
    assert tree.find(q("b")) is not None
    package.put("x.xml", tree)
    assert b"<b/>" in package.parts["x.xml"]
    assert b'y:k="1"' in package.parts["x.xml"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", zipped({"xl/workbook.xml": "<a/>"}), zipped({"a.txt": "x"})])
def test_what_no_report_can_be_written_into_is_no_workbook(data: bytes) -> None:
    assert not is_workbook(data)


def test_a_workbook_is_one() -> None:
    assert is_workbook(workbook("表"))
