"""HTML pages and XML Spreadsheets of 2003 that are called .xls."""

from __future__ import annotations

import pytest

from reportkit.readers.book import Unreadable
from reportkit.readers.markup import read_html, read_xml2003
from reportkit.sheets import Area, Sheet, Value


def table(rows: str) -> Sheet:
    (sheet,) = read_html(f"<html><body><table>{rows}</table></body></html>".encode()).sheets
    return sheet


def cell(inner: str) -> Value:
    return table(f"<tr><td>{inner}</td></tr>").rows[0][0]


# -- HTML ---------------------------------------------------------------------------------------------------


def test_a_pages_rows_are_the_sheets_rows() -> None:
    sheet = table("<tr><th>姓名<th>补助</tr><tr></tr><tr><td>张三<td>0100</tr>")
    assert sheet.rows == [["姓名", "补助"], [None, None], ["张三", "0100"]]


def test_cells_over_several_columns_and_rows_push_their_neighbours_to_their_right_place() -> None:
    sheet = table(
        "<tr><td rowspan=2>序号<td colspan=2>户主信息<td rowspan=2>备注</tr><tr><td>姓名<td>电话</tr>"
        "<tr><td>1<td>张三<td>139<td>无</tr>"
    )
    assert sheet.merged == (Area(1, 1, 2, 1), Area(1, 2, 1, 3), Area(1, 4, 2, 4))
    assert sheet.rows[1] == [None, "姓名", "电话", None]
    assert sheet.rows[2] == ["1", "张三", "139", "无"]


def test_a_font_that_changes_inside_a_cell_divides_no_word() -> None:
    assert cell('3<font class="font7">号</font>楼<span lang=EN-US>A</span>座') == "3号楼A座"


@pytest.mark.parametrize("inner", ["甲<br>乙", "甲<br/>\n  乙", "<p>甲</p><p>乙</p>", "<div>甲</div>乙"])
def test_breaks_and_blocks_inside_a_cell_end_a_line(inner: str) -> None:
    assert cell(inner) == "甲\n乙"


def test_white_space_of_the_source_and_hard_spaces_are_one_space() -> None:
    assert cell("  前岭村\n      1号&nbsp;院 ") == "前岭村 1号 院"


def test_a_comment_in_a_cell_is_none_of_its_text() -> None:
    assert cell("张<!-- [if gte mso 9] -->三") == "张三"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_pages_bytes_say_its_encoding_whatever_its_head_says(encoding: str) -> None:
    page = '<html><head><meta charset="gb2312"></head><table><tr><td>镕基堃</td></tr></table></html>'
    assert read_html(page.encode(encoding)).sheets[0].rows == [["镕基堃"]]


def test_a_table_inside_a_cell_is_no_sheet_of_its_own() -> None:
    assert len(read_html("<table><tr><td>甲<table><tr><td>乙</td></tr></table></td></tr></table>".encode()).sheets) == 1


def test_two_tables_of_like_size_are_two_sheets() -> None:
    one = "<table>" + "<tr><td>1<td>2</tr>" * 3 + "</table>"
    assert [len(sheet.rows) for sheet in read_html((one + one).encode()).sheets] == [3, 3]


def test_a_banner_beside_a_large_table_is_left_out() -> None:
    large = "<table>" + "<tr><td>1<td>2</tr>" * 30 + "</table>"
    (sheet,) = read_html(("<table><tr><td>导出时间</td></tr></table>" + large).encode()).sheets
    assert len(sheet.rows) == 30


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999"])
def test_a_span_that_means_nothing_breaks_nothing(span: str) -> None:
    assert table(f'<tr><td colspan="{span}">甲</td></tr><tr><td>乙</td></tr>').rows[1][0] == "乙"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ('<html><frameset><frame src="a.files/sheet001.htm"></frameset></html>', "file-html-frame"),
        ("<html><body>登录超时，请重新登录</body></html>", "file-not-a-workbook"),
    ],
)
def test_a_page_without_a_table_is_no_workbook_and_a_frame_is_told_apart(page: str, code: str) -> None:
    with pytest.raises(Unreadable, match=code):
        read_html(page.encode())


# -- XML Spreadsheet 2003 -----------------------------------------------------------------------------------

_HEAD = (
    '<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
)


