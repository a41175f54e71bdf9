"""xlsx, xlsm, xlsb and ods: zip packages, read by calamine behind a guard and a scan of the sheets' own XML."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from reportkit.readers.book import Book, Remark, Unreadable
from reportkit.sheets import Area, Sheet, Value, number

_PART, _RATIO, _TOTAL = 10 << 20, 200, 600 << 20
#: A sheet whose farthest cell spans more cells than this is read sparsely: calamine would ask for all of them at once.
_GRID = 40_000_000
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class Scan:
    """What calamine does not tell of a sheet."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    rows: int = 0
    columns: int = 0


def guard(data: bytes) -> zipfile.ZipFile:
    """The package, unless it is broken or unpacks to what no office sends.

    Raises:
        Unreadable: truncated, or too large once unpacked.
    """
    try:
        package = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("file-truncated", str(error)) from None
    total = 0
    for part in package.infolist():
        total += part.file_size
        if part.file_size > _PART and part.file_size > _RATIO * max(part.compress_size, 1):
            raise Unreadable("file-too-large", f"{part.filename}: {part.file_size >> 20} MiB")
    if total > _TOTAL:
        raise Unreadable("file-too-large", f"{total >> 20} MiB")
    return package


def _unpack(package: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes, counted while they are unpacked: a directory can lie about sizes."""
    wanted = package.getinfo(name).file_size
    try:
        with package.open(name) as part:
            content = part.read(wanted + 1)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("file-broken", f"{name}: {error}") from None
    if len(content) > wanted:
        raise Unreadable("file-too-large", name)
    return content


def read_xlsx(data: bytes) -> Book:
    """An OOXML workbook; binary workbooks (.xlsb) without the scan."""
    package = guard(data)
    names = set(package.namelist())
    if "xl/workbook.bin" in names:
        return Book("xlsb", tuple(_calamine(data, {})))
    scans = {name: _scan(_unpack(package, part)) for name, part in _parts(package, names)}
    far = [name for name, scan in scans.items() if scan.rows * scan.columns > _GRID]
    if far:
        return _sparse(package, names, scans, far)
    macros = "xl/vbaProject.bin" in names
    return Book("xlsm" if macros else "xlsx", tuple(_calamine(data, scans)))


def _parts(package: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Sheet name and part of every sheet, by the workbook's own relations."""
    base = "xl/workbook.xml"
    if base not in names:
        raise Unreadable("file-not-a-workbook")
    relations = (
        _tree(_unpack(package, "xl/_rels/workbook.xml.rels")) if "xl/_rels/workbook.xml.rels" in names else etree.Element("none")
    )
    targets = {one.get("Id"): one.get("Target", "") for one in relations.iter("{*}Relationship")}
    for sheet in _tree(_unpack(package, base)).iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if part in names and "worksheet" in part:
            yield sheet.get("name", ""), part


def _tree(content: bytes) -> etree._Element:
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise Unreadable("file-broken", str(error)) from None


_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\shidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*\shidden="(?:1|true)"[^>]*>')
_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]*\st="e"[^>]*>(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)<')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_AT = re.compile(rb'\sr="([A-Z]+)(\d+)"')
_FAR = re.compile(rb'\sr="([A-Z]{3})(\d+)"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\sr="(\d+)"')


def _scan(xml: bytes) -> Scan:
    """Hidden rows and columns, error cells, formulas without a value, the farthest cell."""
    found = Scan()
    for tag in _HIDDEN_ROW.finditer(xml):
        if at := re.search(rb'\sr="(\d+)"', tag[0]):
            found.hidden_rows.add(int(at[1]))
    for tag in _HIDDEN_COLUMN.finditer(xml):
        first, last = (re.search(rb"\s" + name + rb'="(\d+)"', tag[0]) for name in (b"min", b"max"))
        if first and last and int(last[1]) - int(first[1]) < 1000:
            found.hidden_columns.update(range(int(first[1]), int(last[1]) + 1))
    for tag in _ERROR.finditer(xml):
        if at := _AT.search(tag[0]):
            found.errors[int(at[2]), number(at[1].decode())] = tag[1].decode("utf-8", "replace")
    for tag in _FORMULA.finditer(xml):
        if at := _AT.search(tag[1]):
            found.uncalculated.add((int(at[2]), number(at[1].decode())))
    found.columns = max((number(at[1].decode()) for at in _FAR.finditer(xml)), default=100)
    found.rows = max((int(at[1]) for at in _ROW.finditer(xml, max(0, len(xml) - 200_000))), default=0)
    return found


