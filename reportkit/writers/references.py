"""What becomes of A1 references when a form's prepared rows become as many rows as there are records."""

from __future__ import annotations

import re
from dataclasses import dataclass

LAST_ROW = 1_048_576

#: A string, or a reference with or without its sheet: ``"A1"``, ``Sheet1!$A$1:B2``, ``'表 1'!A1``, ``$1:$4``.
_TOKEN = re.compile(
    r"""("(?:[^"]|"")*")"""
    r"""|((?:'(?:[^']|'')+'|[\w.\u0080-\uffff]+)!)?(?<![\w.$])"""
    r"""(?:(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?|(\$?)(\d+):(\$?)(\d+))(?![\w.(])"""
)
_CELL = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)")


@dataclass(frozen=True, slots=True)
class Growth:
    """Rows ``first`` … ``last`` of ``sheet`` become ``length`` rows, ``extra`` rows follow them, what stands below moves.

    ``last`` < ``first``: the form has no prepared rows, the new ones stand before ``first``.
    """

    sheet: str
    first: int
    last: int
    length: int
    extra: int = 0

    @property
    def end(self) -> int:
        """The last of the new rows."""
        return self.first + self.length - 1

    def row(self, row: int) -> int:
        """Where a row stands now; prepared rows that are gone stand on the last that is left."""
        if row > self.last and row >= self.first:
            return min(row + self.end - self.last + self.extra, LAST_ROW)
        return min(row, max(self.end, self.first)) if row >= self.first else row

    def span(self, top: int, bottom: int) -> tuple[int, int] | None:
        """A range that ends in the prepared rows and starts no later than their second ends with the new ones; None where nothing is left."""
        inside = self.first <= bottom <= self.last
        if inside and (top <= self.first + 1 or bottom == self.last):
            return (top, self.end) if top <= self.end else None
        return self.row(top), self.row(bottom)

    def cell(self, address: str) -> str:
        """``A21`` → ``A406``."""
        return _CELL.sub(lambda m: f"{m[1]}{self.row(int(m[2]))}", address)

    def area(self, text: str) -> str:
        """One range ``A5:F19`` or cell; "" where nothing is left of it. A cell among the prepared rows that heads them stays."""
        cells = _CELL.findall(text)
        if len(cells) != 2:
            return self.cell(text)
        rows = self.span(int(cells[0][1]), int(cells[1][1]))
        return f"{cells[0][0]}{rows[0]}:{cells[1][0]}{rows[1]}" if rows else ""

    def areas(self, sqref: str) -> str:
        """A list of ranges, parted by spaces. A single cell in the first prepared row is one of a column: it stretches."""
        return " ".join(filter(None, (self._stretched(part) for part in sqref.split())))

    def formula(self, text: str, *, home: str) -> str:
        """A formula or a defined name that stands on the sheet ``home``; references to other sheets stay."""
        return _TOKEN.sub(lambda m: self._token(m, home), text)

    def _stretched(self, part: str) -> str:
        cells = _CELL.findall(part)
        if len(cells) == 1 and int(cells[0][1]) == self.first <= self.last and self.length > 1:
            return f"{part}:{cells[0][0]}{self.end}"
        return self.area(part)

    def _token(self, match: re.Match[str], home: str) -> str:
        text, sheet = match[1], match[2]
        named = sheet[:-1].strip("'").replace("''", "'") if sheet else home
        if text or named != self.sheet:
            return match[0]
        prefix = sheet or ""
        if match[8]:
            rows = self.span(int(match[8]), int(match[10]))
            return f"{prefix}{match[7]}{rows[0]}:{match[9]}{rows[1]}" if rows else f"{prefix}#REF!"
        if match[5]:
            return prefix + (self.area(f"{match[3]}{match[4]}:{match[5]}{match[6]}") or "#REF!")
        return f"{prefix}{match[3]}{self.row(int(match[4]))}"
