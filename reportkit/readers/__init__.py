"""Bytes → book: what a file is its first bytes say, never its name.

A reader is a module that turns bytes of one family into a ``Book`` or raises ``Unreadable`` with a finding's code.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lxml.etree import ParserError

from reportkit.readers.book import Book, Remark, Unreadable
from reportkit.readers.compound import read_compound
from reportkit.readers.markup import read_html, read_xml2003
from reportkit.readers.package import guard, read_ods, read_xlsx
from reportkit.readers.plain_text import read_text

__all__ = ["Book", "Remark", "Unreadable", "read"]

#: Not "PK" alone: a text may begin with a column PKID.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh")
_DOCUMENTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"{\\rtf")
_TEXTS = {".csv", ".tsv", ".txt", ".xls", ".et", ".tab"}
_NAMES = {
    "xlsx": {".xlsx", ".xltx"},
    "xlsm": {".xlsm", ".xltm"},
    "xlsb": {".xlsb"},
    "xls": {".xls", ".et", ".xlt", ".ett"},
    "ods": {".ods"},
    "csv": {".csv", ".txt"},
    "tsv": {".tsv", ".txt", ".tab", ".csv"},
    "html": {".htm", ".html"},
    "xml2003": {".xml"},
}
_WORKBOOK_NAMES = {".xlsx", ".xltx", ".xlsm", ".xltm", ".xlsb", ".xls", ".et", ".xlt", ".ett", ".ods", ".csv", ".tsv", ".tab"}
_ARCHIVE_NAMES = {".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".cab"}
_NO_WORKBOOK = {"file-not-a-workbook", "file-truncated", "file-broken", "file-empty", "file-archive"}
#: Parquet, Arrow, ORC, Avro: data for programs, which are lists of nobody's form.
_COLUMNAR = (b"PAR1", b"ARROW1", b"ORC", b"Obj\x01")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|table|meta|head|body)\b", re.IGNORECASE)


def read(data: bytes, name: str) -> Book:
    """A file's sheets. A name that says another format than the bytes is remarked.

    Raises:
        Unreadable: with the code of the finding that says why.
    """
    suffix = PurePosixPath(name).suffix.lower()
    try:
        book = _read(data, suffix)
    except Unreadable as reason:
        raise _by_name(reason, suffix, data) from None
    if suffix and suffix not in _NAMES[book.format]:
        remark = Remark("file-extension", detail=book.format)
        return Book(book.format, book.sheets, (*book.remarks, remark))
    return book


def _by_name(reason: Unreadable, suffix: str, data: bytes) -> Unreadable:
    """What calls itself no workbook and is none is a document, or an archive; it is no workbook that went wrong."""
    if reason.code in _NO_WORKBOOK and suffix in _ARCHIVE_NAMES:
        return Unreadable("file-archive")
    if reason.code in _NO_WORKBOOK and suffix not in _WORKBOOK_NAMES:
        return Unreadable("file-document")
    if reason.code == "file-not-a-workbook" and not reason.detail:
        return Unreadable(reason.code, _first_words(data))
    return reason


def _first_words(data: bytes) -> str:
    """What a person would see on opening it: the first words, or the first bytes as numbers."""
    for encoding in ("utf-8", "gb18030"):
        text = " ".join(re.sub("<[^>]*>", " ", data[:400].decode(encoding, "replace")).split())[:40]
        if text and text.isprintable() and "\ufffd" not in text:
            return text
    return data[:8].hex(" ")


def _read(data: bytes, suffix: str) -> Book:
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise Unreadable("file-empty" if not data else "file-not-a-workbook")
    if data.startswith(_ZIP):
        return _zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return read_compound(data)
    if data.startswith(_ARCHIVES):
        raise Unreadable("file-archive")
    if data.startswith(_DOCUMENTS):
        raise Unreadable("file-document")
    if data.startswith(_COLUMNAR):
        raise Unreadable("file-columnar")
    return _markup_or_text(data, suffix)


def _zip(data: bytes) -> Book:
    names = set(guard(data).namelist())
    if any(name.startswith("xl/workbook.") for name in names):
        return read_xlsx(data)
    if "content.xml" in names and "mimetype" in names:
        return read_ods(data)
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Unreadable("file-document")
    raise Unreadable("file-archive")


def _markup_or_text(data: bytes, suffix: str) -> Book:
    head = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return read_xml2003(data)
    if _HTML.search(head):
        try:
            return read_html(data)
        except ParserError:
            raise Unreadable("file-not-a-workbook") from None
    if suffix not in _TEXTS:
        raise Unreadable("file-not-a-workbook")
    return read_text(data)
