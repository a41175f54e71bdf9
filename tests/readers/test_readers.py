"""What a file is its bytes say, never its name."""

from __future__ import annotations

import io

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from workbooks import ods, saved, zipped

from reportkit.messages import catalogue
from reportkit.readers import Unreadable, read

CSV = "姓名,补助\n张三,100\n李四,200\n"
HTML = "<html><table><tr><td>姓名<td>补助</tr><tr><td>张三<td>100</tr></table></html>"
XML = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table><Row><Cell>'
    '<Data ss:Type="String">姓名</Data></Cell></Row></Table></Worksheet></Workbook>'
)
ODS = (
    '<table:table table:name="表"><table:table-row><table:table-cell office:value-type="string"><text:p>姓名</text:p>'
    "</table:table-cell></table:table-row></table:table>"
)


def xlsx() -> bytes:
    book = Workbook()
    book.active.append(["姓名"])
    return saved(book)


def xls() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("表").write(0, 0, "姓名")
    book.save(out)
    return out.getvalue()


FILES = {
    "xlsx": xlsx(),
    "xls": xls(),
    "ods": ods(ODS),
    "html": HTML.encode(),
    "xml2003": XML.encode(),
    "csv": CSV.encode("gb18030"),
    "tsv": CSV.replace(",", "\t").encode("utf-16"),
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in FILES for name in ("表.xls", "表.csv")]
    + [(kind, name) for kind in FILES if kind not in ("csv", "tsv") for name in ("表", "表.XLSX")],
)
def test_every_format_is_read_under_every_name(kind: str, name: str) -> None:
    book = read(FILES[kind], name)
    assert (book.format, book.sheets[0].rows[0][0]) == (kind, "姓名")


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("xlsx", "a.xlsx"),
        ("xls", "a.xls"),
        ("xls", "a.et"),
        ("ods", "a.ods"),
        ("html", "a.htm"),
        ("xml2003", "a.xml"),
        ("csv", "a.csv"),
        ("tsv", "a.txt"),
        ("csv", "a.TXT"),
    ],
)
def test_a_name_that_is_right_is_not_remarked(kind: str, own: str) -> None:
    assert read(FILES[kind], own).remarks == ()


@pytest.mark.parametrize(("kind", "wrong"), [("xlsx", "a.xls"), ("xls", "a.xlsx"), ("html", "a.xls"), ("tsv", "a.xls")])
def test_a_name_that_is_wrong_is_remarked_with_what_the_file_is(kind: str, wrong: str) -> None:
    assert [(one.code, one.detail) for one in read(FILES[kind], wrong).remarks] == [("file-extension", kind)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "file-not-a-workbook"),
        (bytes(4096), "file-not-a-workbook"),
        ("登录超时".encode("gb18030"), "file-not-a-workbook"),
        (xlsx()[:-200], "file-truncated"),
        (xls()[:1000], "file-truncated"),
        (zipped({"表.xlsx": xlsx()}), "file-archive"),
        (b"PK\x05\x06" + bytes(18), "file-archive"),
        (b"Rar!\x1a\x07", "file-archive"),
        (b"7z\xbc\xaf\x27\x1c", "file-archive"),
        (zipped({"word/document.xml": "<w/>"}), "file-document"),
        (b"%PDF-1.7", "file-document"),
        (b"PAR1\x15\x04", "file-columnar"),
        (b"\x89PNG\r\n\x1a\n", "file-document"),
        (b"\xff\xd8\xff\xe0", "file-document"),
    ],
)
def test_what_is_no_workbook_is_told_apart(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data, "a.xls")
    assert caught.value.code == code


def test_a_text_whose_first_column_begins_like_a_zip_is_a_text() -> None:
    assert read("PKID,姓名\n1,张三\n2,李四\n".encode(), "a.csv").sheets[0].rows[0] == ["PKID", "姓名"]


def test_a_text_under_a_strange_name_is_a_document() -> None:
    with pytest.raises(Unreadable, match="file-document"):
        read(CSV.encode(), "说明.md")


def outcome(data: bytes) -> str:
    try:
        return read(data, "a.xls").format
    except Unreadable as reason:
        return reason.code


@given(st.sampled_from(sorted(FILES)), st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_or_refused_with_a_code_that_is_explained(kind: str, data: st.DataObject) -> None:
    whole = bytearray(FILES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(whole[: data.draw(st.integers(0, len(whole)))])) in {*catalogue(), *FILES}
