"""Old .xls and .et workbooks, and packages behind a password."""

from __future__ import annotations

import io
import struct
from datetime import date

import msoffcrypto.format.ooxml
import pytest
import xlwt
from openpyxl import Workbook
from workbooks import saved
from xlwt.CompoundDoc import XlsDoc

from reportkit.readers.book import Book, Unreadable
from reportkit.readers.compound import read_compound
from reportkit.sheets import Area, text


def xls(fill: object = None) -> bytes:
    """A workbook of two rows; ``fill`` is told the sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    sheet.write(0, 0, "姓名")
    sheet.write(0, 1, "补助")
    if callable(fill):
        fill(sheet)
    return bytes_of(book)


def bytes_of(book: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def compound(stream: bytes) -> bytes:
    """A compound file with one Workbook stream."""
    out = io.BytesIO()
    XlsDoc().save(out, stream)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_compound(data)
    return caught.value.code


def first(data: bytes) -> Book:
    return read_compound(data)


def test_every_cell_of_an_xls_has_excels_own_row_and_column() -> None:
    book = first(xls(lambda sheet: sheet.write(3, 2, "张三")))
    assert (book.format, book.sheets[0].name) == ("xls", "名册")
    assert (book.sheets[0].rows[0][:2], book.sheets[0].rows[3][2]) == (["姓名", "补助"], "张三")


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"', "[$-804]yyyy年m月d日"])
def test_dates_of_an_xls_are_dates(code: str) -> None:
    sheet = first(xls(lambda s: s.write(1, 0, date(2026, 11, 23), xlwt.easyxf(num_format_str=code)))).sheets[0]
    assert sheet.rows[1][0] == date(2026, 11, 23)


def test_an_eighteen_digit_number_of_an_xls_shows_that_digits_are_lost() -> None:
    sheet = first(xls(lambda s: s.write(1, 0, 370602194503071234))).sheets[0]
    assert "E+" in text(sheet.rows[1][0])


@pytest.mark.parametrize(("code", "shown"), [(0x2A, "#N/A"), (0x17, "#REF!"), (0x07, "#DIV/0!"), (0x0F, "#VALUE!")])
def test_an_error_cell_of_an_xls_is_its_text_and_not_a_blank(code: int, shown: str) -> None:
    sheet = first(xls(lambda s: s.row(1).set_cell_error(1, code))).sheets[0]
    assert sheet.rows[1][1] == shown


def test_merged_cells_and_hidden_rows_columns_and_sheets_of_an_xls_are_told() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    sheet.write_merge(0, 1, 0, 2, "标题")
    sheet.write(3, 0, "张三")
    sheet.row(3).hidden = True
    sheet.write(4, 1, "x")
    sheet.col(1).hidden = True
    book.add_sheet("代码").visibility = 1
    found = first(bytes_of(book)).sheets
    assert found[0].merged == (Area(1, 1, 2, 3),)
    assert (found[0].hidden_rows, found[0].hidden_columns) == (frozenset({4}), frozenset({2}))
    assert [one.visible for one in found] == [True, False]


def test_many_texts_of_an_xls_come_back_whole() -> None:
    # Shared strings longer than a record go on in another one.
    words = [f"前岭村{at}号" * 40 for at in range(200)]

    def fill(sheet: xlwt.Worksheet) -> None:
        for at, one in enumerate(words, 1):
            sheet.write(at, 0, one)

    assert [row[0] for row in first(xls(fill)).sheets[0].rows[1:]] == words


# -- what cannot be read ------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_an_xls_cut_off_anywhere_is_truncated(share: float) -> None:
    whole = xls(lambda sheet: [sheet.write(row, 0, f"张三{row}") for row in range(1, 3000)])
    assert refusal(whole[: int(len(whole) * share)]) == "file-truncated"


def test_an_xls_behind_a_password_is_said_to_be() -> None:
    book = xlwt.Workbook()
    book.add_sheet("名册").write(0, 0, "x")
    stream = book.get_biff_data()
    opening = 4 + struct.unpack_from("<H", stream, 2)[0]
    locked = struct.pack("<HHHHH", 0x2F, 6, 0, 0x1234, 0x5678)
    assert refusal(compound(stream[:opening] + locked + stream[opening:])) == "file-password"


def test_a_package_behind_a_password_is_said_to_be() -> None:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(saved(Workbook()))).encrypt("secret", out)
    assert refusal(out.getvalue()) == "file-password"


def test_a_package_behind_everybodys_password_is_read() -> None:
    book = Workbook()
    book.active.append(["姓名"])
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(saved(book))).encrypt("VelvetSweatshop", out)
    found = first(out.getvalue())
    assert (found.format, found.sheets[0].rows) == ("xlsx", [["姓名"]])


@pytest.mark.parametrize("stream", ["WordDocument", "PowerPoint Document"])
def test_documents_of_other_programs_are_documents_and_not_broken_workbooks(stream: str) -> None:
    names = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048) + stream.encode("utf-16-le") + bytes(512)
    assert refusal(names) == "file-document"
