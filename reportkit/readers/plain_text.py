"""Delimited text: the encoding by a ladder, the delimiter by what divides the lines evenly."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

import chardet

from reportkit.readers.book import Book, Remark, Unreadable
from reportkit.sheets import DELIMITERS, Sheet, Value

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Level-1 Han characters of GB 2312 stand in rows 16 to 55: everyday characters, in both scripts' shared part.
_PRIVATE = re.compile(r"[\ue000-\uf8ff\u3040-\u30ff\u2500-\u257f\u3100-\u312f]")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def read_text(data: bytes) -> Book:
    """A delimited text file as a book of one sheet without a name.

    Raises:
        Unreadable: it holds no text, or its lines are divided by nothing.
    """
    if b"\x00" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)):
        raise Unreadable("file-not-a-workbook")
    text, encoding, guessed = decode(data)
    delimiter = _delimiter(text)
    if not delimiter:
        raise Unreadable("file-not-a-workbook", " ".join(text.split())[:40])
    limit = csv.field_size_limit(10 << 20)
    try:
        rows: list[list[Value]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise Unreadable("file-broken", str(error)) from None
    finally:
        csv.field_size_limit(limit)
    remarks = (Remark("text-encoding-guessed", detail=encoding),) if guessed else ()
    return Book("tsv" if delimiter == "\t" else "csv", (Sheet("", rows),), remarks)


def decode(data: bytes) -> tuple[str, str, bool]:
    """Text, encoding, and whether it was guessed: a mark, else strict UTF-8, else GB18030 or Big5 by the look of the text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name, False
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        pass
    read = {name: text for name in ("gb18030", "big5hkscs") if (text := _strict(data, name)) is not None}
    if read:
        best = max(read, key=lambda name: (_plausible(read[name]), name == "gb18030"))
        return read[best], best, False
    name = (chardet.detect(data[:100_000])["encoding"] or "gb18030").lower()
    name = "gb18030" if name in ("ascii", "gb2312", "gbk") else name
    return data.decode(name, errors="replace"), name, True


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _plausible(text: str) -> float:
    """The share of Han characters that offices use every day, less what no office types."""
    han = _HAN.findall(text[:20_000])
    if not han:
        return 0.0
    everyday = sum(_everyday(character) for character in han)
    return (everyday - 3 * len(_PRIVATE.findall(text[:20_000]))) / len(han)


def _everyday(character: str) -> bool:
    """First level of GB 2312 or of Big5."""
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        first = 0
    if 0xB0 <= first <= 0xD7:
        return True
    try:
        return 0xA4 <= character.encode("big5")[0] <= 0xC6 and not first
    except UnicodeEncodeError:
        return False


def _delimiter(text: str) -> str:
    """The character that divides the most lines into the same number of parts; "" where none divides two lines."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    best, most = "", 1
    for delimiter in DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        divided = sum(number for count, number in counts.items() if count)
        if divided > most:
            best, most = delimiter, divided
    return best
