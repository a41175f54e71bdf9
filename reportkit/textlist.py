"""Long lists in text files: their encoding is settled, their header read, and polars reads the columns that are needed, all as text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from reportkit.sheets import DELIMITERS

_CHUNK, _HEAD = 8 << 20, 1 << 20
#: Marks of text in which every other byte is 0.
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in UTF-8 whose first line is a header: where it is, or what it holds; what divides its cells; and the names in its header."""

    source: Path | bytes
    delimiter: str
    names: list[str]

    def read(self, places: Sequence[int]) -> pl.DataFrame | None:
        """The columns at some places, all as text, null where blank, a line that is blank too; None where a row has too many cells."""
        try:
            return pl.read_csv(self.source, separator=self.delimiter, infer_schema=False, columns=list(places), glob=False)
        except pl.exceptions.PolarsError:
            return None


def begun(path: Path, columns: set[str]) -> Text | None:
    """As ``open_text``, of a file that is taken for UTF-8 by its beginning alone: reading it may fail."""
    with path.open("rb") as file:
        data = file.read(_HEAD)
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(data)
    except UnicodeDecodeError:
        return None
    return None if b"\x00" in data else _divided(path, columns)


def open_text(path: Path, columns: set[str]) -> Text | None:
    """A text file, divided by what makes its first line hold the most of the columns; None for what is no text."""
    source: Path | bytes = path
    if not _is_utf8(path):
        from reportkit.readers.plain_text import decode  # noqa: PLC0415 - loads all readers, and most texts are UTF-8

        data = path.read_bytes()
        if b"\x00" in data[:_HEAD] and not data.startswith(_WIDE):
            return None
        source = decode(data)[0].encode()
    return _divided(source, columns)


def _divided(source: Path | bytes, columns: set[str]) -> Text | None:
    head = _start(source)
    if "\r" in head and "\n" not in head:
        return None
    return Text(source, *_header(head, columns))


def _header(head: str, columns: set[str]) -> tuple[str, list[str]]:
    """What divides the first line into the most of the columns asked for, and the names there."""
    end = head.find("\n") + 1
    # A quoted cell may hold several lines.
    line = head[:end] if end and '"' not in head[:end] else head
    names = {one: _first(line, one) for one in DELIMITERS}
    best = max(DELIMITERS, key=lambda one: len(columns & set(names[one])))
    return best, names[best]


def _first(head: str, delimiter: str) -> list[str]:
    with suppress(csv.Error):
        return [cell.strip() for cell in next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])]
    return []


def _is_utf8(path: Path) -> bool:
    """Whether a file is text in UTF-8; a piece at a time, so that a long one is never held whole."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        try:
            while piece := file.read(_CHUNK):
                if b"\x00" in piece:
                    return False
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _start(source: Path | bytes) -> str:
    """The first lines."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            data = file.read(_HEAD)
    else:
        data = source[:_HEAD]
    return data.decode("utf-8-sig", errors="ignore")


def _rows(source: Path | bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row, the header too, with the line on which it begins: a cell may hold several lines."""
    binary = source.open("rb") if isinstance(source, Path) else io.BytesIO(source)
    with io.TextIOWrapper(binary, "utf-8-sig", newline="") as text:
        rows = csv.reader(text, delimiter=delimiter)
        line = 1
        for cells in rows:
            yield line, cells
            line = int(rows.line_num) + 1


def line_of(source: Path | bytes, delimiter: str, row: int) -> int:
    """The line of a row, the one after the header being row 0."""
    return next(islice(_rows(source, delimiter), row + 1, None))[0]


def crooked(source: Path | bytes, delimiter: str, width: int) -> int:
    """The line of the first row that has more cells than the header or never ends; that of the last row where there is none."""
    last = 1
    with suppress(csv.Error):
        for line, cells in _rows(source, delimiter):
            last = line
            if len(cells) > width:
                break
    return last
