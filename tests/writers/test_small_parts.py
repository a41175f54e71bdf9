"""Cells by address, column widths, comments, marks, plain sheets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issued import PIXEL, SHEET, blank, opened, values
from lxml import etree
from openpyxl import Workbook, load_workbook
from workbooks import MAIN, saved, with_parts

from reportkit.readers import read
from reportkit.writers.cells import cell, put_number, put_text, split
from reportkit.writers.comments import Comment, attach, before_the_end
from reportkit.writers.package import Node, Package, q, serialise
from reportkit.writers.stamp import PART, add_stamp, stamp_in
from reportkit.writers.styles import Styles
from reportkit.writers.text_sheet import TextSheet, append
from reportkit.writers.widths import set_width, width


def sheet(inner: str) -> Node:
    return etree.fromstring(f'<worksheet xmlns="{MAIN}">{inner}</worksheet>')


# -- cells --------------------------------------------------------------------------------------------------


@given(st.permutations(["B2", "A2", "AA2", "Z2", "A10", "C1"]))
def test_cells_that_are_made_stand_in_excels_order_whatever_order_they_are_asked_in(order: list[str]) -> None:
    tree = sheet("<sheetData/>")
    for address in order:
        cell(tree, address)
    assert [node.get("r") for node in tree.iter(q("c"))] == ["C1", "A2", "B2", "Z2", "AA2", "A10"]


def test_a_cell_that_is_there_is_found_and_keeps_its_look() -> None:
    tree = sheet('<sheetData><row r="3"><c r="B3" s="7" t="s"><v>0</v></c></row></sheetData>')
    put_text(cell(tree, "B3"), "=1+1\x00")
    found = tree.find(f".//{q('c')}")
    assert (found.get("s"), found.get("t"), "".join(found.itertext())) == ("7", "inlineStr", "=1+1")


def test_a_number_leaves_the_cells_own_formula_and_takes_one_only_where_it_has_none() -> None:
    tree = sheet('<sheetData><row r="1"><c r="A1" t="str"><f>SUM(B1:C1)</f><v>x</v></c></row></sheetData>')
    put_number(cell(tree, "A1"), 0.1 + 0.2, "OTHER()")
    put_number(cell(tree, "B1"), 12345678901.23, "SUM(C1:D1)")
    found = [[*(child.text for child in node), node.get("t")] for node in tree.iter(q("c"))]
    assert found == [["SUM(B1:C1)", "0.3", None], ["SUM(C1:D1)", "12345678901.23", None]]


@pytest.mark.parametrize("address", ["", "A", "1", "a1", "A1:B2", "$A$1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        split(address)


# -- widths -------------------------------------------------------------------------------------------------


def test_one_column_of_a_run_gets_its_own_width_and_its_neighbours_keep_theirs() -> None:
    tree = sheet('<cols><col min="1" max="5" width="10" style="3"/></cols><sheetData/>')
    set_width(tree, 3, 22)
    assert [width(tree, column) for column in range(1, 7)] == [10, 10, 22, 10, 10, 8.43]
    spans = [(node.get("min"), node.get("max"), node.get("style")) for node in tree.iter(q("col"))]
    assert spans == [("1", "2", "3"), ("3", "3", "3"), ("4", "5", "3")]


def test_a_sheet_without_widths_gets_one_before_its_cells() -> None:
    tree = sheet('<sheetFormatPr defaultColWidth="12"/><sheetData/>')
    set_width(tree, 2, 20)
    assert [child.tag for child in tree] == [q("sheetFormatPr"), q("cols"), q("sheetData")]
    assert [width(tree, 1), width(tree, 2)] == [12, 20]


# -- comments -----------------------------------------------------------------------------------------------


def commented(folder: Path, content: bytes, *comments: Comment) -> Path:
    package = Package(content)
    part = package.sheets()[SHEET]
    package.parts[part] = before_the_end(package.parts[part], attach(package, part, comments))
    package.write(folder / "out.xlsx")
    return folder / "out.xlsx"


def test_comments_stand_on_their_cells_beside_the_blanks_pictures(tmp_path: Path) -> None:
    words = "第1行：身份证号校验位不对 <a> & _x0041_\x07"
    path = commented(tmp_path, blank(), Comment("C5", words), Comment("AB12", "其他"))
    found = {cell.coordinate: cell.comment.text for row in opened(path).iter_rows() for cell in row if cell.comment}
    assert found == {"C5": "第1行：身份证号校验位不对 <a> & _x005F_x0041_", "AB12": "其他"}
    package = Package(path.read_bytes())
    assert b"<x:Row>11</x:Row><x:Column>27</x:Column>" in package.parts["xl/drawings/vmlDrawing1.vml"]
    assert package.parts["xl/media/image1.png"] == PIXEL


def test_no_comments_change_nothing() -> None:
    package = Package(blank())
    before = dict(package.parts)
    assert attach(package, package.sheets()[SHEET], []) == b""
    assert package.parts == before


def test_a_blanks_own_comments_stay_and_get_no_company(tmp_path: Path) -> None:
    first = commented(tmp_path, blank(), Comment("C5", "部门说明")).read_bytes()
    package = Package(first)
    assert attach(package, package.sheets()[SHEET], [Comment("B5", "x")]) == b""


@pytest.mark.parametrize("behind", ["<picture/>", '<tableParts count="0"/>', "<extLst/>", ""])
def test_the_comments_drawing_stands_where_the_schema_wants_it(behind: str) -> None:
    tail = f"</sheetData><pageMargins/>{behind}</worksheet>".encode()
    assert before_the_end(tail, b"<legacyDrawing/>") == f"</sheetData><pageMargins/><legacyDrawing/>{behind}</worksheet>".encode()


# -- the program's mark -------------------------------------------------------------------------------------


def stamped(folder: Path, content: bytes, stamp: dict[str, str]) -> bytes:
    package = Package(content)
    add_stamp(package, stamp)
    package.write(folder / "out.xlsx")
    return (folder / "out.xlsx").read_bytes()


def test_a_mark_is_read_back_by_us_and_by_others(tmp_path: Path) -> None:
    stamp = {"reportkit.unit": "11", "reportkit.report": "困难群众<补助>"}
    assert stamp_in(stamped(tmp_path, blank(), stamp)) == stamp
    assert load_workbook(tmp_path / "out.xlsx").custom_doc_props["reportkit.report"].value == "困难群众<补助>"


def test_a_second_mark_takes_the_place_of_the_first(tmp_path: Path) -> None:
    once = stamped(tmp_path, blank(), {"reportkit.unit": "11"})
    assert stamp_in(stamped(tmp_path, once, {"reportkit.period": "2026-11"})) == {"reportkit.period": "2026-11"}


def test_no_mark_leaves_the_workbook_as_it_is() -> None:
    package = Package(blank())
    before = dict(package.parts)
    add_stamp(package, {})
    assert package.parts == before


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 cut off", "姓名,补助".encode(), blank(), with_parts(blank(), {PART: "<broken"})],
)
def test_what_bears_no_mark_has_none(data: bytes) -> None:
    assert stamp_in(data) == {}


def test_an_offices_own_properties_are_no_mark() -> None:
    book = Workbook()
    kinds = '<property xmlns="{0}" name="KSOProductBuildVer"><x>2052</x></property>'
    space = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    data = with_parts(saved(book), {PART: f'<Properties xmlns="{space}">{kinds.format(space)}</Properties>'})
    assert stamp_in(data) == {}


# -- plain sheets -------------------------------------------------------------------------------------------


def with_sheet(folder: Path, one: TextSheet) -> Path:
    package = Package(blank())
    styles = Styles(package)
    append(package, styles, one)
    styles.save()
    package.write(folder / "out.xlsx")
    return folder / "out.xlsx"


def test_a_plain_sheet_holds_its_title_header_and_rows(tmp_path: Path) -> None:
    rows: list[list[str | int | float | None]] = [
        ["=1+1", 3, 0.1 + 0.2, None, "a<b\x00"],
        ["_x0041_", 12345678901.23, "", "007", "长" * 40_000],
    ]
    path = with_sheet(tmp_path, TextSheet("问题", "需要核对的", ("甲", "乙", "丙", "丁", "戊"), rows))
    found = values(path, "问题")
    assert (found[0][0], found[1]) == ("需要核对的", ("甲", "乙", "丙", "丁", "戊"))
    assert found[2] == ("=1+1", 3, 0.3, None, "a<b")
    assert read(path.read_bytes(), "a.xlsx").sheets[-1].rows[3][:4] == ["_x0041_", 12345678901.23, "", "007"]


def test_a_plain_sheet_is_printed_landscape_with_columns_that_fit(tmp_path: Path) -> None:
    one = TextSheet("问题", "x", ("短", "长"), [["甲", "前岭村" * 5], ["乙", "x" * 500]])
    page = opened(with_sheet(tmp_path, one), "问题")
    assert (page.page_setup.orientation, page.sheet_properties.pageSetUpPr.fitToPage, page.freeze_panes) == (
        "landscape",
        True,
        "A3",
    )
    assert (page.column_dimensions["A"].width, page.column_dimensions["B"].width) == (8, 60)
    assert page["A2"].font.bold
    assert page["B3"].alignment.wrap_text


def test_a_plain_sheet_without_rows_still_has_its_header(tmp_path: Path) -> None:
    assert values(with_sheet(tmp_path, TextSheet("问题", "没有问题", ("甲",), [])), "问题")[1] == ("甲",)


def test_a_tree_is_written_as_it_was_read() -> None:
    assert serialise(sheet("<sheetData/>")).endswith(b"<sheetData/></worksheet>")


# -- sheets behind a report -----------------------------------------------------------------------------------


def test_a_row_is_as_high_as_its_longest_text_and_the_header_stands_on_every_page() -> None:
    package = Package(blank())
    long = "需要说明的情况" * 20
    part = append(package, Styles(package), TextSheet("问题", "标题", ("文件", "怎么改"), [["a.xlsx", long], ["b.xlsx", "短"]]))
    rows = {row.get("r"): row.get("ht") for row in package.tree(part).iter(q("row"))}
    assert float(rows["3"]) > 60
    assert rows["4"] is None
    names = package.tree("xl/workbook.xml").find(q("definedNames"))
    sheets = list(package.sheets())
    said = [(node.get("name"), node.get("localSheetId"), node.text) for node in names]
    assert ("_xlnm.Print_Titles", str(sheets.index("问题")), "'问题'!$1:$2") in said
