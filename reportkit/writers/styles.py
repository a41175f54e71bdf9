"""Cell formats: new ones made from those that the form has, so that a filled cell looks like the form's own."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass

from lxml import etree

from reportkit.writers.package import LINKS, MAIN, Node, Package, q

TEXT, GENERAL, DATE = "@", "General", "yyyy-mm-dd"
_BUILT_IN = {GENERAL: 0, "0.00": 2, TEXT: 49}
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_DATE_CODE = re.compile(r"[ymd]", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_EMPTY = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
).encode()


def decimal_format(places: int) -> str:
    """The number format with so many decimals: 2 → ``0.00``."""
    return f"0.{'0' * places}" if places else "0"


@dataclass(frozen=True, slots=True)
class Change:
    """What a new format has that the one it is made from has not; "" and False leave things as they are."""

    number_format: str = ""
    fill: str = ""
    bold: bool = False
    wrap: bool = False
    quote: bool = False
    border: bool = False
    align: str = ""


class Styles:
    """The workbook's cell formats by number. ``save`` puts what was added into the package."""

    def __init__(self, package: Package) -> None:
        """Read the package's styles; a workbook without any gets plain ones."""
        found = package.related("xl/workbook.xml", "/styles")
        if found:
            self._part = found[0]
        else:
            self._part = "xl/styles.xml"
            package.add(self._part, _EMPTY, _STYLES_TYPE)
            package.relate("xl/workbook.xml", f"{LINKS}/styles", self._part)
        self._package = package
        self._tree = package.tree(self._part)
        self._formats = self._tree.find(q("cellXfs"))
        self._made: dict[tuple[int, Change], int] = {}

    def derive(self, base: int, change: Change) -> int:
        """The number of the format that is ``base`` with a change."""
        if (base, change) not in self._made:
            self._made[base, change] = self._add(base, change)
        return self._made[base, change]

    def restyle(self, cell: Node, change: Change) -> None:
        """Give a cell the format that is its own with a change."""
        cell.set("s", str(self.derive(int(cell.get("s", "0")), change)))

    def save(self) -> None:
        """Put the formats back into the package."""
        self._package.put(self._part, self._tree)

    def is_date(self, style: int) -> bool:
        """Whether a number in this format shows as a date."""
        number = int(self._formats[style].get("numFmtId", "0"))
        return number in _DATES or bool(_DATE_CODE.search(_QUOTED.sub("", self._code(number))))

    def is_text(self, style: int) -> bool:
        """Whether the format makes text of what is typed."""
        return bool(self._formats[style].get("numFmtId") == "49")

    def wraps(self, style: int) -> bool:
        """Whether long text goes on in a second line."""
        alignment = self._formats[style].find(q("alignment"))
        return alignment is not None and alignment.get("wrapText") in ("1", "true")

    def has_border(self, style: int) -> bool:
        """Whether a line is drawn on any side of the cell."""
        border = self._tree.find(q("borders"))[int(self._formats[style].get("borderId", "0"))]
        return any(side.get("style", "none") != "none" for side in border)

    def size(self, style: int) -> float:
        """The font's size in points."""
        size = self._tree.find(q("fonts"))[int(self._formats[style].get("fontId", "0"))].find(q("sz"))
        return float(size.get("val")) if size is not None else 11.0

    def _code(self, number: int) -> str:
        for node in self._tree.iter(q("numFmt")):
            if node.get("numFmtId") == str(number):
                return str(node.get("formatCode"))
        return ""

    def _add(self, base: int, change: Change) -> int:
        new = copy.deepcopy(self._formats[base])
        if change.number_format:
            new.set("numFmtId", str(self._number(change.number_format)))
            new.set("applyNumberFormat", "1")
        if change.fill:
            new.set("fillId", str(self._append("fills", _fill(change.fill))))
            new.set("applyFill", "1")
        if change.bold:
            new.set("fontId", str(self._append("fonts", self._bold(int(new.get("fontId", "0"))))))
            new.set("applyFont", "1")
        if change.border:
            new.set("borderId", str(self._append("borders", _border())))
            new.set("applyBorder", "1")
        if change.quote:
            new.set("quotePrefix", "1")
        self._align(new, change)
        return self._append("cellXfs", new)

    def _align(self, new: Node, change: Change) -> None:
        if not (change.wrap or change.align):
            return
        alignment = new.find(q("alignment"))
        if alignment is None:
            alignment = etree.Element(q("alignment"), vertical="center")
            new.insert(0, alignment)
        if change.wrap:
            alignment.set("wrapText", "1")
            alignment.attrib.pop("shrinkToFit", None)
        if change.align:
            alignment.set("horizontal", change.align)
        new.set("applyAlignment", "1")

    def _number(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        known = self._tree.find(q("numFmts"))
        if known is None:
            known = etree.Element(q("numFmts"))
            self._tree.insert(0, known)
        for node in known:
            if node.get("formatCode") == code:
                return int(node.get("numFmtId"))
        number = max([163, *(int(node.get("numFmtId")) for node in known)]) + 1
        etree.SubElement(known, q("numFmt"), numFmtId=str(number), formatCode=code)
        known.set("count", str(len(known)))
        return number

    def _bold(self, font: int) -> Node:
        new = copy.deepcopy(self._tree.find(q("fonts"))[font])
        if new.find(q("b")) is None:
            new.insert(0, etree.Element(q("b")))
        return new

    def _append(self, family: str, node: Node) -> int:
        known = self._tree.find(q(family))
        text = etree.tostring(node)
        for at, other in enumerate(known):
            if family != "cellXfs" and etree.tostring(other) == text:
                return at
        known.append(node)
        known.set("count", str(len(known)))
        return len(known) - 1


def _fill(colour: str) -> Node:
    fill = etree.Element(q("fill"), nsmap={None: MAIN})
    pattern = etree.SubElement(fill, q("patternFill"), patternType="solid")
    etree.SubElement(pattern, q("fgColor"), rgb=colour)
    etree.SubElement(pattern, q("bgColor"), indexed="64")
    return fill


def _border() -> Node:
    border = etree.Element(q("border"), nsmap={None: MAIN})
    for side in ("left", "right", "top", "bottom"):
        etree.SubElement(etree.SubElement(border, q(side), style="thin"), q("color"), auto="1")
    etree.SubElement(border, q("diagonal"))
    return border
