"""xlsx, xlsm, xlsb and ods: zip packages, read by calamine behind a guard and a scan of the sheets' own XML."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from reportkit.readers.book import Book, Remark, Unreadable
from reportkit.sheets import Area, Sheet, Value, number

_PART, _RATIO, _TOTAL = 10 << 20, 200, 600 << 20
#: Calamine asks for all cells between the first and the farthest at once; of a sheet with more, far cells are left out before.
_GRID, _TALL = 40_000_000, 65_536
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
    lines: int = 0

    @property
    def far(self) -> bool:
        """Whether a cell lies so far from the others that the grid between them would be too large, or is mostly empty."""
        return self.rows * self.columns > _GRID or (self.rows > _TALL and self.rows > 20 * self.lines)


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
    """A part's bytes, never more than the directory says; one that lies ends in a wrong checksum."""
    try:
        return package.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("file-broken", f"{name}: {error}") from None


def read_xlsx(data: bytes) -> Book:
    """An OOXML workbook; binary workbooks (.xlsb) without the scan."""
    package = guard(data)
    names = set(package.namelist())
    if "xl/workbook.bin" in names:
        return Book("xlsb", sheets_of(data, {}))
    parts = dict(_parts(package, names))
    scans = {name: _scan(_unpack(package, part)) for name, part in parts.items()}
    far = {name: part for name, part in parts.items() if scans[name].far}
    slim, remarks = _trimmed(package, far) if far else (data, ())
    macros = "xl/vbaProject.bin" in names
    return Book("xlsm" if macros else "xlsx", sheets_of(slim, scans), remarks)


