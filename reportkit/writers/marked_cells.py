"""A sheet's XML with some cells in other formats: only the rows that are touched are parsed, all else stays byte for byte."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reportkit.marking import graver
from reportkit.severity import Severity
from reportkit.sheets import letter, number
from reportkit.writers.package import LINKS, MAIN, Node, parse, q, serialise

_DATA = re.compile(rb"<(?:\w+:)?sheetData\b[^>]*?(/?)>")
_DATA_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_ROOT = re.compile(rb"<((?:\w+:)?)worksheet\b[^>]*>")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ROW_NUMBER = re.compile(rb"\sr=[\"'](\d+)[\"']")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_SPAN = re.compile(rb"\s(min|max)=[\"'](\d+)[\"']")
_HIDDEN = re.compile(rb"\shidden=[\"'](?:1|true)[\"']")
_SELECTED = re.compile(rb"\stabSelected=[\"'](?:1|true)[\"']")
_PROTECTED = re.compile(rb"<(?:\w+:)?sheetProtection\b[^>]*\ssheet=[\"'](?:1|true)[\"']")
_DRAWING = re.compile(rb"<(?:\w+:)?legacyDrawing\s[^>]*?(?:/>|>\s*</(?:\w+:)?legacyDrawing>)")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
#: The most cells of a merged one that are looked up one by one.
_LARGE = 10_000
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([\w-]+)[\"']", re.IGNORECASE)
_BETWEEN = b"<!--|-->"
#: Rows that are parsed at once.
_AT_ONCE = 5_000
#: What stands behind a drawing in a sheet; what a newer program wraps may be any of it.
_BEHIND = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
)
#: Column 0: the first cell of the row that holds something.
ANY = 0

#: The format of a format in a severity's colour.
Tint = Callable[[int, Severity], int]


@dataclass(slots=True)
class _Row:
    number: int
    xml: bytes


def deselected(data: bytes) -> bytes:
    """A sheet that is not the one that opens."""
    end = _DATA.search(data)
    cut = end.start() if end else len(data)
    return _SELECTED.sub(b"", data[:cut]) + data[cut:]


class SheetXml:
    """A sheet under way.

    Raises:
        ValueError: no sheet of cells, or one that is written as none should be.
    """

    def __init__(self, data: bytes) -> None:
        """Cut a sheet at its rows."""
        told = _ENCODING.match(data[:200])
        if told and told[1].lower() not in {b"utf-8", b"ascii", b"us-ascii"}:
            data = serialise(parse(data))
        start, root = _DATA.search(data), _ROOT.search(data)
        if start is None or root is None:
            raise ValueError("no sheet of cells")
        self._root, self._prefix = root[0], root[1]
        self._start = start[0]
        self._merged: dict[tuple[int, int], tuple[int, int]] | None = None
        end = None if start[1] else _last(_DATA_END, data, start.end())
        self._head, self._tail = data[: start.start()], data[end.end() if end else start.end() :]
        body = data[start.end() : end.start()] if end else b""
        self._before, self._rows = _rows(body)

    def data(self) -> bytes:
        """The sheet as it is now."""
        if not self._rows and self._start.endswith(b"/>"):
            return self._head + self._start + self._tail
        rows = (row.xml for row in self._rows)
        close = b"</" + self._prefix + b"sheetData>"
        return b"".join((self._head, self._start.replace(b"/>", b">"), self._before, *rows, close, self._tail))

    @property
    def protected(self) -> bool:
        """Whether cells may not be typed into."""
        return bool(_PROTECTED.search(self._tail))

    @property
    def drawing(self) -> str:
        """The relationship to the boxes of the sheet's comments; "" where it names none."""
        found = _DRAWING.search(self._tail)
        link = found and re.search(rb":id=[\"']([^\"']+)", found[0])
        return link[1].decode() if link else ""

    def unseen(self, wanted: Mapping[int, Mapping[int, Severity]]) -> bool:
        """Whether some of the cells stand in rows or columns that are hidden, or filtered away."""
        columns = {column for cells in wanted.values() for column in cells}
        hidden = [tag for tag in _COLUMN.findall(self._head) if _HIDDEN.search(tag)]
        spans = [{name: int(value) for name, value in _SPAN.findall(tag)} for tag in hidden]
        if any(one[b"min"] <= column <= one[b"max"] for one in spans for column in columns):
            return True
        return any(_HIDDEN.search(row.xml[: row.xml.index(b">")]) for row in self._rows if row.number in wanted)

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """Where the merged cell begins that covers a cell; the cell itself where none does."""
        if self._merged is None:
            self._merged = _covered(self._tail)
        return self._merged.get((row, column), (row, column))

    def repaint(self, formats: Mapping[int, Callable[[], int]]) -> None:
        """Give every cell and row in one of some formats another."""
        if not formats:
            return
        which = b"|".join(str(one).encode() for one in sorted(formats))
        used = re.compile(rb"(<(?:\w+:)?(?:c|row)\b[^>]*?\ss=[\"'])(" + which + rb")([\"'])")
        for row in self._rows:
            row.xml = used.sub(lambda found: b"%s%d%s" % (found[1], formats[int(found[2])](), found[3]), row.xml)

    def paint(self, wanted: Mapping[int, Mapping[int, Severity]], tint: Tint) -> dict[int, int]:
        """Give cells by row and column the colour of a severity; missing ones are made.

        Gives the column that ``ANY`` stands for, by row.
        """
        chosen = [self._at(row) for row in sorted(wanted)]
        found: dict[int, int] = {}
        for at in range(0, len(chosen), _AT_ONCE):
            found |= self._painted(chosen[at : at + _AT_ONCE], wanted, tint)
        return found

    def _painted(self, rows: Sequence[_Row], wanted: Mapping[int, Mapping[int, Severity]], tint: Tint) -> dict[int, int]:
        tree = parse(self._root + _BETWEEN.join(row.xml for row in rows) + b"</" + self._prefix + b"worksheet>")
        found = {int(node.get("r")): self._paint(node, wanted[int(node.get("r"))], tint) for node in tree.iter(q("row"))}
        for row, xml in zip(rows, _inner(serialise(tree)).split(_BETWEEN), strict=True):
            row.xml = xml
        return found

    def draw(self, link: str | None) -> None:
        """Name the drawing of the sheet's comments; "" takes it out, None leaves all as it is."""
        if link is None:
            return
        self._tail = _DRAWING.sub(b"", self._tail)
        if link:
            self._tail = self._drawn(link)

    def _drawn(self, link: str) -> bytes:
        tree = parse(self._root + self._tail)
        node = tree.makeelement(q("legacyDrawing"), {f"{{{LINKS}}}id": link}, nsmap={"r": LINKS, None: MAIN})
        behind = next((one for one in tree if isinstance(one.tag, str) and one.tag.rpartition("}")[2] in _BEHIND), None)
        if behind is None:
            tree.append(node)
        else:
            behind.addprevious(node)
        return _inner(serialise(tree)) + b"</" + self._prefix + b"worksheet>"

    def _at(self, number: int) -> _Row:
        """A row, made where the sheet has none; it tells its number, which programs may leave to be counted."""
        at = bisect_left(self._rows, number, key=lambda row: row.number)
        if at < len(self._rows) and self._rows[at].number == number:
            row = self._rows[at]
            if not _ROW_NUMBER.search(row.xml[: row.xml.index(b">")]):
                row.xml = row.xml.replace(b"row", b'row r="%d"' % number, 1)
            return row
        made = _Row(number, b'<%srow r="%d"/>' % (self._prefix, number))
        self._rows.insert(at, made)
        return made

    def _paint(self, row: Node, wanted: Mapping[int, Severity], tint: Tint) -> int:
        """Colour a row's cells; gives the column that stands for the whole row."""
        cells = _counted(row)
        first = _first(cells)
        colours: dict[int, Severity] = {}
        for column, severity in wanted.items():
            colours[column or first] = graver(severity, colours.get(column or first, severity))
        for column, severity in sorted(colours.items()):
            node = cells.get(column)
            if node is None:
                node = cells[column] = _made(row, cells, column, self._usual(row, column))
            node.set("s", str(tint(int(node.get("s", "0")), severity)))
        return first

    def _usual(self, row: Node, column: int) -> str:
        """The format that an empty cell has of its row or column."""
        if row.get("customFormat") in {"1", "true"}:
            return str(row.get("s", "0"))
        for tag in _COLUMN.findall(self._head):
            told = dict(re.findall(rb"(min|max|style)=[\"'](\d+)[\"']", tag))
            if int(told[b"min"]) <= column <= int(told[b"max"]):
                return str(told.get(b"style", b"0").decode())
        return "0"