def _calamine(data: bytes, scans: dict[str, Scan]) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet:
                yield _sheet(book, meta.name, visible=meta.visible == SheetVisibleEnum.Visible, scan=scans.get(meta.name, Scan()))
    except PasswordError:
        raise Unreadable("file-password") from None
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("file-broken", str(error)) from None


def _sheet(book: CalamineWorkbook, name: str, *, visible: bool, scan: Scan) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    rows: list[list[Value]] = list(map(list, sheet.to_python(skip_empty_area=False)))
    for (row, column), text in scan.errors.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = text
    merged = tuple(Area(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in sheet.merged_cell_ranges or ())
    hidden = frozenset(scan.hidden_rows), frozenset(scan.hidden_columns)
    return Sheet(name, rows, merged, visible, *hidden, frozenset(scan.uncalculated))


# -- sheets with a cell at the end of the world -----------------------------------------------------------


def _sparse(package: zipfile.ZipFile, names: set[str], scans: dict[str, Scan], far: list[str]) -> Book:
    """Every sheet read cell by cell; cells far from all others are left out and named."""
    shared = _shared(package, names)
    sheets = [_near(name, _unpack(package, part), shared, scans[name]) for name, part in _parts(package, names)]
    remarks = [Remark("far-cell", sheet.name, detail) for sheet, detail in sheets if detail]
    return Book("xlsx", tuple(sheet for sheet, _ in sheets), tuple(remarks or [Remark("far-cell", far[0])]))


def _shared(package: zipfile.ZipFile, names: set[str]) -> list[str]:
    if "xl/sharedStrings.xml" not in names:
        return []
    items = _tree(_unpack(package, "xl/sharedStrings.xml")).iter("{*}si")
    return ["".join(text.text or "" for text in item.iter("{*}t") if "rPh" not in str(text.getparent().tag)) for item in items]


def _near(name: str, xml: bytes, shared: list[str], scan: Scan) -> tuple[Sheet, str]:
    cells: dict[tuple[int, int], Value] = {}
    for cell in _tree(xml).iter("{*}c"):
        at = _REFERENCE.fullmatch(cell.get("r", ""))
        if at and (value := _value(cell, shared)) not in (None, ""):
            cells[int(at[2]), number(at[1])] = value
    last_row, last_column = _reach({row for row, _ in cells}), _reach({column for _, column in cells})
    rows: list[list[Value]] = [[None] * last_column for _ in range(last_row)]
    lost = []
    for (row, column), value in sorted(cells.items()):
        if row <= last_row and column <= last_column:
            rows[row - 1][column - 1] = value
        else:
            lost.append(f"R{row}C{column}")
    hidden = frozenset(scan.hidden_rows), frozenset(scan.hidden_columns)
    return Sheet(name, rows, (), True, *hidden, frozenset(scan.uncalculated)), ", ".join(lost[:5])  # noqa: FBT003 - a field


def _reach(used: set[int]) -> int:
    """The last used row or column before a gap of more than a thousand."""
    last = 0
    for at in sorted(used):
        if at - last > 1000:
            break
        last = at
    return last


def _value(cell: etree._Element, shared: list[str]) -> Value:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter("{*}t"))
    text = next((one.text or "" for one in cell.iter("{*}v")), "")
    if kind == "s":
        return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
    if kind in ("str", "e", "d") or not text:
        return text
    return float(text) if kind == "n" else text == "1"


def read_ods(data: bytes) -> Book:
    """An OpenDocument spreadsheet; its merged cells from its own XML, which calamine does not tell."""
    package = guard(data)
    merged = _spans(_unpack(package, "content.xml")) if "content.xml" in package.namelist() else {}
    sheets = _calamine(data, {})
    return Book("ods", tuple(Sheet(s.name, s.rows, merged.get(s.name, ()), s.visible) for s in sheets))


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def _spans(xml: bytes) -> dict[str, tuple[Area, ...]]:
    found: dict[str, tuple[Area, ...]] = {}
    for table in _tree(xml).iter(f"{_TABLE}table"):
        areas, row = [], 1
        for line in table.iter(f"{_TABLE}table-row"):
            column = 1
            for cell in line:
                wide = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
                high = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
                if wide > 1 or high > 1:
                    areas.append(Area(row, column, row + high - 1, column + wide - 1))
                column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            row += int(line.get(f"{_TABLE}number-rows-repeated", "1"))
        found[table.get(f"{_TABLE}name", "")] = tuple(areas)
    return found
