"""xlsx, xlsm, xlsb and ods."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter
from openpyxl import Workbook
from workbooks import ods, parts_of, saved, styles, with_parts, xlsx, zipped

from reportkit.readers.book import Book, Remark, Unreadable
from reportkit.readers.package import guard, read_ods, read_xlsx
from reportkit.sheets import Area, Sheet, text


def only(book: Book) -> Sheet:
    (sheet,) = book.sheets
    return sheet


def cells(xml: str, look: str = "") -> Sheet:
    return only(read_xlsx(xlsx(f"<sheetData>{xml}</sheetData>", look=look)))


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_xlsx(data)
    return caught.value.code


# -- addresses and values -----------------------------------------------------------------------------------


def test_empty_rows_and_columns_before_the_table_keep_every_address() -> None:
    book = Workbook()
    book.active["C4"] = "姓名"
    assert only(read_xlsx(saved(book))).rows[3][2] == "姓名"


def test_text_stays_as_written_with_leading_zeros_and_eighteen_digits() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_row(0, 0, ["007", "370602195603120018", " 前岭村 1号 ", "=1+1"])
        book.worksheets()[0].write_string(1, 0, "=1+1")
    rows = only(read_xlsx(out.getvalue())).rows
    assert rows[0][:3] == ["007", "370602195603120018", " 前岭村 1号 "]
    assert rows[1][0] == "=1+1"


def test_an_eighteen_digit_number_is_a_float_whose_text_shows_that_digits_are_lost() -> None:
    value = cells('<row r="1"><c r="A1"><v>370602194503071234</v></c></row>').rows[0][0]
    assert isinstance(value, float)
    assert "E+" in text(value)


@pytest.mark.parametrize("number_format", ["14", "27", "28", "31", "36", "50", "57", "58"])
def test_chinese_date_formats_that_stand_in_no_file_are_dates(number_format: str) -> None:
    sheet = cells('<row r="1"><c r="A1" s="1"><v>46349</v></c></row>', styles(number_format))
    assert sheet.rows == [[date(2026, 11, 23)]]


def test_a_moment_and_a_time_keep_their_hours() -> None:
    sheet = cells('<row r="1"><c r="A1" s="1"><v>46349.5</v></c><c r="B1" s="2"><v>0.25</v></c></row>', styles("22", "21"))
    assert sheet.rows == [[datetime(2026, 11, 23, 12), time(6)]]  # noqa: DTZ001 - cells know no zone


def test_digits_typed_into_a_date_cell_are_no_date_and_not_lost() -> None:
    assert text(cells('<row r="1"><c r="A1" s="1"><v>20261123</v></c></row>', styles("14")).rows[0][0]) == "20261123"


def test_the_parts_of_rich_text_are_one_text_and_phonetic_guides_are_none_of_it() -> None:
    rich = '<is><r><t>前岭</t></r><r><rPr><b/></rPr><t>村</t></r><rPh sb="0" eb="1"><t>qian</t></rPh></is>'
    assert cells(f'<row r="1"><c r="A1" t="inlineStr">{rich}</c></row>').rows == [["前岭村"]]


def test_an_escaped_control_character_is_read_as_excel_shows_it() -> None:
    book = Workbook()
    book.active.append(["甲_x000D_乙"])
    assert only(read_xlsx(saved(book))).rows == [["甲\r乙"]]


# -- what calamine does not tell ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1" t="e"><v>#N/A</v></c>',
        "<c t='e' r='B1'><v>#N/A</v></c>",
        '<c r="B1" s="0" t="e"><f>VLOOKUP(1,A:A,1,0)</f><v>#N/A</v></c>',
        '<c r="B1" t="e">\n  <f>VLOOKUP(1,A:A,1,0)</f>\n  <v>#N/A</v>\n</c>',
    ],
)
def test_an_error_cell_is_its_text_and_not_a_blank(cell: str) -> None:
    below = '<row r="2"><c r="A2"><v>2</v></c></row>'
    assert cells(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>{below}').rows == [[1.0, "#N/A"], [2.0, ""]]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>SUM(A1:A2)</f></c>',
        '<c r="B2" s="0"><f>SUM(A1:A2)</f><v/></c>',
        '<c r="B2"><f>SUM(A1:A2)</f><v></v></c>',
        '<c r="B2"><f t="shared" si="0"/></c>',
        "<c r='B2'>\n<f>SUM(A1:A2)</f>\n</c>",
    ],
)
def test_a_formula_without_a_stored_value_is_told_from_a_blank(cell: str) -> None:
    sheet = cells(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c>{cell}</row>')
    assert sheet.uncalculated == {(2, 2)}


@pytest.mark.parametrize("cell", ['<c r="B1" t="str"><f>IF(A1=1,"","x")</f><v></v></c>', '<c r="B1"><f>A1</f><v>0</v></c>'])
def test_a_formula_that_was_calculated_is_no_matter_even_where_its_value_is_the_empty_text(cell: str) -> None:
    assert cells(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>').uncalculated == frozenset()


def test_hidden_rows_and_columns_are_read_and_said_to_be_hidden() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(4):
        sheet.append([row, row, row])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    found = only(read_xlsx(saved(book)))
    assert (found.hidden_rows, found.hidden_columns) == (frozenset({2}), frozenset({2}))
    assert len(found.rows) == 4


def test_what_hides_all_columns_to_the_right_hides_none_of_the_table() -> None:
    hidden = '<cols><col min="5" max="16384" hidden="1"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    assert only(read_xlsx(xlsx(hidden))).hidden_columns == frozenset()


def test_what_is_not_told_is_found_wherever_the_sheets_part_lies() -> None:
    xml = '<sheetData><row r="1" hidden="true"><c r="A1" t="e"><v>#REF!</v></c></row></sheetData>'
    sheet = only(read_xlsx(xlsx(xml, part="xl/s1.xml")))
    assert (sheet.rows, sheet.hidden_rows) == ([["#REF!"]], frozenset({1}))


def test_merged_cells_keep_excels_own_rows_and_columns() -> None:
    book = Workbook()
    book.active.append(["标题"])
    book.active.merge_cells("A1:C2")
    assert only(read_xlsx(saved(book))).merged == (Area(1, 1, 2, 3),)


def test_hidden_sheets_are_read_and_said_to_be_hidden() -> None:
    book = Workbook()
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    assert {sheet.name: sheet.visible for sheet in read_xlsx(saved(book)).sheets} == {"Sheet": True, "隐藏": False, "深藏": False}


def test_a_chart_sheet_is_no_sheet_of_cells() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("数据").write_column(0, 0, [1, 2])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
    assert [sheet.name for sheet in read_xlsx(out.getvalue()).sheets] == ["数据"]


def test_a_workbook_with_macros_is_read_as_one() -> None:
    assert read_xlsx(with_parts(saved(Workbook()), {"xl/vbaProject.bin": b"x"})).format == "xlsm"


# -- hostile and damaged ------------------------------------------------------------------------------------

_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def test_a_cell_at_the_end_of_the_world_is_named_and_takes_nothing_else_with_it() -> None:
    rows = '<row r="2"><c r="B2" s="1"><v>46349</v></c><c r="C2" t="e"><v>#REF!</v></c></row>'
    merges = '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'
    data = xlsx(f"<sheetData>{rows}{_FAR}</sheetData>{merges}", look=styles("31"), attributes='state="hidden"')
    book = read_xlsx(data)
    sheet = only(book)
    assert sheet.rows[1] == ["", date(2026, 11, 23), "#REF!"]
    assert (len(sheet.rows), sheet.merged, sheet.visible) == (2, (Area(1, 1, 1, 3),), False)
    assert book.remarks == (Remark("far-cell", "表", "XFD1048576"),)


def test_a_note_a_million_rows_below_is_named_and_not_a_million_rows_long() -> None:
    far = '<row r="900000"><c r="A900000" t="inlineStr"><is><t>x</t></is></c></row>'
    book = read_xlsx(xlsx(f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{far}</sheetData>'))
    assert (only(book).rows, [one.detail for one in book.remarks]) == ([[1.0]], ["A900000"])


def test_formats_without_content_far_away_are_not_worth_a_word() -> None:
    styled = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="1048576"><c r="A1048576" s="0"/></row>'
    book = read_xlsx(xlsx(f"<sheetData>{styled}</sheetData>"))
    assert (only(book).rows, book.remarks) == ([[1.0]], ())


def test_the_farthest_row_is_seen_even_where_much_stands_behind_it() -> None:
    padding = "<!--" + "x" * 300_000 + "-->"
    book = read_xlsx(xlsx(f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{_FAR}</sheetData>{padding}'))
    assert (only(book).rows, [one.code for one in book.remarks]) == ([[1.0]], ["far-cell"])


def test_a_sheets_wrong_dimension_hides_none_of_its_rows() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 4))
    assert only(read_xlsx(xlsx(f'<dimension ref="A1"/><sheetData>{rows}</sheetData>'))).rows == [[1.0], [2.0], [3.0]]


def test_a_part_that_unpacks_two_hundredfold_is_refused_unread() -> None:
    assert refusal(with_parts(saved(Workbook()), {"xl/worksheets/sheet1.xml": bytes(11 << 20)})) == "file-too-large"


def test_many_parts_that_are_large_together_are_refused_unread() -> None:
    data = bytearray(zipped({f"xl/{at}.bin": b"x" for at in range(70)}))
    for at in (at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"):
        data[at + 20 : at + 28] = struct.pack("<II", 1 << 20, 10 << 20)
    with pytest.raises(Unreadable, match="file-too-large"):
        guard(bytes(data))


def test_a_directory_that_lies_about_a_parts_size_unpacks_no_more_than_it_says() -> None:
    data = bytearray(with_parts(saved(Workbook()), {"xl/worksheets/sheet1.xml": b"<worksheet>" + bytes(1 << 20)}))
    name = b"xl/worksheets/sheet1.xml"
    entry = next(at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02" and data[at + 46 :].startswith(name))
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)
    assert refusal(bytes(data)) == "file-broken"


def test_a_package_cut_off_anywhere_is_truncated() -> None:
    whole = saved(Workbook())
    assert {refusal(whole[:size]) for size in (40, len(whole) // 2, len(whole) - 10)} == {"file-truncated"}


def test_a_flipped_bit_is_damage_and_no_other_value() -> None:
    whole = saved(Workbook())
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        at = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    assert refusal(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]) == "file-broken"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_whose_own_list_of_sheets_is_no_xml_is_broken(part: str) -> None:
    assert refusal(with_parts(saved(Workbook()), {part: "<workbook"})) == "file-broken"


def test_a_missing_sheet_part_is_damage() -> None:
    parts = parts_of(saved(Workbook()))
    del parts["xl/worksheets/sheet1.xml"]
    assert refusal(zipped(parts)) == "file-broken"


def test_entities_are_neither_expanded_nor_fetched() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    sheet = f"{bomb}<worksheet><sheetData><row><c t='inlineStr'><is><t>&b;&f;</t></is></c></row></sheetData></worksheet>"
    assert refusal(with_parts(saved(Workbook()), {"xl/worksheets/sheet1.xml": sheet})) == "file-broken"


# -- OpenDocument -------------------------------------------------------------------------------------------

_ROW = "<table:table-row>{}</table:table-row>"


def string(words: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{words}</text:p></table:table-cell>'


def test_an_opendocument_sheet_is_read_with_its_merged_cells() -> None:
    title = string("标题", 'table:number-columns-spanned="2" table:number-rows-spanned="1"') + "<table:covered-table-cell/>"
    day = '<table:table-cell office:value-type="date" office:date-value="2026-11-23"/>'
    rows = _ROW.format(title) + _ROW.format(string("张三") + day)
    sheet = only(read_ods(ods(f'<table:table table:name="名册">{rows}</table:table>')))
    assert (sheet.name, sheet.merged) == ("名册", (Area(1, 1, 1, 2),))
    assert sheet.rows == [["标题", ""], ["张三", date(2026, 11, 23)]]


def test_repeated_rows_and_columns_of_opendocument_move_the_merged_cells_behind_them() -> None:
    space = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    merged = '<table:table-cell table:number-columns-repeated="2"/>' + string("合并", 'table:number-columns-spanned="2"')
    rows = _ROW.format(string("甲")) + space + _ROW.format(merged)
    sheet = only(read_ods(ods(f'<table:table table:name="表">{rows}</table:table>')))
    assert (sheet.merged, sheet.rows[4][2]) == ((Area(5, 3, 5, 4),), "合并")


def test_an_opendocument_file_behind_a_password_is_said_to_be() -> None:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    locked = with_parts(ods("", manifest=entry), {"content.xml": b"\x8a\x01 encrypted"})
    with pytest.raises(Unreadable, match="file-password"):
        read_ods(locked)


def test_sixteen_billion_repeated_cells_are_refused() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(Unreadable, match="file-broken"):
        read_ods(ods(f'<table:table table:name="表">{row}</table:table>'))