def _rows(body: bytes) -> tuple[bytes, list[_Row]]:
    """What stands before the first row, and each row up to the next."""
    starts = list(_ROW.finditer(body))
    if not starts:
        return body, []
    ends = [*(one.start() for one in starts[1:]), len(body)]
    rows, last = [], 0
    for start, end in zip(starts, ends, strict=True):
        told = _ROW_NUMBER.search(start[0])
        row = int(told[1]) if told else last + 1
        if row <= last:
            raise ValueError(f"row {row} stands behind row {last}")
        rows.append(_Row(row, body[start.start() : end]))
        last = row
    return body[: starts[0].start()], rows


def _covered(tail: bytes) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells that merged cells cover, and where those begin; whole merged columns are left out."""
    covered = {}
    for area in _MERGED.findall(tail):
        left, top, right, bottom = number(area[0].decode()), int(area[1]), number(area[2].decode()), int(area[3])
        if (right - left + 1) * (bottom - top + 1) <= _LARGE:
            covered.update({(row, column): (top, left) for row in range(top, bottom + 1) for column in range(left, right + 1)})
    return covered


def _inner(xml: bytes) -> bytes:
    """What stands between a sheet's own tags."""
    root = _ROOT.search(xml)
    return xml[root.end() if root else 0 : xml.rindex(b"</")]


def _last(pattern: re.Pattern[bytes], data: bytes, since: int) -> re.Match[bytes]:
    found = pattern.search(data, since)
    if found is None:
        raise ValueError("a sheet without an end")
    return found


def _counted(row: Node) -> dict[int, Node]:
    """A row's cells by column; each tells its place, which programs may leave to be counted."""
    cells: dict[int, Node] = {}
    column = 0
    for node in row.iter(q("c")):
        told = node.get("r")
        column = number(told.rstrip("0123456789")) if told else column + 1
        node.set("r", f"{letter(column)}{row.get('r')}")
        cells[column] = node
    return cells


def _first(cells: Mapping[int, Node]) -> int:
    """The first cell that holds something, else the first, else A."""
    held = (
        column for column, node in sorted(cells.items()) if node.find(f"{q('v')}") is not None or node.find(q("is")) is not None
    )
    return next(held, min(cells, default=1))


def _made(row: Node, cells: Mapping[int, Node], column: int, style: str) -> Node:
    node = row.makeelement(q("c"), {"r": f"{letter(column)}{row.get('r')}", "s": style})
    after = min((one for one in cells if one > column), default=0)
    if after:
        cells[after].addprevious(node)
    else:
        _behind_cells(row, cells, node)
    row.attrib.pop("spans", None)
    return node


def _behind_cells(row: Node, cells: Mapping[int, Node], node: Node) -> None:
    if cells:
        cells[max(cells)].addnext(node)
    else:
        row.insert(0, node)
