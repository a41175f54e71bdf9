"""A plain table as a sheet at a report's end: bold header, widths that fit, printed landscape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from reportkit.sheets import letter
from reportkit.writers.cell_text import clean
from reportkit.writers.package import MAIN, Package
from reportkit.writers.styles import Change, Styles

Cell = str | int | float | None
#: Points of height that a line of text takes.
_LINE = 14.5


@dataclass(frozen=True, slots=True)
class TextSheet:
    """A sheet's name, a line above the table, its header and rows."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def append(package: Package, styles: Styles, sheet: TextSheet) -> str:
    """Add the sheet behind all others; gives its part."""
    head = styles.derive(0, Change(bold=True, fill="FFDDEBF7", border=True, wrap=True, align="center"))
    body = styles.derive(0, Change(border=True, wrap=True))
    bold = styles.derive(0, Change(bold=True))
    widths = [
        min(60.0, max([8.0, *(_wide(row[i]) + 2 for row in (sheet.header, *sheet.rows) if i < len(row))]))
        for i in range(len(sheet.header))
    ]
    lines = [_line(1, [sheet.title], bold), _line(2, sheet.header, head, widths)]
    lines += [_line(at, row, body, widths) for at, row in enumerate(sheet.rows, 3)]
    columns = "".join(f'<col min="{i}" max="{i}" width="{width:.1f}" customWidth="1"/>' for i, width in enumerate(widths, 1))
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>"
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )
    part = package.append_sheet(sheet.name, xml.encode("utf-8", "replace"))
    _repeat_header(package)
    return part


def _repeat_header(package: Package) -> None:
    """Title and header of the last sheet stand on every printed page."""
    names = list(package.sheets())
    quoted = names[-1].replace("'", "''")
    package.name_range("_xlnm.Print_Titles", len(names) - 1, f"'{quoted}'!$1:$2")


def _line(row: int, cells: Sequence[Cell], style: int, widths: Sequence[float] = ()) -> str:
    made = "".join(_cell(f"{letter(at)}{row}", value, style) for at, value in enumerate(cells, 1))
    lines = max((_lines(value, width) for value, width in zip(cells, widths, strict=False)), default=1)
    high = f' ht="{min(409.0, lines * _LINE + 3):g}" customHeight="1"' if lines > 1 else ""
    return f'<row r="{row}"{high}>{made}</row>'


def _lines(value: Cell, width: float) -> int:
    """Lines that a wrapped text takes in a column; not every program makes a row higher by itself."""
    return sum(max(1, ceil(_wide(line) / max(width - 2, 1))) for line in str(value).splitlines()) if isinstance(value, str) else 1


def _cell(at: str, value: Cell, style: int) -> str:
    if value is None or value == "":
        return f'<c r="{at}" s="{style}"/>'
    if isinstance(value, (int, float)):
        return f'<c r="{at}" s="{style}"><v>{value:.15g}</v></c>'
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(clean(value), quote=False)}</t></is></c>'


def _wide(value: Cell) -> float:
    text = "" if value is None else str(value)
    return max((sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in text.splitlines()), default=0)