def _parts(package: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Sheet name and part of every sheet, by the workbook's own relations."""
    base = "xl/workbook.xml"
    if base not in names:
        raise Unreadable("file-not-a-workbook")
    relations = (
        _tree(_unpack(package, "xl/_rels/workbook.xml.rels")) if "xl/_rels/workbook.xml.rels" in names else etree.Element("none")
    )
    sheets = [one for one in relations.iter("{*}Relationship") if one.get("Type", "").endswith("/worksheet")]
    targets = {one.get("Id"): one.get("Target", "") for one in sheets}
    for sheet in _tree(_unpack(package, base)).iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if part in names:
            yield sheet.get("name", ""), part


def _tree(content: bytes) -> etree._Element:
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise Unreadable("file-broken", str(error)) from None


_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\shidden=[\"'](?:1|true)[\"'][^>]*>")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*\shidden=[\"'](?:1|true)[\"'][^>]*>")
_F = rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
_ERROR = re.compile(rb"<(?:\w+:)?c\b[^>]*\st=[\"']e[\"'][^>]*>\s*(?:" + _F + rb")?\s*<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*" + _F + rb"\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
#: A formula whose stored value is the empty text has a value.
_TEXT = re.compile(rb"\st=[\"']str[\"']")
_AT = re.compile(rb"\sr=[\"']([A-Z]+)(\d+)[\"']")
_FAR = re.compile(rb"\sr=[\"']([A-Z]{2,3})\d+[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr=[\"'](\d+)[\"']")


def _scan(xml: bytes) -> Scan:
    """Hidden rows and columns, error cells, formulas without a value, the farthest cell."""
    found = Scan()
    for tag in _HIDDEN_ROW.finditer(xml):
        if at := re.search(rb"\sr=[\"'](\d+)", tag[0]):
            found.hidden_rows.add(int(at[1]))
    for tag in _HIDDEN_COLUMN.finditer(xml):
        first, last = (re.search(rb"\s" + name + rb"=[\"'](\d+)", tag[0]) for name in (b"min", b"max"))
        if first and last and int(last[1]) - int(first[1]) < 1000:
            found.hidden_columns.update(range(int(first[1]), int(last[1]) + 1))
    for tag in _ERROR.finditer(xml):
        if at := _AT.search(tag[0]):
            found.errors[int(at[2]), number(at[1].decode())] = tag[1].decode("utf-8", "replace")
    for tag in _FORMULA.finditer(xml):
        if (at := _AT.search(tag[1])) and not (tag[2] and _TEXT.search(tag[1])):
            found.uncalculated.add((int(at[2]), number(at[1].decode())))
    found.columns = max((number(at.decode()) for at in set(_FAR.findall(xml))), default=26)
    rows = [int(at) for at in _ROW.findall(xml)]
    found.rows, found.lines = max(rows, default=0), len(rows)
    return found


def sheets_of(data: bytes, scans: Mapping[str, Scan]) -> tuple[Sheet, ...]:
    """A workbook's sheets of cells, with what was scanned of them by name.

    Raises:
        Unreadable: behind a password, or broken.
    """
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        metas = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        return tuple(_sheet(book, meta, scans.get(meta.name, Scan())) for meta in metas)
    except PasswordError:
        raise Unreadable("file-password") from None
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("file-broken", str(error)) from None
    except BaseException as error:
        # A panic of Rust is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("file-broken", str(error)) from None


def _sheet(book: CalamineWorkbook, meta: SheetMetadata, scan: Scan) -> Sheet:
    sheet = book.get_sheet_by_name(meta.name)
    rows: list[list[Value]] = list(map(list, sheet.to_python(skip_empty_area=False)))
    for (row, column), text in scan.errors.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = text
    merged = tuple(Area(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in sheet.merged_cell_ranges or ())
    visible = meta.visible == SheetVisibleEnum.Visible
    hidden = frozenset(scan.hidden_rows), frozenset(scan.hidden_columns)
    return Sheet(meta.name, rows, merged, visible, *hidden, frozenset(scan.uncalculated))


# -- sheets with a cell at the end of the world -----------------------------------------------------------


def _trimmed(package: zipfile.ZipFile, far: dict[str, str]) -> tuple[bytes, tuple[Remark, ...]]:
    """The package without cells far from all others on the sheets ``far`` (name → part); those that hold something are named."""
    new, remarks = {}, []
    for name, part in far.items():
        tree = _tree(_unpack(package, part))
        if lost := _cut(tree):
            remarks.append(Remark("far-cell", name, ", ".join(lost[:5])))
        new[part] = etree.tostring(tree)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as slim:
        for part in dict.fromkeys(package.namelist()):
            slim.writestr(part, new[part] if part in new else _unpack(package, part))
    return out.getvalue(), tuple(remarks)


def _cut(tree: etree._Element) -> list[str]:
    """Take out what lies beyond the reach of the rest; gives the addresses of what was not empty."""
    places = {cell: at for cell in tree.iter("{*}c") if (at := _REFERENCE.fullmatch(cell.get("r", "")))}
    filled = [cell for cell in places if next(cell.iter("{*}v", "{*}t", "{*}f"), None) is not None]
    last_row = _reach({int(places[cell][2]) for cell in filled})
    last_column = _reach({number(places[cell][1]) for cell in filled})
    beyond = [cell for cell, at in places.items() if int(at[2]) > last_row or number(at[1]) > last_column]
    held = set(filled)
    lost = [cell.get("r", "") for cell in beyond if cell in held]
    for cell in beyond:
        cell.getparent().remove(cell)
    return lost


def _reach(used: set[int]) -> int:
    """The last used row or column before a gap of more than a thousand."""
    last = 0
    for at in sorted(used):
        if at - last > 1000:
            break
        last = at
    return last


def read_ods(data: bytes) -> Book:
    """An OpenDocument spreadsheet; its merged cells from its own XML, which calamine does not tell."""
    package = guard(data)
    if _MANIFEST in package.namelist() and b"encryption-data" in _unpack(package, _MANIFEST):
        raise Unreadable("file-password")
    sheets = sheets_of(data, {})
    merged = _spans(_unpack(package, "content.xml"))
    return Book("ods", tuple(Sheet(s.name, s.rows, merged.get(s.name, ()), s.visible) for s in sheets))


_MANIFEST = "META-INF/manifest.xml"
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
