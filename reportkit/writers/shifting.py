"""A form's prepared rows become as many as there are records: what stands below moves, what reaches over them grows."""

from __future__ import annotations

from reportkit.writers.package import Node, Package, q, serialise
from reportkit.writers.references import Growth

_AREA = ("mergeCell", "autoFilter", "dimension", "hyperlink", "table")
_AREAS = ("dataValidation", "conditionalFormatting", "ignoredError", "protectedRange", "selection")
#: What holds a formula besides a cell: drop-downs, conditional formats.
_FORMULAS = ("formula", "formula1", "formula2")
_EXTENDED = "{http://schemas.microsoft.com/office/excel/2006/main}"
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}row"


def shift(package: Package, part: str, form: Node, growth: Growth) -> None:
    """The form, whose prepared rows go, and all that speaks of it elsewhere.

    A formula's stored value was that of an empty form: it goes, and the workbook asks to be calculated when it is opened.
    """
    _shift_rows(form, growth)
    stale = _shift_formulas(form, growth, home=growth.sheet)
    _shift_ranges(form, growth)
    for name, sheet in package.sheets().items():
        if sheet != part:
            stale |= _shift_sheet(package, sheet, growth, home=name)
    _shift_workbook(package, growth, stale=stale)
    _shift_drawings(package, part, growth)
    for table in package.related(part, "/table"):
        tree = package.tree(table)
        _shift_ranges(tree, growth)
        package.put(table, tree)


def _shift_rows(form: Node, growth: Growth) -> None:
    data = form.find(q("sheetData"))
    for row in list(data):
        number = int(row.get("r"))
        if growth.first <= number <= growth.last:
            data.remove(row)
        elif number >= growth.first:
            row.set("r", str(growth.row(number)))
            for cell in row:
                cell.set("r", growth.cell(cell.get("r")))


def _shift_formulas(tree: Node, growth: Growth, *, home: str) -> bool:
    """Formulas follow; whether a cell's stored value was thrown away."""
    for node in tree.iter(*map(q, _FORMULAS), f"{_EXTENDED}f"):
        if node.text:
            node.text = growth.formula(node.text, home=home)
    stale = [node for node in tree.iter(q("f")) if home == growth.sheet or growth.sheet in (node.text or "")]
    for node in stale:
        node.text = growth.formula(node.text, home=home) if node.text else node.text
        if node.get("ref") and home == growth.sheet:
            node.set("ref", growth.area(node.get("ref")))
        for value in node.getparent().findall(q("v")):
            node.getparent().remove(value)
    return bool(stale)


def _shift_ranges(tree: Node, growth: Growth) -> None:
    """Merges, drop-downs, conditional formats, links, tables and page breaks."""
    for node in tree.iter(*map(q, _AREA)):
        node.set("ref", growth.area(node.get("ref")) or "A1")
    for node in tree.iter(*map(q, _AREAS)):
        if node.get("sqref"):
            node.set("sqref", growth.areas(node.get("sqref")) or "A1")
    for node in tree.iter(f"{_EXTENDED}sqref"):
        node.text = growth.areas(node.text or "")
    for node in tree.iter(q("brk")):
        if node.getparent().tag == q("rowBreaks"):
            node.set("id", str(growth.row(int(node.get("id")))))


def _shift_sheet(package: Package, sheet: str, growth: Growth, *, home: str) -> bool:
    """A sheet beside the form; it stays byte for byte as it came where it does not speak of the form."""
    tree = package.tree(sheet)
    before = serialise(tree)
    stale = _shift_formulas(tree, growth, home=home)
    if serialise(tree) != before:
        package.put(sheet, tree)
    return stale


def _shift_workbook(package: Package, growth: Growth, *, stale: bool) -> None:
    workbook = package.tree("xl/workbook.xml")
    for node in workbook.iter(q("definedName")):
        node.text = growth.formula(node.text or "", home="")
    if stale:
        _ask_for_calculation(workbook)
    package.put("xl/workbook.xml", workbook)


def _ask_for_calculation(workbook: Node) -> None:
    known = workbook.find(q("calcPr"))
    if known is None:
        known = workbook.makeelement(q("calcPr"), {})
        before = [workbook.find(q(tag)) for tag in ("definedNames", "externalReferences", "functionGroups", "sheets")]
        next(node for node in before if node is not None).addnext(known)
    known.set("fullCalcOnLoad", "1")


def _shift_drawings(package: Package, part: str, growth: Growth) -> None:
    for drawing in package.related(part, "/drawing"):
        tree = package.tree(drawing)
        for node in tree.iter(_ANCHOR):
            node.text = str(growth.row(int(node.text or "0") + 1) - 1)
        package.put(drawing, tree)