def workbook(rows: str, options: str = "", encoding: str = "utf-8") -> bytes:
    sheet = f'<Worksheet ss:Name="名册"><Table>{rows}</Table>{options}</Worksheet>'
    return f"{_HEAD.format(encoding=encoding)}{sheet}</Workbook>".encode(encoding)


def sheet_of(rows: str, options: str = "") -> Sheet:
    (sheet,) = read_xml2003(workbook(rows, options)).sheets
    return sheet


def data(kind: str, words: str) -> str:
    return f'<Cell><Data ss:Type="{kind}">{words}</Data></Cell>'


def test_rows_and_cells_that_are_passed_over_keep_the_others_addresses() -> None:
    rows = '<Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="String">甲</Data></Cell><Cell><Data ss:Type="String">乙</Data></Cell></Row><Row>'
    sheet = sheet_of(rows + data("String", "丙") + "</Row>")
    assert sheet.rows == [[None] * 3, [None] * 3, [None, "甲", "乙"], ["丙", None, None]]


def test_a_row_that_stands_for_several_moves_those_behind_it() -> None:
    rows = f'<Row>{data("String", "甲")}</Row><Row ss:Span="2" ss:Height="20"/><Row>{data("String", "乙")}</Row>'
    assert [row[0] for row in sheet_of(rows).rows] == ["甲", None, None, None, "乙"]


def test_values_are_read_by_their_type() -> None:
    row = "".join(
        data(kind, words)
        for kind, words in [
            ("String", "007"),
            ("Number", "12.5"),
            ("DateTime", "2026-11-23T00:00:00.000"),
            ("DateTime", "2026-11-23T08:30:00.000"),
            ("DateTime", "1899-12-31T08:30:00.000"),
            ("Boolean", "1"),
            ("Error", "#REF!"),
        ]
    )
    assert sheet_of(f"<Row>{row}</Row>").rows == [["007", 12.5, "2026-11-23", "2026-11-23 08:30:00", "08:30:00", True, "#REF!"]]


def test_a_number_that_is_none_stays_the_text_that_it_is() -> None:
    assert sheet_of(f"<Row>{data('Number', '约3')}</Row>").rows == [["约3"]]


def test_merged_cells_hidden_rows_and_hidden_sheets_are_told() -> None:
    rows = '<Row><Cell ss:MergeAcross="2" ss:MergeDown="1"><Data ss:Type="String">标题</Data></Cell>' + data("String", "右")
    hidden = '</Row><Row ss:Index="4" ss:Hidden="1">' + data("String", "x") + "</Row>"
    options = '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>'
    sheet = sheet_of(rows + hidden, options)
    assert (sheet.merged, sheet.hidden_rows, sheet.visible) == ((Area(1, 1, 2, 3),), frozenset({4}), False)
    assert sheet.rows[0] == ["标题", None, None, "右"]


def test_rich_text_is_one_text() -> None:
    rich = '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">前岭<B>村</B>1号</ss:Data></Cell>'
    assert sheet_of(f"<Row>{rich}</Row>").rows == [["前岭村1号"]]


def test_a_formula_without_a_stored_value_is_told_from_a_blank() -> None:
    calculated = '<Cell ss:Formula="=RC[-1]"><Data ss:Type="Number">2</Data></Cell>'
    rows = '<Row><Cell/><Cell ss:Formula="=SUM(R[1]C)"/><Cell ss:Formula="=1+1"><Data ss:Type="Number"></Data></Cell>'
    assert sheet_of(f"{rows}{calculated}</Row>").uncalculated == {(1, 2), (1, 3)}


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16"])
def test_the_encoding_is_the_one_that_the_document_names(encoding: str) -> None:
    (sheet,) = read_xml2003(workbook(f"<Row>{data('String', '前岭村')}</Row>", encoding=encoding)).sheets
    assert (sheet.name, sheet.rows) == ("名册", [["前岭村"]])


def test_a_document_that_is_cut_off_is_truncated() -> None:
    whole = workbook(f"<Row>{data('String', '前岭村')}</Row>")
    with pytest.raises(Unreadable, match="file-truncated"):
        read_xml2003(whole[:-30])


def test_entities_fetch_nothing() -> None:
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = workbook("<Row><Cell><Data ss:Type='String'>a&f;b</Data></Cell></Row>").decode().split("?>", 1)[1]
    assert read_xml2003((entity + body).encode()).sheets[0].rows == [["a&f;b"]]
