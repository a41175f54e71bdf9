"""Workbooks that are markup: HTML tables and XML Spreadsheet 2003, mostly saved as .xls."""

from __future__ import annotations

from lxml import etree, html

from reportkit.readers.book import Book, Unreadable
from reportkit.readers.plain_text import decode
from reportkit.sheets import Area, Sheet, Value

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MOST = 4096
_BLOCKS = {"p", "div", "tr", "li", "table"}
_LINES = _BLOCKS | {"br"}
#: The day of a time that has none.
_NO_DAY = "1899-12-31T"
#: Ends a line of a cell; no page holds it, for XML forbids it.
_BREAK = "\x00"


def read_html(data: bytes) -> Book:
    """Every outermost table of an HTML page is a sheet.

    Raises:
        Unreadable: a page without a table, such as a frame whose sheets lie in a folder beside it.
    """
    text = decode(data)[0]
    page = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    tables = [table for table in page.iter("table") if not any(True for _ in table.iterancestors("table"))]
    if not tables:
        raise Unreadable("file-html-frame" if page.find(".//frame") is not None else "file-not-a-workbook")
    if len(tables) > 1 and max(_size(table) for table in tables) > 4 * sum(_size(t) for t in tables) // 5:
        tables = [max(tables, key=_size)]
    return Book("html", tuple(_table(table, f"Sheet{at}") for at, table in enumerate(tables, 1)))


def _size(table: html.HtmlElement) -> int:
    return sum(1 for _ in table.iter("td", "th"))


def _table(table: html.HtmlElement, name: str) -> Sheet:
    cells: dict[tuple[int, int], str] = {}
    taken: set[tuple[int, int]] = set()
    merged = []
    lines = [line for line in table.iter("tr") if next(line.iterancestors("table")) is table]
    for row, line in enumerate(lines, 1):
        column = 1
        for cell in (one for one in line if one.tag in ("td", "th")):
            while (row, column) in taken:
                column += 1
            high, wide = (min(_span(cell, key), _MOST) for key in ("rowspan", "colspan"))
            cells[row, column] = _words(cell)
            if high > 1 or wide > 1:
                merged.append(Area(row, column, row + high - 1, column + wide - 1))
                taken.update((r, c) for r in range(row, row + high) for c in range(column, column + wide))
            column += wide
    return Sheet(name, _rows(cells), tuple(merged))


def _words(cell: html.HtmlElement) -> str:
    """A cell's text as a browser shows it: white space is one space, lines end where a block or a break stands, not where a font changes."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end", "comment", "pi")):
        if event == "start":
            pieces += [_BREAK if node.tag in _LINES else "", node.text or ""]
        elif node is not cell:
            pieces += [_BREAK if node.tag in _BLOCKS else "", node.tail or ""]
    lines = (" ".join(line.split()) for line in "".join(pieces).split(_BREAK))
    return "\n".join(line for line in lines if line)


def _span(cell: html.HtmlElement, key: str) -> int:
    text = str(cell.get(key, "1")).strip()
    return max(int(text), 1) if text.isdigit() else 1


def _rows(cells: dict[tuple[int, int], str] | dict[tuple[int, int], Value]) -> list[list[Value]]:
    high = max((row for row, _ in cells), default=0)
    wide = max((column for _, column in cells), default=0)
    return [[cells.get((row, column)) for column in range(1, wide + 1)] for row in range(1, high + 1)]


def read_xml2003(data: bytes) -> Book:
    """An XML Spreadsheet 2003.

    Raises:
        Unreadable: the markup is broken or cut off.
    """
    try:
        root = etree.fromstring(data.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise Unreadable("file-truncated", str(error)) from None
    return Book("xml2003", tuple(_worksheet(sheet) for sheet in root.iter(f"{_SS}Worksheet")))


def _worksheet(sheet: etree._Element) -> Sheet:
    cells: dict[tuple[int, int], Value] = {}
    merged, hidden, uncalculated, row = [], set(), set(), 0
    for line in sheet.iter(f"{_SS}Row"):
        row = int(line.get(f"{_SS}Index", row + 1))
        if line.get(f"{_SS}Hidden") == "1":
            hidden.add(row)
        column = 0
        for cell in line.iter(f"{_SS}Cell"):
            column = int(cell.get(f"{_SS}Index", column + 1))
            wide, high = (int(cell.get(f"{_SS}{key}", "0")) for key in ("MergeAcross", "MergeDown"))
            cells[row, column] = _typed(cell.find(f"{_SS}Data"))
            if cell.get(f"{_SS}Formula") and cells[row, column] in (None, ""):
                uncalculated.add((row, column))
            if wide or high:
                merged.append(Area(row, column, row + high, column + wide))
            column += wide
        row += int(line.get(f"{_SS}Span", "0"))
    options = sheet.find("{urn:schemas-microsoft-com:office:excel}WorksheetOptions")
    visible = options is None or options.find("{urn:schemas-microsoft-com:office:excel}Visible") is None
    return Sheet(
        sheet.get(f"{_SS}Name", ""), _rows(cells), tuple(merged), visible, frozenset(hidden), uncalculated=frozenset(uncalculated)
    )


def _typed(data: etree._Element | None) -> Value:
    if data is None:
        return None
    text = "".join(data.itertext())
    match data.get(f"{_SS}Type"):
        case "Number":
            try:
                return float(text)
            except ValueError:
                return text
        case "DateTime":
            return text.removeprefix(_NO_DAY).removesuffix("T00:00:00.000").replace("T", " ").split(".")[0]
        case "Boolean":
            return text == "1"
        case _:
            return text
