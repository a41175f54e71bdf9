"""What stands below the records moves, what reaches over them grows, all else stays byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from issued import FIRST, SHEET, blank, opened, people, report, written
from openpyxl import load_workbook
from workbooks import MAIN, parts_of, with_parts

ROWS = 40
MOVED = ROWS - 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path, report(people(ROWS)))


def part(path: Path, name: str) -> str:
    return parts_of(path.read_bytes())[name].decode()


def test_drop_downs_reach_over_all_records(path: Path) -> None:
    rules = opened(path).data_validations.dataValidation
    assert {(rule.type, str(rule.sqref)) for rule in rules} == {("date", "D5:D44"), ("list", "B5:B44")}
    assert '"王芳,李强"' in {rule.formula1 for rule in rules}


def test_conditional_formats_reach_over_all_records_and_so_do_their_formulas(path: Path) -> None:
    found = {str(area.sqref): [rule.formula for rule in area.rules] for area in opened(path).conditional_formatting}
    assert found == {"E5:E44": [["$E5>AVERAGE($E$5:$E$44)"]], f"A{9 + MOVED}": [[f'$A${9 + MOVED}=""']]}


@pytest.mark.parametrize(("number", "area"), [(0, "E5"), (1, "E5"), (2, "E5:E6")])
def test_with_fewer_records_than_prepared_rows_they_shrink(tmp_path: Path, number: int, area: str) -> None:
    found = [str(one.sqref) for one in opened(written(tmp_path, report(people(number)))).conditional_formatting]
    assert found[0] in (area, f"{area}:{area}")


def test_print_area_and_names_follow(path: Path) -> None:
    book = load_workbook(path)
    assert book[SHEET].print_area == f"'{SHEET}'!$A$1:$E${10 + MOVED}"
    assert book.defined_names["金额"].attr_text == f"{SHEET}!$E$5:$E$44"


def test_formulas_of_other_sheets_follow_and_those_about_themselves_stay(path: Path) -> None:
    sheet = opened(path, "说明")
    assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == [
        f"=SUM({SHEET}!E5:E44)",
        "=SUM(E5:E7)",
        f"={SHEET}!A{9 + MOVED}",
    ]


def test_a_value_that_an_empty_form_had_is_not_shown_as_the_reports(path: Path) -> None:
    sheet = load_workbook(path, data_only=True)["说明"]
    assert (sheet["A1"].value, sheet["A2"].value) == (None, 7)


@pytest.mark.parametrize("calculation", ["", '<calcPr calcId="191029"/>'])
def test_a_report_with_formulas_asks_to_be_calculated_when_it_is_opened(tmp_path: Path, calculation: str) -> None:
    workbook = re.sub("<calcPr[^>]*/>", calculation, parts_of(blank())["xl/workbook.xml"].decode())
    xml = part(written(tmp_path, report(people(ROWS), with_parts(blank(), {"xl/workbook.xml": workbook}))), "xl/workbook.xml")
    assert re.findall(r"<(\w+)[^>]*fullCalcOnLoad=\"1\"", xml) == ["calcPr"]
    assert xml.index("</definedNames>") < xml.index("<calcPr")


def test_the_blanks_own_total_row_without_a_place_in_the_report_still_follows(tmp_path: Path) -> None:
    path = written(tmp_path, report(people(ROWS), blank(own_total=True)))
    assert opened(path)[f"E{8 + MOVED}"].value == "=SUM(E5:E44)"


def test_pictures_and_shapes_below_move_and_stay_in_the_package(path: Path) -> None:
    rows = [int(row) for row in re.findall(r"<xdr:row>(\d+)</xdr:row>", part(path, "xl/drawings/drawing1.xml"))]
    old = [int(row) for row in re.findall(r"<xdr:row>(\d+)</xdr:row>", parts_of(blank())["xl/drawings/drawing1.xml"].decode())]
    assert rows == [row + MOVED for row in old]
    assert "盖章处" in part(path, "xl/drawings/drawing1.xml")
    assert parts_of(path.read_bytes())["xl/media/image1.png"] == parts_of(blank())["xl/media/image1.png"]


def test_parts_that_nobody_touches_are_the_blanks_own_bytes(path: Path) -> None:
    old, new = parts_of(blank()), parts_of(path.read_bytes())
    same = {"xl/theme/theme1.xml", "xl/sharedStrings.xml", "xl/media/image1.png", "docProps/app.xml"}
    assert {name for name in same if old[name] == new[name]} == same


def test_links_and_page_breaks_follow(tmp_path: Path) -> None:
    old = parts_of(blank())["xl/worksheets/sheet1.xml"].decode()
    broken = (
        '<rowBreaks count="2" manualBreakCount="2"><brk id="4" max="16383" man="1"/><brk id="8" max="16383" man="1"/></rowBreaks>'
    )
    sheet = old.replace("<drawing", f"{broken}<drawing")
    path = written(tmp_path, report(people(ROWS), with_parts(blank(), {"xl/worksheets/sheet1.xml": sheet})))
    assert [one.id for one in opened(path).row_breaks.brk] == [4, 8 + MOVED]
    assert opened(path)["A2"].hyperlink.target == "https://example.invalid"


def test_an_excel_table_over_the_records_grows_with_them(tmp_path: Path) -> None:
    table = (
        f'<table xmlns="{MAIN}" id="1" name="t" displayName="t" ref="A4:E7"><autoFilter ref="A4:E7"/>'
        '<tableColumns count="1"><tableColumn id="1" name="a"/></tableColumns></table>'
    )
    links = parts_of(blank())["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="../tables/table1.xml"/></Relationships>'
    content = with_parts(
        blank(),
        {
            "xl/tables/table1.xml": table,
            "xl/worksheets/_rels/sheet1.xml.rels": links.replace("</Relationships>", link),
        },
    )
    assert part(written(tmp_path, report(people(ROWS), content)), "xl/tables/table1.xml").count('ref="A4:E44"') == 2


def test_an_array_formula_below_moves_with_its_range(tmp_path: Path) -> None:
    old = parts_of(blank(own_total=True))["xl/worksheets/sheet1.xml"].decode()
    sheet = old.replace("<f>SUM(E5:E7)</f>", '<f t="array" ref="E8">SUM(E5:E7*1)</f>')
    assert sheet != old
    path = written(tmp_path, report(people(ROWS), with_parts(blank(own_total=True), {"xl/worksheets/sheet1.xml": sheet})))
    assert f'<f t="array" ref="E{8 + MOVED}">SUM(E5:E44*1)</f>' in part(path, "xl/worksheets/sheet1.xml")


def test_extended_rules_of_excel_2010_reach_over_all_records(tmp_path: Path) -> None:
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list">'
        f"<x14:formula1><xm:f>{SHEET}!$E$5:$E$7</xm:f></x14:formula1><xm:sqref>C5:C7</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    old = parts_of(blank())["xl/worksheets/sheet1.xml"].decode()
    content = with_parts(blank(), {"xl/worksheets/sheet1.xml": old.replace("</worksheet>", f"{extension}</worksheet>")})
    xml = part(written(tmp_path, report(people(ROWS), content, comments={(0, "姓名"): "x"})), "xl/worksheets/sheet1.xml")
    assert f"<xm:f>{SHEET}!$E$5:$E$44</xm:f>" in xml
    assert "<xm:sqref>C5:C44</xm:sqref>" in xml
    assert xml.index("<legacyDrawing") < xml.index("<extLst")


def test_a_blank_whose_xml_has_a_prefix_takes_records_like_any_other(tmp_path: Path) -> None:
    def prefixed(xml: bytes) -> str:
        tags = re.sub(r"<(/?)(?![?!])(?!\w+:)", r"<\1x:", xml.decode())
        return tags.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')

    parts = parts_of(blank())
    content = with_parts(
        blank(), {name: prefixed(parts[name]) for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml")}
    )
    path = written(tmp_path, report(people(ROWS), content, totals={"补助金额": 1}, comments={(0, "姓名"): "x"}))
    sheet = opened(path)
    assert (sheet[f"B{FIRST + ROWS - 1}"].value, sheet[f"E{FIRST + ROWS}"].value) == ("张三39", "=SUM(E5:E44)")
    assert (sheet["A1"].value, sheet["B5"].comment.text) == ("困难群众补助花名册", "x")
