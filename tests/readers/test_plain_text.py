"""Delimited text in every encoding that offices use."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.readers.book import Unreadable
from reportkit.readers.plain_text import decode, read_text
from reportkit.sheets import Value

ROWS = [["姓名", "身份证号", "家庭住址"], ["张三", "370602195603120018", "前岭村1号"], ["李四", "007", "说明, 两句"]]


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def rows_of(data: bytes) -> list[list[Value]]:
    return read_text(data).sheets[0].rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_encoding_and_delimiter_gives_the_same_rows(encoding: str, delimiter: str) -> None:
    assert rows_of(written(ROWS, delimiter).encode(encoding)) == ROWS


def test_tabs_make_it_another_format_than_commas() -> None:
    assert [read_text(written(ROWS, mark).encode()).format for mark in ",\t"] == ["csv", "tsv"]


@pytest.mark.parametrize(
    "words",
    [
        "姓名,住址\n陳美玲,臺北市中正區\n林志偉,高雄市鳳山區\n",
        "單位名稱,聯絡電話\n內湖區公所,02-27925828\n",
        "編號,備註\n1,無\n2,已遷出戶籍\n",
    ],
)
def test_traditional_characters_in_big5_are_not_taken_for_gb18030(words: str) -> None:
    assert decode(words.encode("big5")) == (words, "big5hkscs", False)


@pytest.mark.parametrize(
    "words",
    [
        "姓名,住址\n张三,前岭村1号\n李四,东关街12号\n",
        "姓名,电话\n王镕,13900000001\n张堃,13900000002\n",
        "单位,户数\n乌兰察布,3\n",
    ],
)
def test_simplified_characters_in_gb18030_are_not_taken_for_big5(words: str) -> None:
    assert decode(words.encode("gb18030")) == (words, "gb18030", False)


def test_a_character_outside_gbk_is_read_by_gb18030() -> None:
    words = "姓名,住址\n㑇𠮷,前岭村\n"
    assert decode(words.encode("gb18030"))[0] == words


def test_a_file_cut_inside_a_character_is_read_and_said_to_be_guessed() -> None:
    book = read_text(written(ROWS).encode("gb18030")[:-4])
    assert book.sheets[0].rows[1] == ROWS[1]
    assert [(one.code, one.detail) for one in book.remarks] == [("text-encoding-guessed", "gb18030")]


@pytest.mark.parametrize("text", ["登录超时，请重新下载", "一行\n又一行\n", "姓名,身份证号\n"])
def test_words_that_nothing_divides_are_no_table(text: str) -> None:
    with pytest.raises(Unreadable, match="file-not-a-workbook"):
        read_text(text.encode())


def test_bytes_that_are_no_text_are_no_table() -> None:
    with pytest.raises(Unreadable, match="file-not-a-workbook"):
        read_text(b"a,b\x00\x01\x02\nc,d\n")


def test_a_cell_as_long_as_a_book_is_read() -> None:
    assert rows_of(written([["甲", "乙"], ["x" * 500_000, "y"]]).encode())[1][0] == "x" * 500_000


def test_a_quote_that_is_never_closed_loses_no_line() -> None:
    rows = rows_of('姓名,备注\n张三,"未完\n李四,无\n'.encode())
    assert "李四" in str(rows)


def test_the_readers_limit_is_not_left_behind_for_others() -> None:
    before = csv.field_size_limit()
    rows_of(written(ROWS).encode())
    assert csv.field_size_limit() == before


CELLS = st.text(st.characters(codec="utf-8", exclude_characters=",\t;|\x00", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=6))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    # A line break inside a cell that is no line feed would make two lines for the delimiter's count, never for the cells.
    assert rows_of(("\ufeff" + written([list(row) for row in rows])).encode()) == [list(row) for row in rows]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30))
def test_any_utf_8_is_never_guessed_at(words: str) -> None:
    assert decode(words.encode()) == (words, "utf-8", False)
